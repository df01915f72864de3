// Derivatives: each kernel's against differences, gradients against the executor's, and what gradients() promises.
import '@tensorflow/tfjs-backend-cpu';
import * as tf from '@tensorflow/tfjs-core';
import { beforeAll, describe, expect, test } from 'vitest';
import type { Arrays } from '../../../nodes/tensor/executor.ts';
import { batchNormTraining } from '../../../nodes/tensor/batch-norm.ts';
import { onnx, onnxExecutor } from '../../../nodes/tensor/onnx/session.ts';
import { eagerExecutor } from '../../../nodes/tensor/tfjs/eager.ts';
import { gradients, type Step, type TensorMap } from '../../../nodes/tensor/trace.ts';
import { compiled, eagerly, farthest, numbers, whole } from './parity.ts';

beforeAll(async () => void (await tf.setBackend('cpu')));

type Body = (x: TensorMap) => tf.Tensor;

/** A scalar whose gradient weighs every element of the output differently. */
const weighed = (y: tf.Tensor): tf.Scalar => tf.sum(tf.mul(y, tf.reshape(tf.linspace(0.5, 1.5, y.size), y.shape)));

/** The loss along a line through the parameters, in float64 from float32 outputs. */
function along(body: Body, parameters: Arrays, direction: Arrays, t: number): number {
  return tf.tidy(() => {
    const moved = Object.entries(parameters).map(
      ([name, { shape, data }]) =>
        [
          name,
          tf.tensor(
            Float32Array.from(data, (x, i) => x + t * direction[name]!.data[i]!),
            [...shape],
          ),
        ] as const,
    );
    const y = body(Object.fromEntries(moved));
    const values = y.dataSync() as Float32Array;
    return values.reduce((sum, value, i) => sum + value * (0.5 + i / Math.max(1, values.length - 1)), 0);
  });
}

/** ∂f/∂d by central differences of two widths, the leading error cancelled (Richardson), against ⟨∇f, d⟩. */
async function derivativeAgrees(body: Body, parameters: Arrays): Promise<void> {
  const step: Step = (_, feeds) => ({ state: {}, results: gradients((moved) => ({ value: weighed(body(moved)) }), feeds).gradients });
  const slopes = await eagerly(step, {}, parameters);
  const direction: Arrays = Object.fromEntries(Object.entries(parameters).map(([name, { shape }], i) => [name, numbers(90 + i, shape)]));
  let [analytic, scale] = [0, 0];
  for (const [name, { data }] of Object.entries(slopes.results)) {
    data.forEach((slope, i) => {
      analytic += slope * direction[name]!.data[i]!;
      scale += Math.abs(slope * direction[name]!.data[i]!);
    });
  }
  const difference = (h: number): number => (along(body, parameters, direction, h) - along(body, parameters, direction, -h)) / (2 * h);
  const numeric = (4 * difference(0.01) - difference(0.02)) / 3;
  expect(Math.abs(analytic - numeric)).toBeLessThan(2e-3 * Math.max(scale, 1e-3));
  expect(farthest((await compiled(step, {}, parameters)).results, slopes.results)).toBeLessThan(2e-5);
  expect(farthest((await compiled(step, {}, parameters, eagerExecutor('cpu'))).results, slopes.results)).toBeLessThan(1e-5);
}

const x = numbers(1, [3, 4], 0.2, 0.9);
const y = numbers(2, [3, 4], 1.1, 1.9);
const row = numbers(3, [4], 2, 3);
const signed = numbers(4, [3, 4], -0.9, 0.9);
/** Away from kinks by more than the widest difference. */
const split = { ...signed, data: signed.data.map((value) => value + Math.sign(value) * 0.05) };

