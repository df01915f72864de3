import * as tf from '@tensorflow/tfjs-core';
import { expect, test } from 'vitest';
import { balancedWeights, confidentTargets, maskedCrossEntropy } from '../../../nodes/losses/self-label.ts';
import { balance, confidentLabels, crossEntropy } from '../../reference/losses.ts';
import { differences, eagerly, expectClose, gradient, matrix } from '../../reference/tensors.ts';

const logits = matrix('logits', 7, 4);
const labels = [0, 3, -1, 3, 1, -1, 3];
const weights = [0.5, 1, 2, 1.5];
const oneHot = (some: readonly number[]): tf.Tensor2D => tf.tensor2d(some.map((label) => [0, 1, 2, 3].map((c) => (c === label ? 1 : 0))));

test('the masked cross-entropy equals the loop, with and without smoothing', async () => {
  for (const smoothing of [0, 0.1]) {
    const loss = await eagerly(() => maskedCrossEntropy(tf.tensor2d(logits), oneHot(labels), tf.tensor1d(weights), smoothing).arraySync());
    expect(loss).toBeCloseTo(crossEntropy(logits, labels, weights, smoothing), 5);
  }
});

test('its gradient equals finite differences and is zero for samples without a label', async () => {
  const ours = await eagerly(() => gradient((x) => maskedCrossEntropy(x, oneHot(labels), tf.tensor1d(weights), 0.1), logits));
  expectClose(
    ours,
    differences((x) => crossEntropy(x, labels, weights, 0.1), logits),
    1e-4,
  );
  expect(ours[2]!.every((slope) => slope === 0)).toBe(true);
});

test('without any label the loss is 0, not an error', async () => {
  const none = labels.map(() => -1);
  const loss = await eagerly(() => maskedCrossEntropy(tf.tensor2d(logits), oneHot(none), tf.tensor1d(weights), 0.1).arraySync());
  expect(loss).toBe(0);
});

test('confident labels are those above the threshold, not at it', async () => {
  const weak = matrix('weak', 9, 4, 3);
  const sure = confidentLabels(weak, 0.8);
  expect(sure.some((label) => label >= 0) && sure.some((label) => label < 0)).toBe(true);
  expect(await eagerly(() => confidentTargets(tf.tensor2d(weak), 0.8).arraySync())).toEqual(await eagerly(() => oneHot(sure).arraySync()));
  const tie = [[0, 0]]; // softmax is exactly one half
  expect(await eagerly(() => confidentTargets(tf.tensor2d(tie), 0.5).arraySync())).toEqual([[0, 0]]);
});

test('balanced weights make every class that is present weigh the same', async () => {
  expect(await eagerly(() => balancedWeights(oneHot(labels)).arraySync())).toEqual(balance(labels, 4).map(Math.fround));
});
