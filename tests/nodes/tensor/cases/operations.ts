// Every operation that a trace can record, in the variants that lowerings treat differently.
import * as tf from '@tensorflow/tfjs-core';
import type { TensorMap } from '../../../../nodes/tensor/trace.ts';
import { numbers, whole } from '../parity.ts';
import { type Body, type Case, each } from './case.ts';

type Unary = (x: tf.Tensor) => tf.Tensor;
type Binary = (a: tf.Tensor, b: tf.Tensor) => tf.Tensor;

/** A kernel that tfjs offers through its gradients only. */
const run = (kernel: string, inputs: object, attributes: object): tf.Tensor =>
  tf.engine().runKernel(kernel, inputs as never, attributes as never) as tf.Tensor;

const x = numbers(1, [3, 5, 4]);
const y = numbers(2, [3, 5, 4]);
const row = numbers(3, [4]);
const positive = numbers(4, [3, 5, 4], 0.1, 3);

const unary: { readonly [name: string]: Unary } = {
  abs: tf.abs, ceil: tf.ceil, cos: tf.cos, elu: tf.elu, erf: tf.erf, exp: tf.exp, expm1: tf.expm1, floor: tf.floor, log1p: tf.log1p, neg: tf.neg,
  relu: tf.relu, relu6: (t) => tf.relu6(tf.mul(t, 20)), round: (t) => tf.round(tf.mul(t, 9)), sigmoid: tf.sigmoid, sign: tf.sign, sin: tf.sin,
  softplus: tf.softplus, square: tf.square, step: (t) => tf.step(t), tanh: tf.tanh, leakyRelu: (t) => tf.leakyRelu(t, 0.3), clip: (t) => tf.clipByValue(t, -0.4, 0.3),
}; // prettier-ignore
const ofPositive: { readonly [name: string]: Unary } = { log: tf.log, sqrt: tf.sqrt, rsqrt: tf.rsqrt, reciprocal: tf.reciprocal };
const binary: { readonly [name: string]: Binary } = {
  add: tf.add, sub: tf.sub, mul: tf.mul, div: tf.div, maximum: tf.maximum, minimum: tf.minimum, squaredDifference: tf.squaredDifference, mod: tf.mod, floorDiv: tf.floorDiv,
  equal: tf.equal, notEqual: tf.notEqual, greater: tf.greater, greaterEqual: tf.greaterEqual, less: tf.less, lessEqual: tf.lessEqual,
}; // prettier-ignore

