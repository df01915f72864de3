// Every operation that a trace may hold, by both executors, against tfjs' JS backend.
import * as tf from '@tensorflow/tfjs-core';
import { describe, expect, test } from 'vitest';
import type { Arrays } from '../../../nodes/tensor/executor.ts';
import { onnx, onnxExecutor } from '../../../nodes/tensor/onnx/session.ts';
import type { Step } from '../../../nodes/tensor/trace.ts';
import { eagerExecutor } from '../../../nodes/tensor/tfjs/eager.ts';
import { compiled, eagerly, farthest, numbers, whole } from './parity.ts';

/** Norm-wise, for one operation in float32. */
const TOLERANCE = 1e-5;

const executors = [onnx, onnxExecutor('plain'), eagerExecutor('cpu')];

type Body = (x: { readonly [name: string]: tf.Tensor }) => tf.Tensor | readonly tf.Tensor[];

const stepOf =
  (body: Body): Step =>
  (_, feeds) => {
    const made = [body(feeds)].flat() as tf.Tensor[];
    return { state: {}, results: Object.fromEntries(made.map((tensor, i) => [`out${i}`, tensor])) };
  };

async function same(body: Body, feeds: Arrays, by = executors): Promise<void> {
  const expected = await eagerly(stepOf(body), {}, feeds);
  for (const executor of by) {
    const actual = await compiled(stepOf(body), {}, feeds, executor);
    expect(farthest(actual.results, expected.results)).toBeLessThan(TOLERANCE);
  }
}

const x = numbers(1, [3, 5, 4]);
const y = numbers(2, [3, 5, 4]);
const row = numbers(3, [4]);
const positive = numbers(4, [3, 5, 4], 0.1, 3);

describe('elementwise', () => {
  const unary: { readonly [name: string]: (x: tf.Tensor) => tf.Tensor } = {
    abs: tf.abs, ceil: tf.ceil, cos: tf.cos, elu: tf.elu, erf: tf.erf, exp: tf.exp, expm1: tf.expm1, floor: tf.floor, log1p: tf.log1p, neg: tf.neg,
    relu: tf.relu, relu6: (t) => tf.relu6(tf.mul(t, 20)), round: (t) => tf.round(tf.mul(t, 9)), sigmoid: tf.sigmoid, sign: tf.sign, sin: tf.sin,
    softplus: tf.softplus, square: tf.square, step: (t) => tf.step(t), tanh: tf.tanh, leakyRelu: (t) => tf.leakyRelu(t, 0.3), clip: (t) => tf.clipByValue(t, -0.4, 0.3),
  }; // prettier-ignore
  for (const [name, body] of Object.entries(unary)) test(`${name} agrees`, () => same(({ x }) => body(x!), { x }));

  const ofPositive: { readonly [name: string]: (x: tf.Tensor) => tf.Tensor } = {
    log: tf.log,
    sqrt: tf.sqrt,
    rsqrt: tf.rsqrt,
    reciprocal: tf.reciprocal,
  };
  for (const [name, body] of Object.entries(ofPositive)) test(`${name} agrees`, () => same(({ x }) => body(x!), { x: positive }));

  const binary: { readonly [name: string]: (a: tf.Tensor, b: tf.Tensor) => tf.Tensor } = {
    add: tf.add, sub: tf.sub, mul: tf.mul, div: tf.div, maximum: tf.maximum, minimum: tf.minimum, squaredDifference: tf.squaredDifference, mod: tf.mod, floorDiv: tf.floorDiv,
    equal: tf.equal, notEqual: tf.notEqual, greater: tf.greater, greaterEqual: tf.greaterEqual, less: tf.less, lessEqual: tf.lessEqual,
  }; // prettier-ignore
  for (const [name, body] of Object.entries(binary)) {
    test(`${name} agrees, with and without broadcasting`, () =>
      same(({ x, y, row }) => [body(x!, y!), body(x!, row!), body(row!, y!), body(x!, x!)], { x, y, row }));
  }

  test('pow agrees', () => same(({ x, y }) => tf.pow(x!, y!), { x: positive, y }));

  test('small numbers keep their digits in log1p and expm1', () =>
    same(({ x }) => [tf.log1p(x!), tf.expm1(x!)], { x: numbers(5, [64], -1e-5, 1e-5) }));

  test('whole numbers are divided, compared and converted as tfjs does', async () => {
    const feeds = { a: whole(6, [24], 40), b: whole(7, [24], 9) };
    await same(({ a, b }) => {
      const [left, right] = [tf.sub(a!, tf.scalar(20, 'int32')), tf.add(b!, tf.scalar(1, 'int32'))];
      return [
        tf.floorDiv(left, right),
        tf.mod(left, right),
        tf.mul(left, right),
        tf.maximum(left, right),
        tf.greater(left, right),
        tf.cast(left, 'float32'),
        tf.step(left),
      ];
    }, feeds);
    await same(({ x }) => [tf.cast(x!, 'int32'), tf.cast(x!, 'bool')], { x: numbers(8, [30], -5, 5) });
  });

  test('masks select, combine and reduce', () =>
    same(
      ({ x, y }) => {
        const [a, b] = [tf.greater(x!, 0), tf.greater(y!, 0)];
        return [
          tf.where(a, x!, y!),
          tf.logicalAnd(a, b),
          tf.logicalOr(a, b),
          tf.logicalNot(a),
          tf.sum(a, 1),
          tf.all(a, 2),
          tf.any(a, [0, 1]),
          tf.where(a, x!, tf.scalar(2)),
        ];
      },
      { x, y },
    ));
});

