// Every step of a view policy, and the presets: augmentation runs inside the training step.
import * as tf from '@tensorflow/tfjs-core';
import type { ViewPolicy } from '../../../../nodes/artifacts.ts';
import type { TensorMap } from '../../../../nodes/tensor/trace.ts';
import { random } from '../../../../nodes/training/random.ts';
import { applyView, drawViewParameters, type ImageShape } from '../../../../nodes/views/policy.ts';
import { affine, greyThings, handwriting, simclr } from '../../../../nodes/views/presets.ts';
import { numbers } from '../parity.ts';
import type { Case } from './case.ts';

const COUNT = 5;
const shape: ImageShape = [7, 6, 3];

const policies: { readonly [name: string]: ViewPolicy } = {
  'the views of handwriting': handwriting(),
  'the views of SimCLR': simclr(),
  'the views of grey things': greyThings(),
  'warps that do not turn': affine({ logScale: 0.4, logAspect: 0.3, shift: 0.5, flip: 0.5 }),
  'holes and noise': { cutout: 4, noise: 0.1 },
};

export const VIEWS: readonly Case[] = Object.entries(policies).map(([name, policy]) => {
  const view = (pixels: tf.Tensor, parameters: TensorMap): tf.Tensor => applyView(policy, pixels as tf.Tensor4D, parameters);
  return {
    name,
    body: ({ pixels, ...parameters }) => view(pixels!, parameters),
    // One by one, since the JS backend warps the first image of a batch only.
    reference: ({ pixels, ...parameters }) => {
      const each = Object.entries(parameters).map(([key, all]) => [key, tf.split(all, COUNT)] as const);
      const of = (i: number): TensorMap => Object.fromEntries(each.map(([key, all]) => [key, all[i]!]));
      return tf.concat(tf.split(pixels!, COUNT).map((image, i) => view(image, of(i))));
    },
    feeds: { pixels: numbers(64, [COUNT, ...shape], 0, 1), ...drawViewParameters(policy, random(3), COUNT, shape) },
  };
});
