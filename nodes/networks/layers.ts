// The layers that networks are lists of: convolution with batch norm, and linear. Each is plain data; weights are looked up by its name.
import * as tf from '@tensorflow/tfjs-core';
import { batchNormTraining } from '../tensor/batch-norm.ts';
import type { TensorMap } from '../tensor/trace.ts';

/** Convolution without bias, zero padding of (size − 1)/2 pixels, then batch norm. */
export interface Convolution {
  readonly name: string;
  readonly size: 1 | 3;
  readonly stride: number;
  readonly from: number;
  readonly to: number;
}

export interface Linear {
  readonly name: string;
  readonly from: number;
  readonly to: number;
}

/** One forward pass: whose weights, and whether batch norm uses the batch's statistics or the running ones. */
export interface Pass {
  readonly weights: TensorMap;
  readonly training: boolean;
  /** Filled by the pass when training: the running statistics after it, by weight name. */
  readonly statistics: { [name: string]: tf.Tensor };
}

/** Share of the batch's statistics in the running ones, and what keeps the variance from 0: PyTorch's defaults. */
const MOMENTUM = 0.1;
const EPSILON = 1e-5;

/** x: [n, H, W, from] → [n, ⌈H/stride⌉, ⌈W/stride⌉, to]. */
export function convolve(pass: Pass, { name, size, stride }: Convolution, x: tf.Tensor4D): tf.Tensor4D {
  return normalise(pass, name, tf.conv2d(x, pass.weights[`${name}/filter`] as tf.Tensor4D, stride, (size - 1) / 2));
}

/** Batch norm (Ioffe and Szegedy, ICML 2015): y = γ(x − m)/√(v + ε) + β over batch, height and width. */
function normalise(pass: Pass, name: string, x: tf.Tensor4D): tf.Tensor4D {
  const [scale, offset, mean, variance] = ['scale', 'offset', 'mean', 'variance'].map(
    (part) => pass.weights[`${name}/${part}`] as tf.Tensor1D,
  );
  if (!pass.training) return tf.batchNorm(x, mean!, variance!, offset!, scale!, EPSILON);
  const batch = batchNormTraining(x, scale!, offset!, EPSILON);
  const [count, height, width] = x.shape;
  const samples = count * height * width;
  const unbiased = tf.mul(batch.variance, samples / Math.max(1, samples - 1));
  pass.statistics[`${name}/mean`] = moved(mean!, batch.mean);
  pass.statistics[`${name}/variance`] = moved(variance!, unbiased);
  return batch.y;
}

const moved = (running: tf.Tensor, batch: tf.Tensor): tf.Tensor => tf.add(tf.mul(running, 1 - MOMENTUM), tf.mul(batch, MOMENTUM));

/** x: [n, from] → [n, to]. */
export function linear({ weights }: Pass, { name }: Linear, x: tf.Tensor2D): tf.Tensor2D {
  return tf.add(tf.matMul(x, weights[`${name}/weight`] as tf.Tensor2D), weights[`${name}/bias`]!);
}

/** Rows of length 1 (a row of zeros stays): x/max(‖x‖, 1e-12). x: [n, d]. */
export function unitRows(x: tf.Tensor2D): tf.Tensor2D {
  return tf.mul(x, tf.rsqrt(tf.maximum(tf.sum(tf.square(x), 1, true), 1e-24)));
}
