// Learns an encoder without labels, by SimCLR. Everything later builds on it.
import { z } from 'zod';
import { defineNode, input } from '../engine/define-node.ts';
import { KithError } from '../engine/errors.ts';
import type { Encoder, Images, NetworkSpec, Views } from './artifacts.ts';
import { channelStatistics } from './networks/channel-statistics.ts';
import { parameterCount } from './networks/weights.ts';
import { batch, epochs, learningRate, optimizer, precision, schedule, warmup, weightDecay } from './training/params.ts';

const params = z.object({
  method: z.literal('simclr').default('simclr'),
  profile: z
    .enum(['default', 'reference'])
    .default('default')
    .describe('reference: anchors from the first view only, as in the SCAN repository'),
  architecture: z.enum(['small', 'resnet']).default('small'),
  channels: z.array(z.int().min(1).max(4096)).min(1).max(64).default([32, 64, 128]).describe('small: a layer; resnet: a stage'),
  strides: z.array(z.int().min(1).max(4)).default([1, 2, 1]).describe('small: a layer'),
  blocks: z.array(z.int().min(1).max(64)).default([2, 2, 2, 2]).describe('resnet: basic blocks a stage'),
  dimension: z.int().min(2).max(4096).default(128).describe('of the projection z'),
  normalise: z
    .enum(['range', 'channels'])
    .default('range')
    .describe("range: pixels to 0–1; channels: also to the set's mean 0 and deviation 1"),
  epochs: epochs.default(56),
  batch: batch.default(256).describe('images a step; twice as many views'),
  temperature: z.number().min(0.01).max(10).default(0.5),
  optimizer: optimizer.default('adam'),
  learningRate: learningRate.default(2e-3),
  weightDecay: weightDecay.default(1e-4),
  schedule: schedule.default('cosine').describe('constant: longer training continues from where shorter training ended'),
  warmup: warmup.default(0.05),
  precision,
});

type Params = z.infer<typeof params>;

export const pretext = defineNode({
  kind: 'pretext',
  inputs: { images: input<Images>(), views: input<Views>() },
  params,
  seeded: true,
  resources: { cpu: 'all' },
  continues: ({ schedule }) => (schedule === 'constant' ? 'epochs' : undefined),
  run: async ({ inputs: { images, views }, params, ...world }): Promise<Encoder> => {
    const network = networkFor(images, params);
    const { trainSimclr } = await import('./training/simclr.ts');
    const { epochs, batch, temperature, profile } = params;
    const anchors = profile === 'reference' ? 'first' : 'both';
    const trained = await trainSimclr(images, { network, policy: views.policy, epochs, batch, temperature, anchors, rates: params }, world);
    return { type: 'encoder', network, ...trained };
  },
  metrics: { loss: { goal: 'min', scale: ['temperature', 'batch', 'profile'] } },
  summarise: ({ curve, seen, weights }) => {
    const parameters = parameterCount(weights);
    return {
      metrics: { loss: curve.at(-1)!, images: seen, parameters },
      line:
        `loss ${curve[0]!.toFixed(2)} → ${curve.at(-1)!.toFixed(2)} in ${curve.length} epochs, ` +
        `${seen.toLocaleString('en')} images through ${parameters.toLocaleString('en')} parameters`,
    };
  },
});

/** The network for images of this shape. */
function networkFor(images: Images, { architecture, channels, strides, blocks, dimension, normalise }: Params): NetworkSpec {
  const [, height = 0, width = 0, depth = 0] = images.pixels.shape;
  const per = architecture === 'small' ? strides : blocks;
  if (per.length !== channels.length) {
    const name = architecture === 'small' ? 'strides' : 'blocks';
    throw new KithError(`channels has ${channels.length} numbers and ${name} has ${per.length}.`, {
      hint: `Give one of ${name} for each of channels.`,
    });
  }
  return {
    architecture,
    channels,
    ...(architecture === 'small' ? { strides } : { blocks }),
    input: [height, width, depth],
    dimension,
    normalise: { divide: 255, ...(normalise === 'channels' ? channelStatistics(images) : unchanged(depth)) },
  };
}

const unchanged = (channels: number): { mean: number[]; deviation: number[] } => ({
  mean: new Array<number>(channels).fill(0),
  deviation: new Array<number>(channels).fill(1),
});
