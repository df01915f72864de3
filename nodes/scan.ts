// The SCAN step: an image and its neighbours belong to one cluster, and all clusters are used. Learns several heads and keeps one, without labels.
import { z } from 'zod';
import { defineNode, input } from '../engine/define-node.ts';
import { KithError } from '../engine/errors.ts';
import type { Classifier, Embeddings, Encoder, HeadSpec, Images, Neighbours, Views } from './artifacts.ts';
import { clusterSizes } from './training/choose-head.ts';
import { batch, clusters, epochs, learningRate, optimizer, precision, schedule, warmup, weightDecay } from './training/params.ts';

const params = z.object({
  clusters: clusters.default(10),
  train: z
    .enum(['heads', 'network'])
    .default('heads')
    .describe('heads: on cached embeddings, in seconds; network: backbone too, on augmented images'),
  heads: z.int().min(1).max(100).default(8).describe('trained side by side; the one of the lowest SCAN loss is kept'),
  head: z.enum(['cosine', 'linear']).default('cosine'),
  scale: z.number().positive().max(1000).default(10).describe('of the cosine head: logits = scale · cosine + bias'),
  start: z.enum(['k-means', 'random']).default('k-means').describe('of the heads'),
  entropyWeight: z.number().min(0).max(1000).default(5).describe('λ: how much all clusters must be used'),
  steps: z.int().min(1).max(10_000_000).default(500).describe('with train: heads'),
  epochs: epochs.default(50).describe('with train: network'),
  batch: batch.exactOptional().describe('pairs a step; 512 for heads, 128 for the network'),
  optimizer: optimizer.default('adam'),
  learningRate: learningRate.exactOptional().describe('0.01 for heads, 0.0001 for the network'),
  weightDecay: weightDecay.exactOptional().describe('0 for heads, 0.0001 for the network'),
  schedule: schedule.exactOptional().describe('cosine for heads, constant for the network'),
  warmup: warmup.default(0),
  precision,
});

/** Clusters images by their embeddings and neighbours. The inputs must belong together: one set of images, one encoder. */
export const scan = defineNode({
  kind: 'scan',
  inputs: {
    images: input<Images>(),
    views: input<Views>(),
    encoder: input<Encoder>(),
    embeddings: input<Embeddings>(),
    neighbours: input<Neighbours>(),
  },
  params,
  seeded: true,
  resources: { cpu: 'all' },
  continues: ({ train, schedule = DEFAULTS[train].schedule }) =>
    schedule !== 'constant' ? undefined : train === 'heads' ? 'steps' : 'epochs',
  run: async ({ inputs, params, ...world }): Promise<Classifier> => {
    checkInputs(inputs, params.clusters);
    const { cluster } = await import('./training/cluster.ts');
    return cluster(inputs, { ...params, ...DEFAULTS[params.train], ...given(params), head: headFor(inputs.embeddings, params) }, world);
  },
  summarise: (classifier) => {
    const { scores, warnings } = classifier;
    const best = scores.reduce((a, b) => (b.score < a.score ? b : a));
    const sizes = clusterSizes(classifier);
    return {
      metrics: { loss: best.score, entropy: best.entropy },
      line: `head ${best.head + 1} of ${scores.length}, clusters of ${Math.min(...sizes)}–${Math.max(...sizes)} images`,
      warnings,
    };
  },
  metrics: { loss: { goal: 'min', scale: ['clusters'] } },
  draw: async (classifier, { images }) => {
    const { clusterSheet } = await import('./pictures/cluster-sheet.ts');
    const { uncertainSheet } = await import('./pictures/uncertain-sheet.ts');
    return [await clusterSheet(classifier, images), ...(await uncertainSheet(classifier, images))];
  },
});

type Params = z.infer<typeof params>;

const DEFAULTS = {
  heads: { batch: 512, learningRate: 1e-2, weightDecay: 0, schedule: 'cosine' },
  network: { batch: 128, learningRate: 1e-4, weightDecay: 1e-4, schedule: 'constant' },
} as const;

/** The parameters without a fixed default, where they were given. */
function given({ batch, learningRate, weightDecay, schedule }: Params): Partial<(typeof DEFAULTS)['heads' | 'network']> {
  const all = { batch, learningRate, weightDecay, schedule };
  return Object.fromEntries(Object.entries(all).filter(([, value]) => value !== undefined));
}

function headFor({ of = 'projection' }: Embeddings, { head, scale, clusters }: Params): HeadSpec {
  return { on: of, kind: head, clusters, scale: head === 'cosine' ? scale : 1 };
}

function checkInputs(
  { images, embeddings, neighbours }: { images: Images; embeddings: Embeddings; neighbours: Neighbours },
  clusters: number,
): void {
  const counts = [images.pixels.shape[0]!, embeddings.vectors.shape[0]!, neighbours.indices.shape[0]!];
  if (new Set(counts).size > 1) {
    throw new KithError('Images, embeddings and neighbours are not of the same set.', {
      facts: [`images: ${counts[0]}, embeddings: ${counts[1]}, neighbours: ${counts[2]}`],
      hint: 'Make all of them from one set of images.',
    });
  }
  if (clusters > counts[0]!) throw new KithError(`${counts[0]} images cannot make ${clusters} clusters.`, { hint: 'Lower clusters.' });
}