export const elementwise: readonly Case[] = [
  ...each(
    unary,
    { x },
    (operation) =>
      ({ x }) =>
        operation(x!),
  ),
  ...each(
    ofPositive,
    { x: positive },
    (operation) =>
      ({ x }) =>
        operation(x!),
  ),
  ...each(binary, { x, y, row }, (operation) => ({ x, y, row }) => [
    operation(x!, y!),
    operation(x!, row!),
    operation(row!, y!),
    operation(x!, x!),
  ]),
  { name: 'pow', body: ({ x, y }) => tf.pow(x!, y!), feeds: { x: positive, y } },
  { name: 'addN', body: ({ x, y }) => tf.addN([x!, y!, x!]), feeds: { x, y } },
  {
    name: 'log1p and expm1 of small numbers, which keep their digits',
    body: ({ x }) => [tf.log1p(x!), tf.expm1(x!)],
    feeds: { x: numbers(5, [64], -1e-5, 1e-5) },
  },
  {
    name: 'whole numbers divided, compared and converted',
    body: ({ a, b }) => {
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
    },
    feeds: { a: whole(6, [24], 40), b: whole(7, [24], 9) },
  },
  {
    name: 'fractions made whole numbers and masks',
    body: ({ x }) => [tf.cast(x!, 'int32'), tf.cast(x!, 'bool')],
    feeds: { x: numbers(8, [30], -5, 5) },
  },
  {
    name: 'masks that select, combine and reduce',
    body: ({ x, y }) => {
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
    feeds: { x, y },
  },
];

const convolved = ({ x, filter }: TensorMap): tf.Tensor => tf.conv2d(x as tf.Tensor4D, filter as tf.Tensor4D, 1, 'same');

export const reductions: readonly Case[] = [
  ...each({ sum: tf.sum, mean: tf.mean, max: tf.max, min: tf.min, prod: tf.prod }, { x }, (operation) => ({ x }) => [
    operation(x!),
    operation(x!, [0, 2]),
    operation(x!, -1),
    operation(x!, 1, true),
  ]),
  { name: 'the place of an extreme', body: ({ x }) => [tf.argMax(x!, 1), tf.argMin(x!, -1), tf.argMax(x!, 0)], feeds: { x } },
  { name: 'the first of several extremes', body: ({ x }) => tf.argMax(tf.floor(x!), 1), feeds: { x } },
  {
    name: 'softmax, its logarithm and their kin',
    body: ({ x }) => [tf.softmax(x!), tf.logSoftmax(x!), tf.logSumExp(x!, 1)],
    feeds: { x: numbers(9, [4, 7], -30, 30) },
  },
  { name: 'running sums', body: ({ x }) => [tf.cumsum(x!, 1), tf.cumsum(x!, 2, true), tf.cumsum(x!, 0, true, true)], feeds: { x } },
  {
    name: 'four axes, in whichever layout the input lies',
    body: (feeds) => {
      const h = convolved(feeds);
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
    feeds: { x: numbers(10, [2, 5, 6, 3]), filter: numbers(11, [3, 3, 3, 4]) },
  },
];

export const shapes: readonly Case[] = [
  {
    name: 'reshape, transpose, expand, squeeze, tile, broadcast',
    body: ({ x }) => [
      tf.reshape(x!, [5, -1]),
      tf.transpose(x!),
      tf.transpose(x!, [1, 0, 2]),
      tf.squeeze(tf.expandDims(x!, 1)),
      tf.tile(x!, [1, 2, 1]),
      tf.broadcastTo(tf.expandDims(x!, 0), [2, 3, 5, 4]),
    ],
    feeds: { x },
  },
  {
    name: 'transposition of pictures, to channels first and back, around what works in either order',
    body: ({ image, filter, first }) => {
      const planes = tf.transpose(image!, [0, 3, 1, 2]);
      const back = tf.transpose(tf.relu(planes), [0, 2, 3, 1]) as tf.Tensor4D;
      const last = tf.transpose(first!, [0, 2, 3, 1]) as tf.Tensor4D;
      const [a, b] = [back, last].map((x) => tf.conv2d(x, filter as tf.Tensor4D, 1, 'same')) as [tf.Tensor4D, tf.Tensor4D];
      return [
        ...[planes, tf.reshape(planes, [2, 3, 30]), tf.mul(back, tf.tensor1d([1, 2, 3])), a, last, b],
        ...[tf.transpose(a, [0, 3, 1, 2]), tf.transpose(b, [0, 2, 1, 3])],
      ];
    },
    feeds: { image: numbers(12, [2, 5, 6, 3]), filter: numbers(11, [3, 3, 3, 4]), first: numbers(13, [2, 3, 5, 6]) },
  },
  {
    name: 'concat, stack, unstack, split',
    body: ({ x, y }) => [
      tf.concat([x!, y!], 1),
      tf.stack([x!, y!], 1),
      ...tf.unstack(x!, 0),
      ...tf.split(x!, [1, 4], 1),
      ...tf.split(x!, 2, -1),
    ],
    feeds: { x, y },
  },
  {
    name: 'slice, strided slice, reverse, pad',
    body: ({ x }) => [
      tf.slice(x!, [1, 0, 2], [-1, 3, 2]), tf.stridedSlice(x!, [0, 4, 0], [3, 0, 4], [2, -2, 1]), tf.stridedSlice(x!, [0, 0, 0], [3, 5, 4], [1, 1, 1], 0, 0, 0, 0, 1),
      tf.stridedSlice(x!, [2, 4, 3], [0, 0, 0], [-1, -1, -2], 0, 7), tf.reverse(x!, [0, 2]), tf.pad(x!, [[1, 0], [0, 2], [0, 0]], 0.5), tf.mirrorPad(x!, [[0, 0], [1, 2], [1, 1]], 'reflect'),
    ],
    feeds: { x },
  }, // prettier-ignore
  {
    name: 'gather, one-hot, segment sums',
    body: ({ x, i }) => [
      tf.gather(x!, i!, 1),
      tf.gather(x!, tf.reshape(i!, [2, 3]), 0),
      tf.oneHot(i!, 4),
      tf.oneHot(i!, 3, 2, -1),
      tf.unsortedSegmentSum(tf.gather(x!, i!, 1), tf.tensor1d([1, 0, 1], 'int32'), 3),
    ],
    feeds: { x, i: whole(12, [6], 3) },
  },
  {
    name: 'constants: fill, ones, zeros, range, linspace, eye',
    body: ({ x }) => [
      tf.fill([2, 3], 7),
      tf.onesLike(x!),
      tf.zerosLike(x!),
      tf.zeros([4]),
      tf.range(0, 5),
      tf.range(5, 0, -2),
      tf.linspace(0, 1, 4),
      tf.eye(3),
      tf.mul(tf.fill([3, 5, 4], 2), x!),
    ],
    feeds: { x },
  },
  { name: 'an output that is an input or a constant', body: ({ x }) => [x!, tf.scalar(3), tf.reshape(x!, [60]), x!.clone()], feeds: { x } },
];

export const products: readonly Case[] = [
  {
    name: 'matrix products, transposed or not, in batches or not',
    body: ({ a, b, c, d, e }) => [
      tf.matMul(a!, b!),
      tf.matMul(a!, e!, true),
      tf.matMul(b!, a!, true, true),
      tf.matMul(c!, d!, false, true),
      tf.matMul(c!, e!, true),
      tf.dot(a!, b!),
    ],
    feeds: {
      a: numbers(13, [4, 6]),
      b: numbers(14, [6, 5]),
      c: numbers(15, [2, 4, 6]),
      d: numbers(16, [2, 5, 6]),
      e: numbers(17, [4, 5]),
    },
  },
];

type Pad = 'same' | 'valid' | number;

/** Forward and both gradients; `slope` makes the gradient that comes in. */
const convolution =
  (stride: number, pad: Pad, slope: (y: tf.Tensor, feeds: TensorMap) => tf.Tensor): Body =>
  (feeds) => {
    const { x, filter } = feeds as { x: tf.Tensor4D; filter: tf.Tensor4D };
    const y = tf.conv2d(x, filter, stride, pad);
    const dy = slope(y, feeds);
    const window = { strides: [stride, stride], pad, dataFormat: 'NHWC' };
    return [
      y,
      run('Conv2DBackpropFilter', { x, dy }, { ...window, filterShape: filter.shape }),
      run('Conv2DBackpropInput', { dy, filter }, { ...window, inputShape: x.shape }),
    ];
  };

const sizes = [[7, 9], [8, 8], [5, 6]] as const; // prettier-ignore
const windows = [[3, 1, 'same'], [3, 2, 'same'], [3, 2, 'valid'], [1, 1, 'valid'], [1, 2, 'valid'], [1, 2, 'same'], [5, 1, 'same'], [3, 1, 1], [3, 2, 1], [2, 2, 'valid'], [3, 3, 'same'], [1, 1, 1]] as const; // prettier-ignore

const narrow: readonly Case[] = sizes.flatMap(([height, width]) =>
  windows.map(([size, stride, pad]) => ({
    name: `forward and both gradients: ${height}×${width}, filter ${size}, stride ${stride}, padding ${pad}`,
    ...(height === 7 ? {} : { large: true }),
    body: convolution(stride, pad, (y) => tf.mul(y, 0.5)),
    feeds: { x: numbers(20, [2, height, width, 3]), filter: numbers(21, [size, size, 3, 4]) },
  })),
);

/** Channels and batches in blocks, where fast kernels take over: sides, strides and paddings for which they have rules, and others. */
const wide = [
  [8, 6, 3, 1, 1], [32, 4, 3, 2, 1], [16, 7, 3, 2, 1], [16, 6, 1, 2, 0], [16, 6, 1, 1, 0], [16, 5, 1, 2, 0], [16, 6, 3, 2, 'same'], [16, 4, 5, 1, 2], [16, 6, 3, 1, 'valid'], [12, 6, 3, 1, 1], [16, 6, 2, 2, 0], [7, 4, 3, 1, 1], [19, 5, 3, 2, 1], [16, 4, 3, 1, 3], [8, 7, 1, 3, 0], [8, 10, 3, 1, 1],
] as const; // prettier-ignore

const blocked: readonly Case[] = ([[16, 16], [3, 16]] as const).flatMap(([inner, outer]) =>
  wide.map(([batch, side, size, stride, pad]) => ({
    name: `${inner} to ${outer} channels: batch ${batch}, ${side}×${side}, filter ${size}, stride ${stride}, padding ${pad}`,
    large: true,
    body: convolution(stride, pad, (y, { bias }) => tf.relu(tf.add(y, tf.slice(bias!, [0], [outer])))),
    feeds: { x: numbers(22, [batch, side, side, inner]), filter: numbers(23, [size, size, inner, outer]), bias: numbers(24, [64]) },
  })),
); // prettier-ignore

export const convolutions: readonly Case[] = [
  ...narrow,
  ...blocked,
  {
    name: 'the gradient to the filter over large images and batches',
    large: true,
    body: ({ x, dy }) => run('Conv2DBackpropFilter', { x, dy }, { strides: 1, pad: 1, dataFormat: 'NHWC', filterShape: [3, 3, 1, 16] }),
    feeds: { x: numbers(25, [32, 16, 16, 1]), dy: numbers(26, [32, 16, 16, 16]) },
  },
  {
    name: 'dilated, depthwise and transposed convolutions',
    body: ({ x, filter, depth }) => [
      tf.conv2d(x as tf.Tensor4D, filter as tf.Tensor4D, 1, 'same', 'NHWC', 2),
      tf.depthwiseConv2d(x as tf.Tensor4D, depth as tf.Tensor4D, 2, 'same'),
      tf.conv2dTranspose(tf.conv2d(x as tf.Tensor4D, filter as tf.Tensor4D, 2, 'same'), filter as tf.Tensor4D, [2, 7, 9, 3], 2, 'same'),
    ],
    feeds: { x: numbers(24, [2, 7, 9, 3]), filter: numbers(25, [3, 3, 3, 4]), depth: numbers(26, [3, 3, 3, 2]) },
  },
  {
    name: 'pools and their gradients, overlapping or not, with ties going to the first',
    body: ({ x }) => {
      const image = tf.round(tf.mul(x!, 3)) as tf.Tensor4D;
      const made = ([[2, 2], [3, 2], [3, 1]] as const).flatMap(([size, stride]) => {
        const attributes = { filterSize: size, strides: stride, pad: 'valid' };
        const [most, mean] = [tf.maxPool(image, size, stride, 'valid'), tf.avgPool(image, size, stride, 'valid')];
        return [most, mean, run('MaxPoolGrad', { dy: most, input: image, output: most }, attributes), run('AvgPoolGrad', { dy: mean, input: image }, attributes)];
      });
      const padded = ([['same', 3, 2], ['same', 2, 2], [1, 3, 3]] as const).map(([pad, size, stride]) => {
        const most = tf.maxPool(image, size, stride, pad);
        return run('MaxPoolGrad', { dy: most, input: image, output: most }, { filterSize: size, strides: stride, pad });
      });
      return [...made, ...padded, tf.maxPool(image, 3, 2, 'same'), tf.avgPool(image, 3, 2, 'same')];
    },
    feeds: { x: numbers(27, [2, 7, 8, 3]) },
  }, // prettier-ignore
];

const channels = (seed: number, low = -1, high = 1) => numbers(seed, [3], low, high);

export const normalisations: readonly Case[] = [
  {
    name: 'batch norm by running statistics',
    body: ({ x, a, b, c, d }) =>
      tf.relu(tf.batchNorm(x as tf.Tensor4D, a as tf.Tensor1D, b as tf.Tensor1D, c as tf.Tensor1D, d as tf.Tensor1D, 1e-3)),
    feeds: { x: numbers(30, [2, 4, 5, 3]), a: channels(31), b: channels(32, 0.5, 2), c: channels(33), d: channels(34) },
  },
  {
    name: 'batch norm by running statistics of a convolution, with a residual; of one that others read too; without scale and offset',
    body: ({ x, filter, a, b, c, d }) => {
      const [image, kernel, mean, variance] = [x, filter, a, b] as [tf.Tensor4D, tf.Tensor4D, tf.Tensor1D, tf.Tensor1D];
      const convolved = (stride: number) => tf.conv2d(image, kernel, stride, 1);
      const shared = convolved(2);
      const norm = (y: tf.Tensor4D) => tf.batchNorm(y, mean, variance, c as tf.Tensor1D, d as tf.Tensor1D, 1e-3);
      return [
        tf.relu(tf.add(norm(convolved(1)), image)),
        shared,
        norm(shared),
        tf.batchNorm(tf.conv2d(image, kernel, 1, 'valid'), mean, variance),
      ];
    },
    feeds: {
      x: numbers(35, [2, 6, 5, 3]),
      filter: numbers(36, [3, 3, 3, 3]),
      a: channels(37),
      b: channels(38, 0.5, 2),
      c: channels(39),
      d: channels(40),
    },
  },
];

/** Shears, turns and perspectives near the identity, [n, 8]. */
function warps(count: number) {
  const transforms = numbers(44, [count, 8], -0.4, 0.4);
  for (let i = 0; i < count; i++) {
    const [place, factors] = [i * 8, [1, 1, 8, 1, 1, 8, 0.1, 0.1]];
    factors.forEach((factor, k) => (transforms.data[place + k]! *= factor));
    transforms.data[place]! += 1;
    transforms.data[place + 4]! += 1;
  }
  return transforms;
}

const fillings = [['constant', 0], ['constant', 0.7], ['nearest', 0]] as const; // prettier-ignore

export const images: readonly Case[] = [
  {
    name: 'resizes in all three conventions',
    body: ({ x }) => {
      const image = x as tf.Tensor4D;
      return [
        tf.image.resizeBilinear(image, [9, 4]),
        tf.image.resizeBilinear(image, [3, 11], true),
        tf.image.resizeBilinear(image, [9, 4], false, true),
        tf.image.resizeNearestNeighbor(image, [9, 4]),
        tf.image.resizeNearestNeighbor(image, [9, 5], false, true),
      ];
    },
    feeds: { x: numbers(40, [2, 6, 7, 3]) },
  },
  { name: 'flips', body: ({ x }) => tf.image.flipLeftRight(x as tf.Tensor4D), feeds: { x: numbers(40, [2, 6, 7, 3]) } },
  {
    name: 'crops, also beyond the border',
    body: ({ x, boxes, which }) => {
      const inputs = [x as tf.Tensor4D, boxes as tf.Tensor2D, which as tf.Tensor1D] as const;
      return [
        tf.image.cropAndResize(...inputs, [4, 5], 'bilinear', 0.5),
        tf.image.cropAndResize(...inputs, [1, 3]),
        tf.image.cropAndResize(...inputs, [4, 4], 'nearest'),
      ];
    },
    feeds: { x: numbers(41, [3, 6, 7, 2]), boxes: numbers(42, [5, 4], -0.2, 1.2), which: whole(43, [5], 3) },
  },
  ...fillings.map(([mode, fill]): Case => {
    const warp = (image: tf.Tensor, transforms: tf.Tensor): tf.Tensor =>
      tf.image.transform(image as tf.Tensor4D, transforms as tf.Tensor2D, 'bilinear', mode, fill, [7, 6]);
    return {
      name: `warps with ${mode} filling by ${fill}, image by image`,
      body: ({ x, t }) => warp(x!, t!),
      // The JS backend warps the first image of a batch only.
      reference: ({ x, t }) => tf.concat(tf.split(x!, 6).map((image, i) => warp(image, tf.slice(t!, [i, 0], [1, 8])))),
      feeds: { x: numbers(45, [6, 8, 9, 2]), t: warps(6) },
    };
  }),
];

/** All of them, by what a reader would look for. */
export const OPERATIONS: { readonly [group: string]: readonly Case[] } = {
  elementwise,
  reductions,
  shapes,
  products,
  convolutions,
  normalisations,
  images,
};