describe('the derivative of', () => {
  const unary: { readonly [name: string]: (x: tf.Tensor) => tf.Tensor } = {
    cos: tf.cos, erf: tf.erf, exp: tf.exp, expm1: tf.expm1, log: tf.log, log1p: tf.log1p, neg: tf.neg, reciprocal: tf.reciprocal, rsqrt: tf.rsqrt, sigmoid: tf.sigmoid, sin: tf.sin,
    softplus: tf.softplus, sqrt: tf.sqrt, square: tf.square, tanh: tf.tanh, softmax: (t) => tf.softmax(t), logSoftmax: (t) => tf.logSoftmax(t), logSumExp: (t) => tf.logSumExp(t, 1),
    clone: (t) => tf.mul(t.clone(), t), cast: (t) => tf.mul(tf.cast(tf.cast(t, 'float32'), 'float32'), t), mean: (t) => tf.mean(t, 0),
    sum: (t) => tf.sum(t, 1, true), transpose: (t) => tf.square(tf.transpose(t)), reshape: (t) => tf.square(tf.reshape(t, [2, 6])), expandDims: (t) => tf.square(tf.expandDims(t, 1)),
    tile: (t) => tf.tile(t, [2, 3]), broadcastTo: (t) => tf.broadcastTo(t, [2, 3, 4]), slice: (t) => tf.square(tf.slice(t, [1, 0], [2, 3])), pad: (t) => tf.square(tf.pad(t, [[1, 2], [0, 1]])),
    reverse: (t) => tf.reverse(t, 1), cumsum: (t) => tf.square(tf.cumsum(t, 1, true)), unstack: (t) => tf.mul(tf.unstack(t)[0]!, tf.unstack(t)[2]!), gather: (t) => tf.square(tf.gather(t, tf.tensor1d([1, 0, 1, 3], 'int32'), 1)),
    splitting: (t) => tf.mul(tf.split(t, 2, 1)[0]!, tf.slice(tf.split(t, [1, 3], 1)[1]!, [0, 0], [3, 2])), addN: (t) => tf.addN([t, tf.square(t), t]), stack: (t) => tf.stack([t, tf.square(t)], 1),
  }; // prettier-ignore
  for (const [name, body] of Object.entries(unary)) test(name, () => derivativeAgrees(({ x }) => body(x!), { x }));

  const kinked: { readonly [name: string]: (x: tf.Tensor) => tf.Tensor } = {
    abs: tf.abs, relu: tf.relu, elu: tf.elu, leakyRelu: (t) => tf.leakyRelu(t, 0.3), relu6: (t) => tf.relu6(tf.mul(t, 0.9)), clip: (t) => tf.clipByValue(t, 0, 3),
    masks: (t) => tf.mul(t, tf.cast(tf.greater(t, 0), 'float32')), where: (t) => tf.where(tf.greater(t, 0), tf.square(t), t), step: (t) => tf.add(tf.step(t), t), sign: (t) => tf.add(tf.mul(tf.sign(t), t), tf.floor(tf.mul(t, 0.5))),
  }; // prettier-ignore
  test('extremes', () => {
    const apart = { ...x, data: x.data.map((value, i) => value * 0.1 + ((i * 5) % 12)) };
    return derivativeAgrees(({ x }) => tf.concat([tf.max(x!, 1), tf.min(x!, 0), tf.reshape(tf.max(x!), [1])]), { x: apart });
  });
  for (const [name, body] of Object.entries(kinked)) test(name, () => derivativeAgrees(({ x }) => body(x!), { x: split }));

  const binary: { readonly [name: string]: (a: tf.Tensor, b: tf.Tensor) => tf.Tensor } = {
    add: tf.add, sub: tf.sub, mul: tf.mul, div: tf.div, pow: tf.pow, maximum: tf.maximum, minimum: tf.minimum, squaredDifference: tf.squaredDifference, concat: (a, b) => tf.square(tf.concat([a, b], 1)),
  }; // prettier-ignore
  for (const [name, body] of Object.entries(binary)) test(name, () => derivativeAgrees(({ x, y }) => body(x!, y!), { x, y }));
  for (const name of ['add', 'sub', 'mul', 'div', 'pow', 'maximum'] as const) {
    test(`${name} with one side repeated`, () =>
      derivativeAgrees(({ x, row }) => tf.add(binary[name]!(x!, row!), binary[name]!(row!, x!)), { x, row }));
  }

  for (const [transposeA, transposeB] of [[false, false], [false, true], [true, false], [true, true]] as const) {
    test(`a product, left ${transposeA ? 'transposed' : 'plain'}, right ${transposeB ? 'transposed' : 'plain'}`, () =>
      derivativeAgrees(({ a, b }) => tf.matMul(a!, b!, transposeA, transposeB), { a: numbers(5, transposeA ? [3, 2] : [2, 3]), b: numbers(6, transposeB ? [4, 3] : [3, 4]) }));
  } // prettier-ignore
  test('a batch of products', () =>
    derivativeAgrees(({ a, b }) => tf.matMul(a!, b!), { a: numbers(5, [2, 2, 3]), b: numbers(6, [2, 3, 4]) }));

  for (const [stride, pad] of [
    [1, 'same'],
    [2, 'same'],
    [2, 1],
    [1, 'valid'],
  ] as const) {
    test(`a convolution, stride ${stride}, padding ${pad}`, () =>
      derivativeAgrees(({ x, filter }) => tf.conv2d(x as tf.Tensor4D, filter as tf.Tensor4D, stride, pad), {
        x: numbers(7, [2, 5, 6, 2]),
        filter: numbers(8, [3, 3, 2, 3]),
      }));
  }
  test('a transposed convolution', () =>
    derivativeAgrees(({ x, filter }) => tf.conv2dTranspose(x as tf.Tensor4D, filter as tf.Tensor4D, [2, 6, 6, 2], 2, 'same'), {
      x: numbers(7, [2, 3, 3, 3]),
      filter: numbers(8, [3, 3, 2, 3]),
    }));
  test('pools', () =>
    derivativeAgrees(({ x }) => tf.concat([tf.maxPool(x as tf.Tensor4D, 2, 2, 'valid'), tf.avgPool(x as tf.Tensor4D, 2, 2, 'valid')], 3), {
      x: numbers(9, [1, 4, 4, 2], 0, 9),
    }));
  test('batch norm by running statistics', () =>
    derivativeAgrees(({ x, m, v, s, o }) => tf.square(tf.batchNorm(x as tf.Tensor4D, m as tf.Tensor1D, v as tf.Tensor1D, o as tf.Tensor1D, s as tf.Tensor1D, 1e-3)), {
      x: numbers(10, [2, 3, 3, 2]), m: numbers(11, [2]), v: numbers(12, [2], 0.5, 2), s: numbers(13, [2]), o: numbers(14, [2]),
    })); // prettier-ignore
  test('batch norm by the batch’s own statistics', () =>
    derivativeAgrees(({ x, s, o }) => tf.square(batchNormTraining(x as tf.Tensor4D, s!, o!, 1e-3).y), {
      x: numbers(10, [4, 3, 3, 2]),
      s: numbers(13, [2], 1, 2),
      o: numbers(14, [2]),
    }));
});

