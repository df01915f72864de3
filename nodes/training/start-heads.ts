// Where clustering heads start. Heads started from k-means end well above heads started at random.
import { ndarray } from '../../cache/array.ts';
import type { NdArray } from '../../cache/array.ts';
import type { HeadSpec, Weights } from '../artifacts.ts';
import { kMeansOnce } from '../clustering/k-means.ts';
import { linearWeights } from '../networks/network.ts';
import type { Random } from './random.ts';

/**
 * Weights of `heads` heads side by side: `head/weight` [D, heads · C], `head/bias` [heads · C].
 * Head h points to the centres of the h-th of `heads` k-means runs of one start each, at the length that the head's scale asks for.
 * @param vectors [N, D]
 */
export function headsFromKMeans(vectors: NdArray<'float32'>, { clusters, kind, scale }: HeadSpec, heads: number, seed: number): Weights {
  const [count, dimension] = vectors.shape as [number, number];
  const length = kind === 'cosine' ? 1 : scale;
  const weight = new Float32Array(dimension * heads * clusters);
  for (let head = 0; head < heads; head++) {
    const { centres } = kMeansOnce(vectors.data, { count, dimension, clusters, seed }, head);
    for (let c = 0; c < clusters; c++) {
      const centre = centres.subarray(c * dimension, (c + 1) * dimension);
      const norm = Math.hypot(...centre) || 1;
      centre.forEach((x, d) => (weight[d * heads * clusters + head * clusters + c] = (length * x) / norm));
    }
  }
  return {
    'head/weight': ndarray('float32', [dimension, heads * clusters], weight),
    'head/bias': ndarray('float32', [heads * clusters], new Float32Array(heads * clusters)),
  };
}

/** Weights of the same shape, uniform in ± 1/√D. */
export function randomHeads(dimension: number, { clusters }: HeadSpec, heads: number, random: Random): Weights {
  return Object.fromEntries(linearWeights({ name: 'head', from: dimension, to: heads * clusters }, random));
}

/** One head's columns as a head alone. */
export function onlyHead(weights: Weights, { clusters }: HeadSpec, head: number): Weights {
  const { 'head/weight': weight, 'head/bias': bias, ...rest } = weights;
  const [dimension, columns] = weight!.shape as [number, number];
  const from = head * clusters;
  const own = new Float32Array(dimension * clusters);
  for (let d = 0; d < dimension; d++) own.set(weight!.data.subarray(d * columns + from, d * columns + from + clusters), d * clusters);
  return {
    ...rest,
    'head/weight': ndarray('float32', [dimension, clusters], own),
    'head/bias': ndarray('float32', [clusters], bias!.data.slice(from, from + clusters)),
  };
}
