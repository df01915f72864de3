// Batch norm by the batch's own statistics: its definition, and how near executors come where numbers are far from zero.
import * as tf from '@tensorflow/tfjs-core';
import { expect, test } from 'vitest';
import { batchNormTraining } from '../../../nodes/tensor/batch-norm.ts';
import { gradients, type Step, type TensorMap } from '../../../nodes/tensor/trace.ts';
import { stepOf, weighed } from './cases/case.ts';
import { EXECUTORS } from './executors.ts';
import { compiled, exactly, farthest, numbers } from './parity.ts';

const EPSILON = 1e-5;

const normalise = ({ x, scale, offset }: TensorMap) => batchNormTraining(x as tf.Tensor4D, scale!, offset!, EPSILON);

/** Forward and backward, with readers that make lowerings fuse and reorder. */
const step: Step = (_, feeds) => {
  const { value, gradients: slopes, extra } = gradients((moved) => {
    const { y, mean, variance } = normalise(moved);
    return { value: weighed(tf.square(tf.relu(y))), extra: { y: tf.relu(y), mean, variance, rows: tf.mean(tf.relu(y), [1, 2]) } };
  }, feeds); // prettier-ignore
  const named = Object.entries(slopes).map(([name, slope]) => [`gradient of ${name}`, slope] as const);
  return { state: {}, results: { value, ...extra, ...Object.fromEntries(named) } };
};

function feedsOf(channels: number, mean: number) {
  const x = numbers(20, [6, 5, 4, channels], mean - 1, mean + 4);
  return { x, scale: numbers(21, [channels]), offset: numbers(22, [channels]) };
}

test('each channel is normalised by its mean and biased variance', async () => {
  const { x, scale, offset } = feedsOf(3, 0);
  const { results } = await exactly(
    stepOf((feeds) => Object.values(normalise(feeds)) as tf.Tensor[]),
    {},
    { x, scale, offset },
  );
  const channel = x.data.filter((_, i) => i % 3 === 1);
  const mean = channel.reduce((sum, value) => sum + value, 0) / channel.length;
  const variance = channel.reduce((sum, value) => sum + (value - mean) ** 2, 0) / channel.length;
  const y = ((x.data[1]! - mean) / Math.sqrt(variance + EPSILON)) * scale.data[1]! + offset.data[1]!;
  expect([results['out0']!.data[1], results['out1']!.data[1], results['out2']!.data[1]]).toEqual([
    expect.closeTo(y, 12),
    expect.closeTo(mean, 12),
    expect.closeTo(variance, 12),
  ]);
});

// Far from zero, where the mean is about 70 deviations, E[y²] − m² loses four of seven digits.
test.each([
  { mean: 0, bound: 1e-5 },
  { mean: 100, bound: 1e-3 },
])('by every executor, forward and backward, with channels around $mean: within $bound of the truth', async ({ mean, bound }) => {
  for (const channels of [3, 16]) {
    const feeds = feedsOf(channels, mean);
    const expected = await exactly(step, {}, feeds);
    for (const { name, executor } of EXECUTORS) {
      const { results } = await compiled(step, {}, feeds, executor);
      expect(farthest(results, expected.results), `${name}, ${channels} channels`).toBeLessThan(bound);
    }
  }
});
