import * as tf from '@tensorflow/tfjs-core';
import { expect, test } from 'vitest';
import { ndarray } from '../../../cache/array.ts';
import type { Weights } from '../../../nodes/artifacts.ts';
import { sgd } from '../../../nodes/training/optimizer.ts';
import { initialState, type Objective, trainingStep, weightsOf } from '../../../nodes/training/step.ts';
import { eagerly } from '../../reference/tensors.ts';

const vector = (...numbers: number[]) => ndarray('float32', [numbers.length], Float32Array.from(numbers));
const weights: Weights = { moving: vector(1, 2), fixed: vector(3, 3), 'norm/mean': vector(0) };

/** Σ (moving · fixed − x)²/2, and a running statistic of 7. */
const objective: Objective = {
  trainable: ['moving'],
  prepare: (_, feeds) => ({ target: feeds['x']! }),
  loss: (all, { target }) => ({
    loss: tf.div(tf.sum(tf.square(tf.sub(tf.mul(all['moving']!, all['fixed']!), target!))), 2) as tf.Scalar,
    statistics: { 'norm/mean': tf.tensor1d([7]) },
  }),
};

test('the state holds all weights, and moments of the trainable ones', () => {
  const state = initialState(weights, objective, sgd());
  expect(Object.keys(state).sort()).toEqual(['momentum/moving', 'weights/fixed', 'weights/moving', 'weights/norm/mean']);
  expect([...state['momentum/moving']!.data]).toEqual([0, 0]);
  expect(weightsOf(state)).toEqual(weights);
});

test('a step moves the trainable weights against the gradient, replaces statistics, and reports the loss before it', async () => {
  const [state, loss] = await eagerly(() => {
    const step = trainingStep(objective, sgd({ momentum: 0.5 }));
    const before = Object.fromEntries(
      Object.entries(initialState(weights, objective, sgd())).map(([name, { data }]) => [name, tf.tensor1d(data as Float32Array)]),
    );
    const after = step(before, { x: tf.tensor1d([0, 3]), rate: tf.scalar(0.1) });
    return [
      Object.fromEntries(Object.entries(after.state).map(([name, tensor]) => [name, [...tensor.dataSync()]])),
      after.results['loss']!.arraySync(),
    ];
  });
  // The errors are 3 and 3, so the gradient is 9 and 9.
  expect(loss).toBe(9);
  expect(state['momentum/moving']).toEqual([9, 9]);
  state['weights/moving']!.forEach((w, i) => expect(w).toBeCloseTo([0.1, 1.1][i]!, 6));
  expect(state['weights/fixed']).toEqual([3, 3]);
  expect(state['weights/norm/mean']).toEqual([7]);
});
