// From a network's plain data to its functions: first weights, forward pass, count of parameters. Holds no state.
import * as tf from '@tensorflow/tfjs-core';
import { ndarray, type NdArray } from '../../cache/array.ts';
import type { HeadSpec, NetworkSpec, Weights } from '../artifacts.ts';
import type { TensorMap } from '../tensor/trace.ts';
import type { Random } from '../training/random.ts';
import { type Convolution, linear, type Linear, type Pass } from './layers.ts';
import { resnet } from './resnet.ts';
import { smallNet } from './small-net.ts';
import { isStatistic } from './weights.ts';

/** What turns pixels into a feature map. */
export interface Backbone {
  readonly convolutions: readonly Convolution[];
  /** Channels of the last feature map = dimension of the features h. */
  readonly width: number;
  /** [n, H, W, C] normalised pixels → [n, h, w, width] */
  forward(pass: Pass, pixels: tf.Tensor4D): tf.Tensor4D;
}

export const backbone = (spec: NetworkSpec): Backbone => (spec.architecture === 'small' ? smallNet(spec) : resnet(spec));

/** The projection head: Linear–ReLU–Linear from the features h to z, as in the SCAN repository, without batch norm. */
const projection = (spec: NetworkSpec, width: number): readonly [Linear, Linear] => {
  const hidden = spec.architecture === 'small' ? spec.dimension : width;
  return [
    { name: 'projection/first', from: width, to: hidden },
    { name: 'projection/second', from: hidden, to: spec.dimension },
  ];
};

/** The weights that a loss on this head moves; a head on the features does not reach the projection. */
export function trainableFor({ on }: HeadSpec, weights: Weights): string[] {
  return Object.keys(weights).filter((name) => !isStatistic(name) && (on === 'projection' || !name.startsWith('projection/')));
}

export interface Outputs {
  /** h: [n, width], the mean of the feature map over height and width. */
  readonly features: tf.Tensor2D;
  /** z: [n, dimension], not normalised. */
  readonly projection: tf.Tensor2D;
  /** Running means and variances after this pass, by weight name; empty unless training. */
  readonly statistics: TensorMap;
}

/**
 * One pass through backbone and projection head.
 * @param pixels [n, H, W, C] in 0–1; normalised here
 */
export function forward(spec: NetworkSpec, weights: TensorMap, pixels: tf.Tensor4D, { training }: { readonly training: boolean }): Outputs {
  const body = backbone(spec);
  const pass: Pass = { weights, training, statistics: {} };
  const features = tf.mean(body.forward(pass, standardise(spec, pixels)), [1, 2]) as tf.Tensor2D;
  const [first, second] = projection(spec, body.width);
  const z = linear(pass, second, tf.relu(linear(pass, first, features)));
  return { features, projection: z, statistics: pass.statistics };
}

/** Pixels as they are stored, 0 … `divide`, whole numbers or not, to 0–1. */
export const toUnitRange = ({ normalise }: NetworkSpec, pixels: tf.Tensor4D): tf.Tensor4D =>
  tf.div(tf.cast(pixels, 'float32'), normalise.divide);

/** (pixel − mean)/deviation a channel; free where that changes nothing. */
function standardise({ normalise: { mean, deviation } }: NetworkSpec, pixels: tf.Tensor4D): tf.Tensor4D {
  if (mean.every((m) => m === 0) && deviation.every((d) => d === 1)) return pixels;
  const [shift, scale] = [mean.map((m, c) => -m / deviation[c]!), deviation.map((d) => 1 / d)];
  return tf.add(tf.mul(pixels, tf.tensor1d(scale)), tf.tensor1d(shift));
}

/**
 * First weights: filters and linear layers as PyTorch's defaults (He et al., ICCV 2015, uniform with a = √5, that is ± 1/√fan-in) for the
 * small network, filters N(0, 2/fan-out) for residual ones; batch norm at 1 and 0.
 */
export function initialise(spec: NetworkSpec, random: Random): Weights {
  const { convolutions, width } = backbone(spec);
  const filters = convolutions.flatMap((layer) => convolutionWeights(layer, random.split(layer.name), spec.architecture === 'resnet'));
  const linears = projection(spec, width).flatMap((layer) => linearWeights(layer, random.split(layer.name)));
  return Object.fromEntries([...filters, ...linears]);
}

type Named = readonly [string, NdArray<'float32'>];

function convolutionWeights({ name, size, from, to }: Convolution, random: Random, wide: boolean): Named[] {
  const [fanIn, fanOut] = [size * size * from, size * size * to];
  const filter = wide
    ? random.split('filter').normal(fanIn * to, 0, Math.sqrt(2 / fanOut))
    : random.split('filter').uniform(fanIn * to, -1 / Math.sqrt(fanIn), 1 / Math.sqrt(fanIn));
  const constant = (value: number): NdArray<'float32'> => ndarray('float32', [to], new Float32Array(to).fill(value));
  return [
    [`${name}/filter`, ndarray('float32', [size, size, from, to], filter)],
    [`${name}/scale`, constant(1)],
    [`${name}/offset`, constant(0)],
    [`${name}/mean`, constant(0)],
    [`${name}/variance`, constant(1)],
  ];
}

/** `name/weight` [from, to] and `name/bias` [to], uniform in ± 1/√from. */
export function linearWeights({ name, from, to }: Linear, random: Random): Named[] {
  const bound = 1 / Math.sqrt(from);
  return [
    [`${name}/weight`, ndarray('float32', [from, to], random.split('weight').uniform(from * to, -bound, bound))],
    [`${name}/bias`, ndarray('float32', [to], random.split('bias').uniform(to, -bound, bound))],
  ];
}