describe('batchNormTraining', () => {
  const step: Step = (_, { x, s, o }) => {
    const { value, gradients: slopes, extra } = gradients(({ x, s, o }) => {
      const { y, mean, variance } = batchNormTraining(x as tf.Tensor4D, s!, o!, 1e-5);
      return { value: weighed(tf.square(tf.relu(y))), extra: { y: tf.relu(y), mean, variance, rows: tf.mean(tf.relu(y), [1, 2]) } };
    }, { x: x!, s: s!, o: o! });
    return { state: {}, results: { value, ...slopes, ...Object.fromEntries(Object.entries(extra).map(([name, tensor]) => [`${name} itself`, tensor])) } };
  }; // prettier-ignore
  const feedsOf = (channels: number) => ({
    x: numbers(20, [6, 5, 4, channels], -1, 4),
    s: numbers(21, [channels]),
    o: numbers(22, [channels]),
  });

  test('normalises each channel by its mean and biased variance', async () => {
    const feeds = feedsOf(3);
    const alone: Step = (_, { x, s, o }) => ({ state: {}, results: { ...batchNormTraining(x as tf.Tensor4D, s!, o!, 1e-5) } });
    const { results } = await eagerly(alone, {}, feeds);
    const channel = feeds.x.data.filter((_, i) => i % 3 === 1);
    const mean = channel.reduce((sum, value) => sum + value, 0) / channel.length;
    const variance = channel.reduce((sum, value) => sum + (value - mean) ** 2, 0) / channel.length;
    expect(results['mean']!.data[1]).toBeCloseTo(mean, 5);
    expect(results['variance']!.data[1]).toBeCloseTo(variance, 4);
    expect(results['y']!.data[1]).toBeCloseTo(
      ((feeds.x.data[1]! - mean) / Math.sqrt(variance + 1e-5)) * feeds.s.data[1]! + feeds.o.data[1]!,
      4,
    );
  });

  for (const channels of [3, 16]) {
    for (const shift of [0, 100]) {
      test(`is the same by all executors, forward and backward, with ${channels} channels of mean ${shift}`, async () => {
        const feeds = feedsOf(channels);
        const far = { ...feeds, x: { ...feeds.x, data: feeds.x.data.map((value) => value + shift) } };
        const expected = await eagerly(step, {}, far);
        for (const executor of [onnx, onnxExecutor('plain'), eagerExecutor('cpu')]) {
          expect(farthest((await compiled(step, {}, far, executor)).results, expected.results)).toBeLessThan(shift === 0 ? 1e-4 : 1e-3);
        }
      });
    }
  }
});

describe('gradients', () => {
  test('hand back the loss, zeros for what the loss does not read, and tensors beside the loss', () => {
    tf.tidy(() => {
      const [a, b] = [tf.tensor1d([1, 2]), tf.tensor1d([3, 4])];
      const {
        value,
        gradients: slopes,
        extra,
      } = gradients(({ a }) => ({ value: tf.sum(tf.square(a!)), extra: { twice: tf.mul(a!, 2) } }), { a, b });
      expect(value.arraySync()).toBe(5);
      expect(slopes['a']!.arraySync()).toEqual([2, 4]);
      expect(slopes['b']!.arraySync()).toEqual([0, 0]);
      expect(extra['twice']!.arraySync()).toEqual([2, 4]);
    });
  });

  test('leave no tensor behind', () => {
    const before = tf.memory().numTensors;
    tf.tidy(() => {
      const a = tf.tensor1d([1, 2]);
      gradients(({ a }) => ({ value: tf.sum(tf.exp(a!)), extra: { a: a! } }), { a });
      gradients(() => ({ value: tf.scalar(1), extra: { a } }), {});
    });
    expect(tf.memory().numTensors).toBe(before);
  });

  test('flow through whole-number look-ups only to the numbers', async () => {
    const step: Step = (_, { table, rows }) => {
      const { gradients: slopes } = gradients(({ table }) => ({ value: weighed(tf.gather(table!, rows as tf.Tensor1D)) }), {
        table: table!,
      });
      return { state: {}, results: slopes };
    };
    const feeds = { table: numbers(30, [5, 3]), rows: whole(31, [8], 5) };
    expect(farthest((await compiled(step, {}, feeds)).results, (await eagerly(step, {}, feeds)).results)).toBeLessThan(1e-5);
  });
});
