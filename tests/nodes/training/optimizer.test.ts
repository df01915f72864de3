import * as tf from '@tensorflow/tfjs-core';
import { expect, test } from 'vitest';
import { adam, type Optimizer, sgd } from '../../../nodes/training/optimizer.ts';
import { eagerly } from '../../reference/tensors.ts';

/** Gradients of five steps for three weights. */
const gradients = [[1, -2, 0.5], [0.3, 0.1, -4], [0, 0, 1], [-1, 2, 0.2], [0.5, 0.5, 0.5]]; // prettier-ignore
const start = [0.5, -0.25, 2];
const rate = (step: number): number => 0.1 / step;

/** Where our optimizer gets with these gradients, in float32 tensors. */
function ours(optimizer: Optimizer): number[] {
  let weight: tf.Tensor = tf.tensor1d(start);
  let moments = Object.fromEntries(optimizer.moments.map((name) => [name, tf.zeros([3])]));
  gradients.forEach((gradient, i) => {
    const scalars = Object.fromEntries(Object.entries(optimizer.feed(rate(i + 1), i + 1)).map(([name, value]) => [name, tf.scalar(value)]));
    expect(Object.keys(scalars)).toEqual(optimizer.scalars);
    const next = optimizer.update(weight, tf.tensor1d(gradient), moments, scalars);
    weight = next.weight;
    moments = { ...next.moments } as typeof moments;
  });
  return [...weight.dataSync()];
}

/** PyTorch's Adam as its documentation states it, one weight at a time. */
function naiveAdam(decay: number): number[] {
  return start.map((w, at) => {
    let [m, v] = [0, 0];
    gradients.forEach((gradient, i) => {
      const g = gradient[at]! + decay * w;
      m = 0.9 * m + 0.1 * g;
      v = 0.999 * v + 0.001 * g * g;
      w -= (rate(i + 1) * (m / (1 - 0.9 ** (i + 1)))) / (Math.sqrt(v / (1 - 0.999 ** (i + 1))) + 1e-8);
    });
    return w;
  });
}

/** PyTorch's SGD as its documentation states it. */
function naiveSgd(decay: number, momentum: number, nesterov: boolean): number[] {
  return start.map((w, at) => {
    let buffer = 0;
    gradients.forEach((gradient, i) => {
      const g = gradient[at]! + decay * w;
      buffer = momentum * buffer + g;
      w -= rate(i + 1) * (nesterov ? g + momentum * buffer : buffer);
    });
    return w;
  });
}

const expectSame = (actual: readonly number[], expected: readonly number[]): void =>
  actual.forEach((x, i) => expect(x).toBeCloseTo(expected[i]!, 5));

test("Adam walks as PyTorch's, with bias correction and L2 decay", async () => {
  for (const decay of [0, 0.1]) expectSame(await eagerly(() => ours(adam({ decay }))), naiveAdam(decay));
});

test("SGD walks as PyTorch's, with momentum, decay and Nesterov", async () => {
  for (const [decay, momentum, nesterov] of [
    [0, 0, false],
    [0, 0.9, false],
    [0.01, 0.9, true],
  ] as const)
    // prettier-ignore
    expectSame(await eagerly(() => ours(sgd({ decay, momentum, nesterov }))), naiveSgd(decay, momentum, nesterov));
});
