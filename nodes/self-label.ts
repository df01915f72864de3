// Fine-tunes a classifier on its own labels where they can be trusted, and keeps the old one where that made things visibly worse.
import { z } from 'zod';
import { defineNode, input } from '../engine/define-node.ts';
import type { Classifier, Images, Neighbours, Views } from './artifacts.ts';
import { clusterSizes } from './training/choose-head.ts';
import { batch, epochs, learningRate, optimizer, precision, schedule, warmup, weightDecay } from './training/params.ts';

const share = z.number().min(0).max(1);

const params = z.object({
  method: z
    .enum(['agreement', 'confidence'])
    .default('agreement')
    .describe(
      'agreement: fixed labels on which neighbours agree; confidence: the SCAN repository, labels of the current model above a threshold',
    ),
  agreement: share.default(0.9).describe('share of neighbours with the same label that makes a label trusted (method: agreement)'),
  neighbours: z.int().min(1).max(10_000).default(10).describe('neighbours asked, nearest first (method: agreement)'),
  augmented: share.default(0.5).describe('share of a batch that is augmented (method: agreement)'),
  threshold: z.number().min(0.5).max(0.9999).default(0.99).describe('a probability strictly above it is a label (method: confidence)'),
  balance: z.boolean().default(true).describe('all clusters weigh the same in the loss'),
  smoothing: share.exactOptional().describe('of the labels; 0.1 for agreement, 0 for confidence'),
  epochs: epochs.exactOptional().describe('24 for agreement, 200 for confidence'),
  batch: batch.exactOptional().describe('256 for agreement, 1000 for confidence'),
  optimizer: optimizer.default('adam'),
  learningRate: learningRate.exactOptional().describe('0.001 for agreement, 0.0001 for confidence'),
  weightDecay: weightDecay.default(1e-4),
  schedule: schedule.exactOptional().describe('cosine for agreement, constant for confidence'),
  warmup: warmup.default(0),
  guard: z.boolean().default(true).describe('keep the old classifier if, judged without labels, the new one is worse'),
  precision,
});

/** The classifier after self-labelling, or the given one with a note that says why. */
export const selfLabel = defineNode({
  kind: 'self-label',
  inputs: { images: input<Images>(), views: input<Views>(), classifier: input<Classifier>(), neighbours: input<Neighbours>() },
  params,
  seeded: true,
  resources: { cpu: 'all' },
  continues: ({ method, schedule = DEFAULTS[method].schedule }) => (schedule === 'constant' ? 'epochs' : undefined),
  run: async ({ inputs, params, ...world }): Promise<Classifier> => {
    const { relearn } = await import('./training/relearn.ts');
    const classifier = await relearn(inputs, { ...params, ...DEFAULTS[params.method], ...given(params) }, world);
    classifier.notes.forEach(world.log);
    return classifier;
  },
  summarise: (classifier) => {
    const sizes = clusterSizes(classifier);
    return { line: `clusters of ${Math.min(...sizes)}–${Math.max(...sizes)} images`, warnings: classifier.warnings };
  },
  draw: async (classifier, { images }) => {
    const { clusterSheet } = await import('./pictures/cluster-sheet.ts');
    const { uncertainSheet } = await import('./pictures/uncertain-sheet.ts');
    return [await clusterSheet(classifier, images), ...(await uncertainSheet(classifier, images))];
  },
});

type Params = z.infer<typeof params>;

const DEFAULTS = {
  agreement: { smoothing: 0.1, epochs: 24, batch: 256, learningRate: 1e-3, schedule: 'cosine' },
  confidence: { smoothing: 0, epochs: 200, batch: 1000, learningRate: 1e-4, schedule: 'constant' },
} as const;

/** The parameters without a fixed default, where they were given. */
function given({ smoothing, epochs, batch, learningRate, schedule }: Params): Partial<(typeof DEFAULTS)['agreement' | 'confidence']> {
  const all = { smoothing, epochs, batch, learningRate, schedule };
  return Object.fromEntries(Object.entries(all).filter(([, value]) => value !== undefined));
}
