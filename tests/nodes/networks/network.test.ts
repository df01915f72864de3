import * as tf from '@tensorflow/tfjs-core';
import { expect, test } from 'vitest';
import type { HeadSpec, NetworkSpec, Weights } from '../../../nodes/artifacts.ts';
import { headInput, headLogits } from '../../../nodes/networks/heads.ts';
import { backbone, forward, initialise, trainableFor } from '../../../nodes/networks/network.ts';
import { isStatistic, parameterCount } from '../../../nodes/networks/weights.ts';
import { random } from '../../../nodes/training/random.ts';
import { eagerly } from '../../reference/tensors.ts';

const plain = { divide: 255, mean: [0], deviation: [1] };
const small: NetworkSpec = { architecture: 'small', channels: [4, 6], strides: [1, 2], input: [6, 6, 1], dimension: 5, normalise: plain };
const residual: NetworkSpec = {
  architecture: 'resnet',
  channels: [3, 4],
  blocks: [1, 2],
  input: [8, 8, 1],
  dimension: 5,
  normalise: plain,
};

const tensors = (weights: Weights): { [name: string]: tf.Tensor } =>
  Object.fromEntries(Object.entries(weights).map(([name, { data, shape }]) => [name, tf.tensor(data, [...shape])]));
const pixels = ([height, width, channels]: readonly number[], count = 3): tf.Tensor4D =>
  tf.tensor4d(random(2).uniform(count * height! * width! * channels!), [count, height!, width!, channels!]);

test("the digits' network has the 125,920 parameters of its recipe", () => {
  const digits: NetworkSpec = {
    architecture: 'small',
    channels: [32, 64, 128],
    strides: [1, 2, 1],
    input: [8, 8, 1],
    dimension: 128,
    normalise: plain,
  };
  expect(parameterCount(initialise(digits, random(0)))).toBe(125_920);
});

test('ResNet-18 for small pictures has the 11,168,832 parameters of the SCAN repository, and 328,320 in its projection head', () => {
  const normalise = { divide: 255, mean: [0, 0, 0], deviation: [1, 1, 1] };
  const resnet18: NetworkSpec = {
    architecture: 'resnet',
    channels: [64, 128, 256, 512],
    blocks: [2, 2, 2, 2],
    input: [32, 32, 3],
    dimension: 128,
    normalise,
  };
  const weights = initialise(resnet18, random(0));
  const head = Object.fromEntries(Object.entries(weights).filter(([name]) => name.startsWith('projection/')));
  expect(parameterCount(head)).toBe(328_320);
  expect(parameterCount(weights) - parameterCount(head)).toBe(11_168_832);
});

for (const spec of [small, residual]) {
  test(`the ${spec.architecture} network gives features and a projection for each image, and statistics only when training`, async () => {
    const shapes = await eagerly(() => {
      const weights = tensors(initialise(spec, random(1)));
      const [training, inference] = [true, false].map((training) => forward(spec, weights, pixels(spec.input), { training }));
      return {
        features: training!.features.shape,
        projection: training!.projection.shape,
        moved: Object.keys(training!.statistics),
        kept: Object.keys(inference!.statistics),
      };
    });
    expect(shapes.features).toEqual([3, backbone(spec).width]);
    expect(shapes.projection).toEqual([3, 5]);
    expect(shapes.moved.sort()).toEqual(
      Object.keys(initialise(spec, random(1)))
        .filter(isStatistic)
        .sort(),
    );
    expect(shapes.kept).toEqual([]);
  });

  test(`the ${spec.architecture} network gives an image the same vector whatever stands beside it, in inference`, async () => {
    const [together, alone] = await eagerly(() => {
      const weights = tensors(initialise(spec, random(1)));
      const all = pixels(spec.input);
      const of = (some: tf.Tensor4D): number[] => [
        ...forward(spec, weights, some, { training: false }).projection.dataSync().subarray(0, 5),
      ];
      return [of(all), of(tf.slice(all, 0, 1))];
    });
    together!.forEach((x, i) => expect(x).toBeCloseTo(alone![i]!, 5));
  });
}

