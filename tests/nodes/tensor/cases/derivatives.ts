// Functions of which every executor shall have the derivative: each operation that can be differentiated.
import * as tf from '@tensorflow/tfjs-core';
import { batchNormTraining } from '../../../../nodes/tensor/batch-norm.ts';
import type { TensorMap } from '../../../../nodes/tensor/trace.ts';
import { numbers, whole } from '../parity.ts';
import { type Case, each } from './case.ts';

const x = numbers(1, [3, 4], 0.2, 0.9);
const y = numbers(2, [3, 4], 1.1, 1.9);
const row = numbers(3, [4], 2, 3);
const signed = numbers(4, [3, 4], -0.9, 0.9);
/** Away from kinks by more than the widest difference. */
const split = { ...signed, data: signed.data.map((value) => value + Math.sign(value) * 0.05) };
/** Far from each other, so that a small step makes no other extreme. */
const apart = { ...x, data: x.data.map((value, i) => value * 0.1 + ((i * 5) % 12)) };

type Unary = (x: tf.Tensor) => tf.Tensor;
type Binary = (a: tf.Tensor, b: tf.Tensor) => tf.Tensor;

const unary: { readonly [name: string]: Unary } = {
  cos: tf.cos, erf: tf.erf, exp: tf.exp, expm1: tf.expm1, log: tf.log, log1p: tf.log1p, neg: tf.neg, reciprocal: tf.reciprocal, rsqrt: tf.rsqrt, sigmoid: tf.sigmoid, sin: tf.sin,
  softplus: tf.softplus, sqrt: tf.sqrt, square: tf.square, tanh: tf.tanh, softmax: (t) => tf.softmax(t), logSoftmax: (t) => tf.logSoftmax(t), logSumExp: (t) => tf.logSumExp(t, 1),
  clone: (t) => tf.mul(t.clone(), t), cast: (t) => tf.mul(tf.cast(tf.cast(t, 'float32'), 'float32'), t), mean: (t) => tf.mean(t, 0),
  sum: (t) => tf.sum(t, 1, true), transpose: (t) => tf.square(tf.transpose(t)), reshape: (t) => tf.square(tf.reshape(t, [2, 6])), expandDims: (t) => tf.square(tf.expandDims(t, 1)),
  tile: (t) => tf.tile(t, [2, 3]), broadcastTo: (t) => tf.broadcastTo(t, [2, 3, 4]), slice: (t) => tf.square(tf.slice(t, [1, 0], [2, 3])), pad: (t) => tf.square(tf.pad(t, [[1, 2], [0, 1]])),
  reverse: (t) => tf.reverse(t, 1), cumsum: (t) => tf.square(tf.cumsum(t, 1, true)), unstack: (t) => tf.mul(tf.unstack(t)[0]!, tf.unstack(t)[2]!), gather: (t) => tf.square(tf.gather(t, tf.tensor1d([1, 0, 1, 3], 'int32'), 1)),
  splitting: (t) => tf.mul(tf.split(t, 2, 1)[0]!, tf.slice(tf.split(t, [1, 3], 1)[1]!, [0, 0], [3, 2])), addN: (t) => tf.addN([t, tf.square(t), t]), stack: (t) => tf.stack([t, tf.square(t)], 1),
}; // prettier-ignore

const kinked: { readonly [name: string]: Unary } = {
  abs: tf.abs, relu: tf.relu, elu: tf.elu, leakyRelu: (t) => tf.leakyRelu(t, 0.3), relu6: (t) => tf.relu6(tf.mul(t, 0.9)), clip: (t) => tf.clipByValue(t, 0, 3),
  masks: (t) => tf.mul(t, tf.cast(tf.greater(t, 0), 'float32')), where: (t) => tf.where(tf.greater(t, 0), tf.square(t), t), step: (t) => tf.add(tf.step(t), t), sign: (t) => tf.add(tf.mul(tf.sign(t), t), tf.floor(tf.mul(t, 0.5))),
}; // prettier-ignore

const binary: { readonly [name: string]: Binary } = {
  add: tf.add, sub: tf.sub, mul: tf.mul, div: tf.div, pow: tf.pow, maximum: tf.maximum, minimum: tf.minimum, squaredDifference: tf.squaredDifference,
  concat: (a, b) => tf.square(tf.concat([a, b], 1)),
}; // prettier-ignore