describe('reductions', () => {
  const kinds = { sum: tf.sum, mean: tf.mean, max: tf.max, min: tf.min, prod: tf.prod };
  for (const [name, body] of Object.entries(kinds)) {
    test(`${name} agrees over all axes, some, the last, and keeping them`, () =>
      same(({ x }) => [body(x!), body(x!, [0, 2]), body(x!, -1), body(x!, 1, true)], { x }));
  }
  test('the place of an extreme agrees', () => same(({ x }) => [tf.argMax(x!, 1), tf.argMin(x!, -1), tf.argMax(x!, 0)], { x }));
  test('ties go to the first', () => same(({ x }) => tf.argMax(tf.floor(x!), 1), { x }));
  test('softmax, its logarithm and their kin agree', () =>
    same(({ x }) => [tf.softmax(x!), tf.logSoftmax(x!), tf.logSumExp(x!, 1)], { x: numbers(9, [4, 7], -30, 30) }));
  test('running sums agree', () => same(({ x }) => [tf.cumsum(x!, 1), tf.cumsum(x!, 2, true), tf.cumsum(x!, 0, true, true)], { x }));
  test('four axes agree in whichever layout the input lies', () =>
    same(
      ({ x, filter }) => {
        const h = tf.conv2d(x as tf.Tensor4D, filter as tf.Tensor4D, 1, 'same');
        return [
          tf.mean(h, [1, 2]),
          tf.sum(h, 3),
          tf.max(h, [0, 3]),
          tf.mean(h, [0, 1, 2]),
          tf.sum(h, [1, 2], true),
          tf.mean(h, 1),
          tf.sum(h),
          tf.add(h, tf.sum(h, 3, true)),
          tf.mul(h, tf.mean(h, 0)),
        ];
      },
      { x: numbers(10, [2, 5, 6, 3]), filter: numbers(11, [3, 3, 3, 4]) },
    ));
});

