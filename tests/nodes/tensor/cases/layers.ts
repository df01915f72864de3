// Every layer that networks are made of, alone and together, with weights as feeds so that gradients reach them.
import type * as tf from '@tensorflow/tfjs-core';
import type { HeadSpec, NetworkSpec } from '../../../../nodes/artifacts.ts';
import { headLogits } from '../../../../nodes/networks/heads.ts';
import { convolve, type Convolution, linear, type Pass, unitRows } from '../../../../nodes/networks/layers.ts';
import { forward, initialise } from '../../../../nodes/networks/network.ts';
import type { TensorMap } from '../../../../nodes/tensor/trace.ts';
import { random } from '../../../../nodes/training/random.ts';
import { numbers } from '../parity.ts';
import type { Case } from './case.ts';

/** A layer's output, then the running statistics that it leaves. */
function through(weights: TensorMap, training: boolean, layer: (pass: Pass) => tf.Tensor): tf.Tensor[] {
  const pass: Pass = { weights, training, statistics: {} };
  return [layer(pass), ...Object.values(pass.statistics)];
}

/** Images, channels in and out: few, and in blocks. */
const widths = [[4, 3, 5], [16, 16, 16], [16, 3, 16], [16, 16, 32]] as const; // prettier-ignore
const kinds = [[3, 1], [3, 2], [1, 1], [1, 2]] as const; // prettier-ignore

const convolutions: readonly Case[] = [true, false].flatMap((training) =>
  widths.flatMap(([count, from, to]) =>
    kinds.map(([size, stride]): Case => {
      const layer: Convolution = { name: 'layer', size, stride, from, to };
      return {
        name: `${training ? 'training' : 'using'} a convolution with batch norm: ${size}×${size}, stride ${stride}, ${from} to ${to} channels`,
        body: (feeds) => through(feeds, training, (pass) => convolve(pass, layer, feeds['x'] as tf.Tensor4D)),
        feeds: {
          x: numbers(50, [count, 6, 6, from]),
          'layer/filter': numbers(51, [size, size, from, to]),
          'layer/scale': numbers(52, [to], 0.5, 2),
          'layer/offset': numbers(53, [to]),
          'layer/mean': numbers(54, [to]),
          'layer/variance': numbers(55, [to], 0.5, 2),
        },
        ...(count > 4 ? { large: true } : {}),
      };
    }),
  ),
);

const rows: readonly Case[] = [
  {
    name: 'a linear layer',
    body: (feeds) => through(feeds, true, (pass) => linear(pass, { name: 'layer', from: 6, to: 4 }, feeds['x'] as tf.Tensor2D)),
    feeds: { x: numbers(56, [5, 6]), 'layer/weight': numbers(57, [6, 4]), 'layer/bias': numbers(58, [4]) },
  },
  { name: 'rows of length one', body: ({ x }) => unitRows(x as tf.Tensor2D), feeds: { x: numbers(59, [5, 6]) } },
];

const heads: readonly Case[] = (['linear', 'cosine'] as const).map((kind) => {
  const head: HeadSpec = { on: 'features', kind, clusters: 3, scale: 10 };
  return {
    name: `two ${kind} heads`,
    body: (feeds) => headLogits(head, feeds, feeds['x'] as tf.Tensor2D),
    feeds: { x: numbers(60, [5, 6]), 'head/weight': numbers(61, [6, 6]), 'head/bias': numbers(62, [6]) },
  };
});

const small: NetworkSpec = {
  architecture: 'small',
  channels: [8, 16],
  strides: [1, 2],
  input: [6, 6, 1],
  dimension: 8,
  normalise: { divide: 1, mean: [0], deviation: [1] },
};
const residual: NetworkSpec = {
  architecture: 'resnet',
  channels: [8, 16],
  blocks: [2, 1],
  input: [8, 6, 3],
  dimension: 5,
  normalise: { divide: 1, mean: [0.4, 0.5, 0.6], deviation: [0.2, 0.3, 0.25] },
};

const networks: readonly Case[] = [true, false].flatMap((training) =>
  [small, residual].map((spec) => ({
    name: `${training ? 'training' : 'using'} a ${spec.architecture} network`,
    body: (feeds) => {
      const { features, projection, statistics } = forward(spec, feeds, feeds['pixels'] as tf.Tensor4D, { training });
      return [projection, features, ...Object.values(statistics)];
    },
    feeds: { pixels: numbers(63, [8, ...spec.input], 0, 1), ...initialise(spec, random(5)) },
    large: true,
  })),
);

export const LAYERS: readonly Case[] = [...convolutions, ...rows, ...heads, ...networks];