const repeated: { readonly [name: string]: Binary } = Object.fromEntries(
  ['add', 'sub', 'mul', 'div', 'pow', 'maximum'].map((name) => {
    const operation = binary[name]!;
    return [`${name} with one side repeated`, (a, b) => tf.add(operation(a, b), operation(b, a))];
  }),
);

const products: readonly Case[] = [
  ...([[false, false], [false, true], [true, false], [true, true]] as const).map(([left, right]) => ({
    name: `a product, left ${left ? 'transposed' : 'plain'}, right ${right ? 'transposed' : 'plain'}`,
    body: ({ a, b }: TensorMap) => tf.matMul(a!, b!, left, right),
    feeds: { a: numbers(5, left ? [3, 2] : [2, 3]), b: numbers(6, right ? [4, 3] : [3, 4]) },
  })),
  {
    name: 'a batch of products',
    body: ({ a, b }) => tf.matMul(a!, b!),
    feeds: { a: numbers(5, [2, 2, 3]), b: numbers(6, [2, 3, 4]) },
  },
]; // prettier-ignore

const convolutions: readonly Case[] = [
  ...([[1, 'same'], [2, 'same'], [2, 1], [1, 'valid']] as const).map(([stride, pad]) => ({
    name: `a convolution, stride ${stride}, padding ${pad}`,
    body: ({ x, filter }: TensorMap) => tf.conv2d(x as tf.Tensor4D, filter as tf.Tensor4D, stride, pad),
    feeds: { x: numbers(7, [2, 5, 6, 2]), filter: numbers(8, [3, 3, 2, 3]) },
  })),
  {
    name: 'a transposed convolution',
    body: ({ x, filter }) => tf.conv2dTranspose(x as tf.Tensor4D, filter as tf.Tensor4D, [2, 6, 6, 2], 2, 'same'),
    feeds: { x: numbers(7, [2, 3, 3, 3]), filter: numbers(8, [3, 3, 2, 3]) },
  },
  {
    name: 'pools',
    body: ({ x }) => tf.concat([tf.maxPool(x as tf.Tensor4D, 2, 2, 'valid'), tf.avgPool(x as tf.Tensor4D, 2, 2, 'valid')], 3),
    feeds: { x: numbers(9, [1, 4, 4, 2], 0, 9) },
  },
]; // prettier-ignore

const normalisations: readonly Case[] = [
  {
    name: 'batch norm by running statistics',
    body: ({ x, m, v, s, o }) =>
      tf.square(tf.batchNorm(x as tf.Tensor4D, m as tf.Tensor1D, v as tf.Tensor1D, o as tf.Tensor1D, s as tf.Tensor1D, 1e-3)),
    feeds: {
      x: numbers(10, [2, 3, 3, 2]),
      m: numbers(11, [2]),
      v: numbers(12, [2], 0.5, 2),
      s: numbers(13, [2]),
      o: numbers(14, [2]),
    },
  },
  {
    name: 'batch norm by the batch’s own statistics',
    body: ({ x, s, o }) => tf.square(batchNormTraining(x as tf.Tensor4D, s!, o!, 1e-3).y),
    feeds: { x: numbers(10, [4, 3, 3, 2]), s: numbers(13, [2], 1, 2), o: numbers(14, [2]) },
  },
];

export const DERIVATIVES: readonly Case[] = [
  ...each(
    unary,
    { x },
    (operation) =>
      ({ x }) =>
        operation(x!),
  ),
  ...each(
    kinked,
    { x: split },
    (operation) =>
      ({ x }) =>
        operation(x!),
  ),
  ...each(
    binary,
    { x, y },
    (operation) =>
      ({ x, y }) =>
        operation(x!, y!),
  ),
  ...each(
    repeated,
    { x, row },
    (operation) =>
      ({ x, row }) =>
        operation(x!, row!),
  ),
  { name: 'extremes', body: ({ x }) => tf.concat([tf.max(x!, 1), tf.min(x!, 0), tf.reshape(tf.max(x!), [1])]), feeds: { x: apart } },
  {
    name: 'look-ups by whole numbers',
    body: ({ table, rows }) => tf.gather(table!, rows as tf.Tensor1D),
    feeds: { table: numbers(30, [5, 3]), rows: whole(31, [8], 5) },
  },
  ...products,
  ...convolutions,
  ...normalisations,
];
