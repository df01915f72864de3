// The small network for small pictures: [convolution 3×3, batch norm, ReLU] a layer.
import * as tf from '@tensorflow/tfjs-core';
import type { NetworkSpec } from '../artifacts.ts';
import type { Backbone } from './network.ts';
import { convolve, type Convolution } from './layers.ts';

/** One layer for each of `channels`, with the stride of the same place in `strides` (1 where none is given). */
export function smallNet({ channels, strides = [], input }: NetworkSpec): Backbone {
  const layers = channels.map((to, i): Convolution => ({
    name: `layer${i + 1}`,
    size: 3,
    stride: strides[i] ?? 1,
    from: channels[i - 1] ?? input[2],
    to,
  }));
  return {
    convolutions: layers,
    width: channels.at(-1)!,
    forward: (pass, pixels) => layers.reduce((x, layer) => tf.relu(convolve(pass, layer, x)), pixels),
  };
}
