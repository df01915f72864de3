// Clustering heads: features to cluster logits. Several heads are the columns of one matrix, so that they cost one product together.
import * as tf from '@tensorflow/tfjs-core';
import type { HeadSpec } from '../artifacts.ts';
import type { TensorMap } from '../tensor/trace.ts';
import type { Outputs } from './network.ts';
import { unitRows } from './layers.ts';

/** What a head reads: the features h, or the projection z as a unit vector. */
export function headInput({ on }: HeadSpec, { features, projection }: Outputs): tf.Tensor2D {
  return on === 'features' ? features : unitRows(projection);
}

/**
 * `cosine`: scale · cos(x, w_c) + b_c. `linear`: ⟨x, w_c⟩ + b_c.
 *
 * @param weights `head/weight` [d, heads · C], column h·C + c for cluster c of head h; `head/bias` [heads · C]
 * @param x [n, d]
 * @returns [n, heads, C] logits
 */
export function headLogits({ kind, scale, clusters }: HeadSpec, weights: TensorMap, x: tf.Tensor2D): tf.Tensor3D {
  const [weight, bias] = [weights['head/weight'] as tf.Tensor2D, weights['head/bias']!];
  const products = kind === 'linear' ? tf.matMul(x, weight) : tf.mul(tf.matMul(unitRows(x), unitColumns(weight)), scale);
  return tf.reshape(tf.add(products, bias), [x.shape[0], -1, clusters]);
}

const unitColumns = (weight: tf.Tensor2D): tf.Tensor2D => tf.mul(weight, tf.rsqrt(tf.maximum(tf.sum(tf.square(weight), 0, true), 1e-24)));