test('running statistics move by a tenth towards those of the batch, with the unbiased variance', async () => {
  const { mean, variance, batch } = await eagerly(() => {
    const weights = tensors(initialise(small, random(1)));
    const input = pixels(small.input);
    const { statistics } = forward(small, weights, input, { training: true });
    const first = tf.conv2d(input, weights['layer1/filter'] as tf.Tensor4D, 1, 1);
    return {
      mean: [...statistics['layer1/mean']!.dataSync()],
      variance: [...statistics['layer1/variance']!.dataSync()],
      batch: first.arraySync(),
    };
  });
  const channel = batch.flat(2).map((values) => values[0]!);
  const m = channel.reduce((a, b) => a + b) / channel.length;
  const v = channel.reduce((sum, x) => sum + (x - m) ** 2, 0) / (channel.length - 1);
  expect(mean[0]).toBeCloseTo(0.1 * m, 5);
  expect(variance[0]).toBeCloseTo(0.9 + 0.1 * v, 5);
});

test('pixels are normalised by mean and deviation of each channel', async () => {
  const [plainly, shifted] = await eagerly(() => {
    const weights = tensors(initialise(small, random(1)));
    const other = { ...small, normalise: { divide: 255, mean: [0.5], deviation: [0.25] } };
    const input = pixels(small.input);
    const run = (spec: NetworkSpec, x: tf.Tensor4D): number[] => [...forward(spec, weights, x, { training: false }).features.dataSync()];
    return [run(small, tf.div(tf.sub(input, 0.5), 0.25)), run(other, input)];
  });
  plainly!.forEach((x, i) => expect(shifted![i]).toBeCloseTo(x, 4));
});

test('first weights depend on the seed and on the layer, and lie in their bounds', () => {
  const [one, same, other] = [initialise(small, random(1)), initialise(small, random(1)), initialise(small, random(2))];
  expect(one).toEqual(same);
  expect(one['layer2/filter']).not.toEqual(other['layer2/filter']);
  const bound = 1 / Math.sqrt(9 * 4);
  expect(Math.max(...one['layer2/filter']!.data.map(Math.abs))).toBeLessThanOrEqual(bound);
  expect(Math.max(...one['layer2/filter']!.data.map(Math.abs))).toBeGreaterThan(0.9 * bound);
});

test('cosine heads measure angles only: scaling vectors or weights changes nothing', async () => {
  const head: HeadSpec = { on: 'projection', kind: 'cosine', clusters: 3, scale: 10 };
  const [plainly, scaled, logits] = await eagerly(() => {
    const [x, weight, bias] = [tf.tensor2d(random(1).normal(8), [2, 4]), tf.tensor2d(random(2).normal(24), [4, 6]), tf.zeros([6])];
    const run = (x: tf.Tensor2D, weight: tf.Tensor2D): number[] => [
      ...headLogits(head, { 'head/weight': weight, 'head/bias': bias }, x).dataSync(),
    ];
    return [
      run(x, weight),
      run(tf.mul(x, 3), tf.mul(weight, 0.2)),
      headLogits(head, { 'head/weight': weight, 'head/bias': bias }, x).shape,
    ];
  });
  expect(logits).toEqual([2, 2, 3]);
  plainly.forEach((value, i) => expect(scaled[i]).toBeCloseTo(value, 4));
  expect(Math.max(...plainly.map(Math.abs))).toBeLessThanOrEqual(10);
});

test('several heads side by side equal each head alone', async () => {
  const head: HeadSpec = { on: 'features', kind: 'linear', clusters: 3, scale: 1 };
  const [both, second] = await eagerly(() => {
    const [x, weight, bias] = [
      tf.tensor2d(random(1).normal(8), [2, 4]),
      tf.tensor2d(random(2).normal(24), [4, 6]),
      tf.tensor1d(random(3).normal(6)),
    ];
    const alone = { 'head/weight': tf.slice(weight, [0, 3], [4, 3]), 'head/bias': tf.slice(bias, 3, 3) };
    return [headLogits(head, { 'head/weight': weight, 'head/bias': bias }, x).arraySync(), headLogits(head, alone, x).arraySync()];
  });
  expect(both.map((heads) => heads[1])).toEqual(second.map((heads) => heads[0]));
});

test('a head on the features leaves the projection alone, one on the projection reads unit vectors', async () => {
  const weights = initialise(small, random(1));
  const on = (what: HeadSpec['on']): HeadSpec => ({ on: what, kind: 'linear', clusters: 2, scale: 1 });
  expect(trainableFor(on('features'), weights).some((name) => name.startsWith('projection/'))).toBe(false);
  expect(trainableFor(on('projection'), weights).some((name) => name.startsWith('projection/'))).toBe(true);
  const lengths = await eagerly(() => {
    const outputs = forward(small, tensors(weights), pixels(small.input), { training: false });
    return [...tf.norm(headInput(on('projection'), outputs), 2, 1).dataSync()];
  });
  lengths.forEach((length) => expect(length).toBeCloseTo(1, 5));
});
