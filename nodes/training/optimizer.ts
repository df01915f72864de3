// Optimizers as pure functions of tensor maps, inside the step. What depends on the step's number is computed in double precision outside and
// fed as scalars, so that the program holds no counter.
import * as tf from '@tensorflow/tfjs-core';
import type { TensorMap } from '../tensor/trace.ts';

export interface Optimizer {
  /** What it keeps for each parameter, all zero at the start: `momentum`, or `first` and `second`. */
  readonly moments: readonly string[];
  /** Names of the scalars that `update` reads. */
  readonly scalars: readonly string[];
  /** The scalars of a step: its learning rate and its number, counted from 1. */
  feed(rate: number, step: number): { readonly [scalar: string]: number };
  /** One parameter's move; `moments` and `scalars` by the names above. */
  update(
    weight: tf.Tensor,
    gradient: tf.Tensor,
    moments: TensorMap,
    scalars: TensorMap,
  ): { readonly weight: tf.Tensor; readonly moments: TensorMap };
}

/** PyTorch's `weight_decay`: an L2 penalty on every parameter, by way of its gradient. */
const penalised = (weight: tf.Tensor, gradient: tf.Tensor, decay: number): tf.Tensor =>
  decay === 0 ? gradient : tf.add(gradient, tf.mul(weight, decay));

/**
 * Adam with L2 weight decay, as PyTorch's `Adam` (Kingma and Ba, ICLR 2015, algorithm 1):
 *
 *   m ← β₁m + (1 − β₁)g,   v ← β₂v + (1 − β₂)g²,   w ← w − η/(1 − β₁ᵗ) · m / (√v/√(1 − β₂ᵗ) + ε)
 */
export function adam({ decay = 0, beta1 = 0.9, beta2 = 0.999, epsilon = 1e-8 } = {}): Optimizer {
  return {
    moments: ['first', 'second'],
    scalars: ['pace', 'correction'],
    feed: (rate, step) => ({ pace: rate / (1 - beta1 ** step), correction: 1 / Math.sqrt(1 - beta2 ** step) }),
    update: (weight, gradient, moments, scalars) => {
      const g = penalised(weight, gradient, decay);
      const first = tf.add(tf.mul(moments['first']!, beta1), tf.mul(g, 1 - beta1));
      const second = tf.add(tf.mul(moments['second']!, beta2), tf.mul(tf.square(g), 1 - beta2));
      const scale = tf.add(tf.mul(tf.sqrt(second), scalars['correction']!), epsilon);
      return { weight: tf.sub(weight, tf.mul(tf.div(first, scale), scalars['pace']!)), moments: { first, second } };
    },
  };
}

/**
 * Stochastic gradient descent with momentum, as PyTorch's `SGD`:
 *
 *   v ← μv + g,   w ← w − ηv,   or with Nesterov   w ← w − η(g + μv)
 */
export function sgd({ decay = 0, momentum = 0.9, nesterov = false } = {}): Optimizer {
  return {
    moments: ['momentum'],
    scalars: ['rate'],
    feed: (rate) => ({ rate }),
    update: (weight, gradient, moments, scalars) => {
      const g = penalised(weight, gradient, decay);
      const velocity = tf.add(tf.mul(moments['momentum']!, momentum), g);
      const move = nesterov ? tf.add(g, tf.mul(velocity, momentum)) : velocity;
      return { weight: tf.sub(weight, tf.mul(move, scalars['rate']!)), moments: { momentum: velocity } };
    },
  };
}
