// Random gamma and gain of all channels alike.
import * as tf from '@tensorflow/tfjs-core';
import type { ViewPolicy } from '../artifacts.ts';
import type { Random } from '../training/random.ts';

/** [n] exponents exp(U(±gamma)). */
export const drawGamma = (gamma: number, random: Random, count: number): Float32Array => random.uniform(count, -gamma, gamma).map(Math.exp);

/** [n] factors exp(U(±gain)) where `logGain`, else 1 + U(±gain). */
export function drawGain({ gain = 0, logGain = false }: ViewPolicy, random: Random, count: number): Float32Array {
  return random.uniform(count, -gain, gain).map((change) => (logGain ? Math.exp(change) : 1 + change));
}

/** pixel ^ exponent for pixels [n, H, W, C] ≥ 0 and exponents [n]. */
export function applyGamma(pixels: tf.Tensor4D, exponents: tf.Tensor1D): tf.Tensor4D {
  return tf.pow(tf.maximum(pixels, 0), tf.reshape(exponents, [-1, 1, 1, 1]));
}

/** pixel × factor for pixels [n, H, W, C] and factors [n]; not clipped. */
export function applyGain(pixels: tf.Tensor4D, factors: tf.Tensor1D): tf.Tensor4D {
  return tf.mul(pixels, tf.reshape(factors, [-1, 1, 1, 1]));
}
