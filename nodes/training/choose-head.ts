// Which of several heads is kept, and what it says of each image. Looks at images and neighbours, never at labels.
import { ndarray, type NdArray } from '../../cache/array.ts';
import type { Assignments, Classifier, Neighbours } from '../artifacts.ts';

export type HeadScore = Classifier['scores'][number];

/**
 * The SCAN loss of each head over all images and all their neighbours, with the entropy weighed 1, not λ: the SCAN repository's criterion.
 * Lower is better.
 * @param probabilities [N, heads, C]
 */
export function scoreHeads({ shape, data }: NdArray<'float32'>, { indices }: Neighbours): HeadScore[] {
  const [count, heads, clusters] = shape as [number, number, number];
  const columns = indices.shape[1]!;
  return Array.from({ length: heads }, (_, head) => {
    const row = (image: number): Float32Array => data.subarray((image * heads + head) * clusters, (image * heads + head + 1) * clusters);
    const mean = new Float64Array(clusters);
    let disagreement = 0;
    for (let i = 0; i < count; i++) {
      const own = row(i);
      own.forEach((p, c) => (mean[c]! += p / count));
      for (let k = 1; k < columns; k++) disagreement -= Math.max(Math.log(inner(own, row(indices.data[i * columns + k]!))), -100);
    }
    const consistency = disagreement / (count * Math.max(1, columns - 1));
    const entropy = 0 - mean.reduce((sum, p) => sum + (p > 0 ? p * Math.log(p) : 0), 0);
    return { head, consistency, entropy, score: consistency - entropy };
  });
}

function inner(a: Float32Array, b: Float32Array): number {
  let sum = 0;
  for (let i = 0; i < a.length; i++) sum += a[i]! * b[i]!;
  return sum;
}

/** The head of the lowest score; the first of equals. */
export const bestHead = (scores: readonly HeadScore[]): number => scores.reduce((best, one) => (one.score < best.score ? one : best)).head;

/** Most probable clusters and probabilities of one head. probabilities: [N, heads, C]. */
export function assignmentsOf({ shape, data }: NdArray<'float32'>, head: number): Required<Assignments> {
  const [count, heads, clusters] = shape as [number, number, number];
  const own = new Float32Array(count * clusters);
  const assigned = new Int32Array(count);
  for (let i = 0; i < count; i++) {
    const row = data.subarray((i * heads + head) * clusters, (i * heads + head + 1) * clusters);
    own.set(row, i * clusters);
    assigned[i] = row.indexOf(Math.max(...row));
  }
  return { clusters, assigned: ndarray('int32', [count], assigned), probabilities: ndarray('float32', [count, clusters], own) };
}

/** Images of each cluster. */
export function clusterSizes({ assigned, clusters }: Assignments): Int32Array {
  const sizes = new Int32Array(clusters);
  for (const cluster of assigned.data) sizes[cluster]!++;
  return sizes;
}
