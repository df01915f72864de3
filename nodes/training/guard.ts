// A veto without labels: did self-labelling make the clustering worse? Two signs, fitted on runs on digits and clothes, not validated beyond.
import type { Assignments, Images } from '../artifacts.ts';
import { nearestNeighbours } from '../clustering/neighbours.ts';
import { clusterSizes } from './choose-head.ts';
import { random } from './random.ts';

/** How far the agreement of an image with its nearest images in pixels may fall. */
const FALL = 0.001;
/** The share of its size that the smallest cluster must keep; assumes clusters of about equal size. */
const KEPT = 0.93;
const NEIGHBOURS = 10;
/** Images that are compared with each other at most: the search grows with their square. */
const SAMPLE = 5_000;

export interface Verdict {
  readonly accepted: boolean;
  /** One sentence with the figures. */
  readonly note: string;
}

export function judge(images: Images, before: Assignments, after: Assignments): Verdict {
  const neighbours = pixelNeighbours(images);
  const [was, is] = [agreement(before, neighbours), agreement(after, neighbours)];
  const [largest, left] = [Math.min(...clusterSizes(before)), Math.min(...clusterSizes(after))];
  const figures =
    `agreement with the ${neighbours.k} nearest images in pixels went from ${was.toFixed(4)} to ${is.toFixed(4)} (may fall by ${FALL}), ` +
    `the smallest cluster from ${largest} to ${left} images (must keep ${Math.round(KEPT * 100)} %)`;
  const accepted = is >= was - FALL && left >= KEPT * largest;
  return {
    accepted,
    note: accepted
      ? `The guard accepted the result: ${figures}.`
      : `The guard rejected the result, so the classifier before it is kept: ${figures}.`,
  };
}

interface Sampled {
  /** Indices of the images compared. */
  readonly sample: Int32Array;
  /** [sample, k + 1] positions in `sample`, itself first. */
  readonly indices: Int32Array;
  readonly k: number;
}

/** Nearest images by the cosine of their pixels, among a sample that is the same in every run. */
function pixelNeighbours({ pixels }: Images): Sampled {
  const count = pixels.shape[0]!;
  const size = pixels.data.length / count;
  const sample = random(0).split('guard').permutation(count).subarray(0, SAMPLE).sort();
  const rows = new Float32Array(sample.length * size);
  sample.forEach((image, row) => rows.set(pixels.data.subarray(image * size, (image + 1) * size), row * size));
  const k = Math.min(NEIGHBOURS, sample.length - 1);
  return { sample, indices: nearestNeighbours(rows, sample.length, size, k), k };
}

/** Share of the neighbours that carry the image's own label. */
function agreement({ assigned }: Assignments, { sample, indices, k }: Sampled): number {
  let same = 0;
  for (let row = 0; row < sample.length; row++) {
    const own = assigned.data[sample[row]!];
    for (let n = 1; n <= k; n++) if (assigned.data[sample[indices[row * (k + 1) + n]!]!] === own) same++;
  }
  return same / (sample.length * k);
}