describe('shapes', () => {
  test('reshape, transpose, expand, squeeze, tile, broadcast', () =>
    same(
      ({ x }) => [
        tf.reshape(x!, [5, -1]),
        tf.transpose(x!),
        tf.transpose(x!, [1, 0, 2]),
        tf.squeeze(tf.expandDims(x!, 1)),
        tf.tile(x!, [1, 2, 1]),
        tf.broadcastTo(tf.expandDims(x!, 0), [2, 3, 5, 4]),
      ],
      { x },
    ));
  test('concat, stack, unstack, split', () =>
    same(
      ({ x, y }) => [
        tf.concat([x!, y!], 1),
        tf.stack([x!, y!], 1),
        ...tf.unstack(x!, 0),
        ...tf.split(x!, [1, 4], 1),
        ...tf.split(x!, 2, -1),
      ],
      { x, y },
    ));
  test('slice, strided slice, reverse, pad', () =>
    same(({ x }) => [
      tf.slice(x!, [1, 0, 2], [-1, 3, 2]), tf.stridedSlice(x!, [0, 4, 0], [3, 0, 4], [2, -2, 1]), tf.stridedSlice(x!, [0, 0, 0], [3, 5, 4], [1, 1, 1], 0, 0, 0, 0, 1),
      tf.stridedSlice(x!, [2, 4, 3], [0, 0, 0], [-1, -1, -2], 0, 7), tf.reverse(x!, [0, 2]), tf.pad(x!, [[1, 0], [0, 2], [0, 0]], 0.5), tf.mirrorPad(x!, [[0, 0], [1, 2], [1, 1]], 'reflect'),
    ], { x })); // prettier-ignore
  test('gather, one-hot, segment sums', () =>
    same(
      ({ x, i }) => [
        tf.gather(x!, i!, 1),
        tf.gather(x!, tf.reshape(i!, [2, 3]), 0),
        tf.oneHot(i!, 4),
        tf.oneHot(i!, 3, 2, -1),
        tf.unsortedSegmentSum(tf.gather(x!, i!, 1), tf.tensor1d([1, 0, 1], 'int32'), 3),
      ],
      { x, i: whole(12, [6], 3) },
    ));
  test('constants: fill, ones, zeros, range, linspace, eye', () =>
    same(
      ({ x }) => [
        tf.fill([2, 3], 7),
        tf.onesLike(x!),
        tf.zeros([4]),
        tf.range(0, 5),
        tf.range(5, 0, -2),
        tf.linspace(0, 1, 4),
        tf.eye(3),
        tf.mul(tf.fill([3, 5, 4], 2), x!),
      ],
      { x },
    ));
  test('an output may be an input or a constant', () => same(({ x }) => [x!, tf.scalar(3), tf.reshape(x!, [60])], { x }));
  test('matrix products agree, transposed or not, in batches or not', () => {
    const feeds = {
      a: numbers(13, [4, 6]),
      b: numbers(14, [6, 5]),
      c: numbers(15, [2, 4, 6]),
      d: numbers(16, [2, 5, 6]),
      e: numbers(17, [4, 5]),
    };
    return same(
      ({ a, b, c, d, e }) => [
        tf.matMul(a!, b!),
        tf.matMul(a!, e!, true),
        tf.matMul(b!, a!, true, true),
        tf.matMul(c!, d!, false, true),
        tf.matMul(c!, e!, true),
        tf.dot(a!, b!),
      ],
      feeds,
    );
  });
});

