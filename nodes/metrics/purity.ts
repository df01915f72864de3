// How often neighbours share a label: a report on the embedding, never a selection criterion.

/**
 * Share of the neighbours with the anchor's label, 0–1, or undefined where no labelled pair exists. indices: [N, width], the first column (the
 * image itself) excluded; a pair with a negative label is not counted.
 */
export function neighbourPurity(indices: Int32Array, width: number, labels: Int32Array): number | undefined {
  let same = 0;
  let pairs = 0;
  indices.forEach((other, at) => {
    const label = labels[Math.floor(at / width)]!;
    if (at % width === 0 || label < 0 || labels[other]! < 0) return;
    pairs++;
    if (labels[other] === label) same++;
  });
  return pairs === 0 ? undefined : same / pairs;
}
