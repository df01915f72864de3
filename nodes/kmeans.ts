// k-means on embeddings or on plain pixels: the cheap baselines beside SCAN, and a clustering in its own right.
import { z } from 'zod';
import { ndarray } from '../cache/array.ts';
import { defineNode, optionalInput } from '../engine/define-node.ts';
import { KithError } from '../engine/errors.ts';
import type { Embeddings, Images, KMeans } from './artifacts.ts';
import { better, kMeansOnce, type KMeansOptions } from './clustering/k-means.ts';
import { pause } from './clustering/pause.ts';
import { pixelVectors, unitRows, type Vectors } from './clustering/pixel-vectors.ts';

/** Clusters `embeddings` or the pixels of `images` (one of the two), keeping the best of several starts. */
export const kmeans = defineNode({
  kind: 'kmeans',
  inputs: { embeddings: optionalInput<Embeddings>(), images: optionalInput<Images>() },
  params: z.object({
    clusters: z.int().min(1).max(10_000).default(10).describe('number of clusters'),
    restarts: z.int().min(1).max(1000).default(10).describe('independent starts; the one of lowest inertia is kept'),
    init: z.enum(['k-means++', 'random']).default('k-means++').describe('how the first centres are chosen'),
    maxIterations: z.int().min(1).max(100_000).default(300).describe('iterations a start'),
    tolerance: z
      .number()
      .min(0)
      .max(1)
      .default(1e-4)
      .describe('stop when the squared shift of the centres is at most this share of the mean variance'),
    normalise: z.boolean().default(false).describe('scale each vector to length 1 first'),
  }),
  seeded: true,
  run: async ({ inputs, params, seed, signal, progress }): Promise<KMeans> => {
    const rows = params.normalise ? unitRows(chooseRows(inputs)) : chooseRows(inputs);
    checkClusters(params.clusters, rows.count);
    const options: KMeansOptions = { ...params, seed, count: rows.count, dimension: rows.dimension };
    let best = kMeansOnce(rows.vectors, options, 0);
    for (let restart = 1; restart < params.restarts; restart++) {
      progress({ done: restart, total: params.restarts, unit: 'start', metrics: { inertia: best.inertia } });
      await pause(signal);
      best = better(best, kMeansOnce(rows.vectors, options, restart));
    }
    return {
      type: 'kmeans',
      clusters: params.clusters,
      assigned: ndarray('int32', [rows.count], best.assigned),
      centres: ndarray('float32', [params.clusters, rows.dimension], best.centres),
      inertia: best.inertia,
    };
  },
  metrics: { inertia: { goal: 'min', scale: ['clusters'] } },
  summarise: ({ clusters, assigned, inertia }) => ({
    metrics: { inertia },
    line: `${assigned.data.length.toLocaleString('en')} vectors in ${clusters} clusters of ${sizeRange(assigned.data, clusters)}`,
  }),
});

function chooseRows({ embeddings, images }: { readonly embeddings: Embeddings | undefined; readonly images: Images | undefined }): Vectors {
  if (embeddings && images)
    throw new KithError('kmeans was given embeddings and images.', {
      hint: 'Pass one of the two: kmeans({ embeddings }) or kmeans({ images }).',
    });
  if (images) return pixelVectors(images);
  if (!embeddings)
    throw new KithError('kmeans has nothing to cluster.', { hint: 'Pass kmeans({ embeddings }), or kmeans({ images }) for plain pixels.' });
  const [count = 0, dimension = 0] = embeddings.vectors.shape;
  return { vectors: embeddings.vectors.data, count, dimension };
}

function checkClusters(clusters: number, count: number): void {
  if (clusters <= count) return;
  throw new KithError(`${count} images cannot make ${clusters} clusters.`, { hint: 'Lower the param clusters, or read more images.' });
}

/** `178–183`: the sizes of the smallest and of the largest cluster. */
function sizeRange(assigned: Int32Array, clusters: number): string {
  const sizes = new Int32Array(clusters);
  for (const cluster of assigned) sizes[cluster]!++;
  return `${Math.min(...sizes)}–${Math.max(...sizes)} members`;
}