describe('convolutions', () => {
  const sizes = [[7, 9], [8, 8], [5, 6]] as const; // prettier-ignore
  const windows = [[3, 1, 'same'], [3, 2, 'same'], [3, 2, 'valid'], [1, 1, 'valid'], [1, 2, 'valid'], [1, 2, 'same'], [5, 1, 'same'], [3, 1, 1], [3, 2, 1], [2, 2, 'valid'], [3, 3, 'same'], [1, 1, 1]] as const; // prettier-ignore
  for (const [height, width] of sizes) {
    test(`forward and both gradients agree on ${height}×${width}, for odd and even strides and all kinds of padding`, async () => {
      for (const [size, stride, pad] of windows) {
        const feeds = { x: numbers(20, [2, height, width, 3]), filter: numbers(21, [size, size, 3, 4]) };
        const body: Body = ({ x, filter }) => {
          const y = tf.conv2d(x as tf.Tensor4D, filter as tf.Tensor4D, stride, pad);
          const dy = tf.mul(y, 0.5);
          const inner = { strides: [stride, stride], pad, dataFormat: 'NHWC', dimRoundingMode: undefined } as never;
          const run = (kernel: string, inputs: object, shape: object): tf.Tensor =>
            tf.engine().runKernel(kernel, inputs as never, { ...(inner as object), ...shape } as never) as tf.Tensor;
          return [
            y,
            run('Conv2DBackpropInput', { dy, filter }, { inputShape: x!.shape }),
            run('Conv2DBackpropFilter', { x, dy }, { filterShape: filter!.shape }),
          ];
        };
        await same(body, feeds);
      }
    });
  }
  // Channels and batches in blocks, where the fast kernels take over: sides, strides and paddings for which they have rules, and others.
  for (const [batch, side, size, stride, pad] of [
    [8, 6, 3, 1, 1], [32, 4, 3, 2, 1], [16, 7, 3, 2, 1], [16, 6, 1, 2, 0], [16, 6, 1, 1, 0], [16, 5, 1, 2, 0], [16, 6, 3, 2, 'same'], [16, 4, 5, 1, 2], [16, 6, 3, 1, 'valid'], [12, 6, 3, 1, 1], [16, 6, 2, 2, 0],
  ] as const) {
    for (const [inner, outer] of [[16, 16], [3, 16]] as const) {
      test(`${inner} to ${outer} channels agree: batch ${batch}, ${side}×${side}, filter ${size}, stride ${stride}, padding ${pad}`, () =>
        same(({ x, filter, dy }) => {
          const y = tf.conv2d(x as tf.Tensor4D, filter as tf.Tensor4D, stride, pad);
          const slope = tf.relu(tf.add(y, tf.slice(dy!, [0], [outer])));
          const inner = { strides: stride, pad, dataFormat: 'NHWC' };
          const run = (kernel: string, inputs: object, shape: object): tf.Tensor => tf.engine().runKernel(kernel, inputs as never, { ...inner, ...shape } as never) as tf.Tensor;
          return [y, run('Conv2DBackpropFilter', { x, dy: slope }, { filterShape: filter!.shape }), run('Conv2DBackpropInput', { dy: slope, filter }, { inputShape: x!.shape })];
        }, { x: numbers(22, [batch, side, side, inner]), filter: numbers(23, [size, size, inner, outer]), dy: numbers(24, [64]) }, [onnx, onnxExecutor('plain')])); // prettier-ignore
    }
  } // prettier-ignore
  test('large images of large batches agree', () =>
    same(({ x, dy }) => tf.engine().runKernel('Conv2DBackpropFilter', { x: x!, dy: dy! }, { strides: 1, pad: 1, dataFormat: 'NHWC', filterShape: [3, 3, 1, 16] } as never) as tf.Tensor,
      { x: numbers(25, [32, 16, 16, 1]), dy: numbers(26, [32, 16, 16, 16]) }, [onnx])); // prettier-ignore
  test('dilated, depthwise and transposed convolutions agree', () =>
    same(
      ({ x, filter, depth }) => [
        tf.conv2d(x as tf.Tensor4D, filter as tf.Tensor4D, 1, 'same', 'NHWC', 2),
        tf.depthwiseConv2d(x as tf.Tensor4D, depth as tf.Tensor4D, 2, 'same'),
        tf.conv2dTranspose(tf.conv2d(x as tf.Tensor4D, filter as tf.Tensor4D, 2, 'same'), filter as tf.Tensor4D, [2, 7, 9, 3], 2, 'same'),
      ],
      { x: numbers(24, [2, 7, 9, 3]), filter: numbers(25, [3, 3, 3, 4]), depth: numbers(26, [3, 3, 3, 2]) },
    ));
  test('pools and their gradients agree, overlapping or not, with ties going to the first', () =>
    same(({ x }) => {
      const image = tf.round(tf.mul(x!, 3)) as tf.Tensor4D;
      const made: tf.Tensor[] = [];
      for (const [size, stride] of [[2, 2], [3, 2], [3, 1]] as const) {
        const attributes = { filterSize: size, strides: stride, pad: 'valid' } as never;
        const [most, mean] = [tf.maxPool(image, size, stride, 'valid'), tf.avgPool(image, size, stride, 'valid')];
        made.push(most, mean, tf.engine().runKernel('MaxPoolGrad', { dy: most, input: image, output: most }, attributes) as tf.Tensor, tf.engine().runKernel('AvgPoolGrad', { dy: mean, input: image }, attributes) as tf.Tensor);
      }
      return [...made, tf.maxPool(image, 3, 2, 'same'), tf.avgPool(image, 3, 2, 'same')];
    }, { x: numbers(27, [2, 7, 8, 3]) })); // prettier-ignore
});

