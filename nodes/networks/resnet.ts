// Residual networks for small pictures (He et al., CVPR 2016, section 4.2): a 3×3 stem of stride 1, then stages of basic blocks.
// ResNet-18 has channels 64, 128, 256, 512 and blocks 2, 2, 2, 2.
import * as tf from '@tensorflow/tfjs-core';
import type { NetworkSpec } from '../artifacts.ts';
import type { Backbone } from './network.ts';
import { convolve, type Convolution, type Pass } from './layers.ts';

/** relu(norm(conv(relu(norm(conv(x))))) + shortcut(x)); the shortcut is a 1×1 convolution where the shape changes. */
interface Block {
  readonly first: Convolution;
  readonly second: Convolution;
  readonly shortcut?: Convolution;
}

/** Each stage after the first halves height and width. */
export function resnet({ channels, blocks = [], input }: NetworkSpec): Backbone {
  const stem: Convolution = { name: 'stem', size: 3, stride: 1, from: input[2], to: channels[0]! };
  const all = channels.flatMap((to, stage) =>
    stageOf(`stage${stage + 1}`, blocks[stage] ?? 1, channels[stage - 1] ?? to, to, stage === 0 ? 1 : 2),
  );
  return {
    convolutions: [stem, ...all.flatMap(({ first, second, shortcut }) => [first, second, ...(shortcut ? [shortcut] : [])])],
    width: channels.at(-1)!,
    forward: (pass, pixels) => all.reduce((x, block) => residual(pass, block, x), tf.relu(convolve(pass, stem, pixels))),
  };
}

function stageOf(name: string, count: number, from: number, to: number, stride: number): Block[] {
  return Array.from({ length: count }, (_, index) =>
    index === 0 ? blockOf(`${name}/block1`, from, to, stride) : blockOf(`${name}/block${index + 1}`, to, to, 1),
  );
}

function blockOf(name: string, from: number, to: number, stride: number): Block {
  const first: Convolution = { name: `${name}/first`, size: 3, stride, from, to };
  const second: Convolution = { name: `${name}/second`, size: 3, stride: 1, from: to, to };
  if (from === to && stride === 1) return { first, second };
  return { first, second, shortcut: { name: `${name}/shortcut`, size: 1, stride, from, to } };
}

function residual(pass: Pass, { first, second, shortcut }: Block, x: tf.Tensor4D): tf.Tensor4D {
  const inner = convolve(pass, second, tf.relu(convolve(pass, first, x)));
  return tf.relu(tf.add<tf.Tensor4D>(inner, shortcut ? convolve(pass, shortcut, x) : x));
}
