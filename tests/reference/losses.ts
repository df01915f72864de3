// Losses as loops over plain numbers, transcribed from the papers' and the reference repository's definitions: slow, obvious, without tensors.

export type Matrix = readonly (readonly number[])[];

export const softmax = (row: readonly number[]): number[] => {
  const top = Math.max(...row);
  const powers = row.map((x) => Math.exp(x - top));
  const sum = powers.reduce((a, b) => a + b, 0);
  return powers.map((x) => x / sum);
};

const dot = (a: readonly number[], b: readonly number[]): number => a.reduce((sum, x, i) => sum + x * b[i]!, 0);

/** One anchor's −log share of its positive among all others. */
function anchorLoss(all: Matrix, anchor: number, positive: number, temperature: number): number {
  let others = 0;
  for (let a = 0; a < all.length; a++) if (a !== anchor) others += Math.exp(dot(all[anchor]!, all[a]!) / temperature);
  return -Math.log(Math.exp(dot(all[anchor]!, all[positive]!) / temperature) / others);
}

export function ntXentBoth(first: Matrix, second: Matrix, temperature: number): number {
  const all = [...first, ...second];
  const batch = first.length;
  let sum = 0;
  for (let i = 0; i < batch; i++) sum += anchorLoss(all, i, i + batch, temperature) + anchorLoss(all, i + batch, i, temperature);
  return sum / (2 * batch);
}

export function ntXentFirst(first: Matrix, second: Matrix, temperature: number): number {
  const all = [...first, ...second];
  let sum = 0;
  for (let i = 0; i < first.length; i++) sum += anchorLoss(all, i, i + first.length, temperature);
  return sum / first.length;
}

/** One head. */
export function scan(anchors: Matrix, neighbours: Matrix, entropyWeight: number): { consistency: number; entropy: number; total: number } {
  const [p, q] = [anchors.map(softmax), neighbours.map(softmax)];
  let consistency = 0;
  for (let i = 0; i < p.length; i++) consistency -= Math.max(Math.log(dot(p[i]!, q[i]!)), -100) / p.length;
  let entropy = 0;
  for (let c = 0; c < p[0]!.length; c++) {
    let mean = 0;
    for (const row of p) mean += row[c]! / p.length;
    mean = Math.max(mean, 1e-8);
    entropy -= mean * Math.log(mean);
  }
  return { consistency, entropy, total: consistency - entropyWeight * entropy };
}

/** labels: −1 where a sample has none. */
export function crossEntropy(logits: Matrix, labels: readonly number[], classWeights: readonly number[], smoothing: number): number {
  let [above, below] = [0, 0];
  logits.forEach((row, i) => {
    const label = labels[i]!;
    if (label < 0) return;
    const p = softmax(row);
    let entropy = 0;
    for (let c = 0; c < row.length; c++) entropy -= ((c === label ? 1 - smoothing : 0) + smoothing / row.length) * Math.log(p[c]!);
    above += classWeights[label]! * entropy;
    below += classWeights[label]!;
  });
  return below === 0 ? 0 : above / below;
}

/** The reference's confidence-based labels: argmax where its probability is above the threshold, else −1. */
export function confidentLabels(weak: Matrix, threshold: number): number[] {
  return weak.map((row) => {
    const p = softmax(row);
    const top = Math.max(...p);
    return top > threshold ? p.indexOf(top) : -1;
  });
}

/** The reference's balance: n / n_c over the labelled, 1 for a class without any. */
export function balance(labels: readonly number[], classes: number): number[] {
  const kept = labels.filter((label) => label >= 0);
  return Array.from({ length: classes }, (_, c) => {
    const count = kept.filter((label) => label === c).length;
    return count === 0 ? 1 : kept.length / count;
  });
}