describe('batch norm', () => {
  test('by running statistics', () =>
    same(
      ({ x, a, b, c, d }) =>
        tf.relu(tf.batchNorm(x as tf.Tensor4D, a as tf.Tensor1D, b as tf.Tensor1D, c as tf.Tensor1D, d as tf.Tensor1D, 1e-3)),
      { x: numbers(30, [2, 4, 5, 3]), a: numbers(31, [3]), b: numbers(32, [3], 0.5, 2), c: numbers(33, [3]), d: numbers(34, [3]) },
    ));
});

describe('images', () => {
  test('resizes agree in all three conventions', () =>
    same(({ x }) => {
      const image = x as tf.Tensor4D;
      return [
        tf.image.resizeBilinear(image, [9, 4]), tf.image.resizeBilinear(image, [3, 11], true), tf.image.resizeBilinear(image, [9, 4], false, true),
        tf.image.resizeNearestNeighbor(image, [9, 4]), tf.image.resizeNearestNeighbor(image, [9, 5], false, true),
      ];
    }, { x: numbers(40, [2, 6, 7, 3]) })); // prettier-ignore
  test('crops agree, also beyond the border', () => {
    const feeds = { x: numbers(41, [3, 6, 7, 2]), boxes: numbers(42, [5, 4], -0.2, 1.2), which: whole(43, [5], 3) };
    return same(
      ({ x, boxes, which }) => [
        tf.image.cropAndResize(x as tf.Tensor4D, boxes as tf.Tensor2D, which as tf.Tensor1D, [4, 5], 'bilinear', 0.5),
        tf.image.cropAndResize(x as tf.Tensor4D, boxes as tf.Tensor2D, which as tf.Tensor1D, [1, 3]),
        tf.image.cropAndResize(x as tf.Tensor4D, boxes as tf.Tensor2D, which as tf.Tensor1D, [4, 4], 'nearest'),
      ],
      feeds,
    );
  });
  for (const [mode, fill] of [
    ['constant', 0],
    ['constant', 0.7],
    ['nearest', 0],
  ] as const) {
    test(`warps agree with ${mode} filling by ${fill}, image by image`, async () => {
      const transforms = numbers(44, [6, 8], -0.4, 0.4);
      for (let i = 0; i < 6; i++) {
        transforms.data[i * 8]! += 1;
        transforms.data[i * 8 + 4]! += 1;
        transforms.data[i * 8 + 2]! *= 8;
        transforms.data[i * 8 + 5]! *= 8;
        transforms.data[i * 8 + 6]! *= 0.1;
        transforms.data[i * 8 + 7]! *= 0.1;
      }
      // tfjs' JS backend warps the first image of a batch only, so here the images are warped one by one.
      const each: Step = (_, { x, t }) => {
        const images = tf
          .split(x!, 6)
          .map((image, i) =>
            tf.image.transform(image as tf.Tensor4D, tf.slice(t!, [i, 0], [1, 8]) as tf.Tensor2D, 'bilinear', mode, fill, [7, 6]),
          );
        return { state: {}, results: { out: tf.concat(images) } };
      };
      const together: Step = (_, { x, t }) => ({
        state: {},
        results: { out: tf.image.transform(x as tf.Tensor4D, t as tf.Tensor2D, 'bilinear', mode, fill, [7, 6]) },
      });
      const feeds = { x: numbers(45, [6, 8, 9, 2]), t: transforms };
      const expected = await eagerly(each, {}, feeds);
      for (const executor of executors) {
        expect(farthest((await compiled(together, {}, feeds, executor)).results, expected.results)).toBeLessThan(TOLERANCE);
      }
      expect(farthest((await compiled(each, {}, feeds)).results, expected.results)).toBeLessThan(TOLERANCE);
    });
  }
});
