// Derivatives of matrix products, convolutions, pools and batch norm by running statistics.
import * as tf from '@tensorflow/tfjs-core';
import { gathered, type Gradient, rule } from './rule.ts';

const run = (kernel: string, inputs: object, attributes: object): tf.Tensor =>
  tf.engine().runKernel(kernel, inputs as tf.NamedTensorMap, attributes as never) as tf.Tensor;

/** y = op(a) · op(b), each transposed or not. */
const matMul: Gradient = rule('BatchMatMul', { inputs: ['a', 'b'] }, (dy, saved, { transposeA, transposeB }) => {
  const [a, b] = saved as [tf.Tensor, tf.Tensor];
  const da = (): tf.Tensor => (transposeA ? tf.matMul(b, dy, transposeB, true) : tf.matMul(dy, b, false, !transposeB));
  const db = (): tf.Tensor => (transposeB ? tf.matMul(dy, a, true, transposeA) : tf.matMul(a, dy, !transposeA, false));
  return { a: () => gathered(da(), a.shape), b: () => gathered(db(), b.shape) };
});

const undilated = (dilations: number | readonly number[] | undefined): void => {
  if ([dilations ?? 1].flat().some((step) => step !== 1)) throw new Error('The gradient of a dilated convolution is not known.');
};

const convolution: Gradient = rule(
  'Conv2D',
  { inputs: ['x', 'filter'] },
  (dy, saved, { strides, pad, dataFormat, dimRoundingMode, dilations }) => {
    undilated(dilations);
    const [x, filter] = saved as [tf.Tensor, tf.Tensor];
    const window = { strides, pad, dataFormat, dimRoundingMode };
    return {
      x: () => run('Conv2DBackpropInput', { dy, filter }, { ...window, inputShape: x.shape }),
      filter: () => run('Conv2DBackpropFilter', { x, dy }, { ...window, filterShape: filter.shape }),
    };
  },
);

/** Of the transposed convolution, whose forward pass is a convolution's gradient. */
const transposedConvolution: Gradient = rule(
  'Conv2DBackpropInput',
  { inputs: ['dy', 'filter'] },
  (slope, saved, { strides, pad, dataFormat, dimRoundingMode }) => {
    const [dy, filter] = saved as [tf.Tensor, tf.Tensor];
    const window = { strides, pad, dataFormat, dimRoundingMode };
    return {
      dy: () => run('Conv2D', { x: slope, filter }, { ...window, dilations: 1 }),
      filter: () => run('Conv2DBackpropFilter', { x: slope, dy }, { ...window, filterShape: filter.shape }),
    };
  },
);

const averagePool: Gradient = rule('AvgPool', { inputs: ['x'] }, (dy, [input], { filterSize, strides, pad }) => ({
  x: () => run('AvgPoolGrad', { dy, input }, { filterSize, strides, pad }),
}));

const maximumPool: Gradient = rule('MaxPool', { inputs: ['x'], output: true }, (dy, [input, output], { filterSize, strides, pad }) => ({
  x: () => run('MaxPoolGrad', { dy, input, output }, { filterSize, strides, pad }),
}));

/** y = γ(x − m)/√(v + ε) + β with m, v, γ, β of shape [C]. */
const batchNorm: Gradient = rule('FusedBatchNorm', { inputs: ['x', 'mean', 'variance', 'scale'] }, (dy, saved, { varianceEpsilon }) => {
  const [x, mean, variance, scale] = saved as [tf.Tensor, tf.Tensor, tf.Tensor, tf.Tensor];
  const inverse = tf.rsqrt(tf.add(variance, varianceEpsilon));
  const factor = tf.mul(scale, inverse);
  const overall = (slope: tf.Tensor): tf.Tensor => gathered(slope, mean.shape);
  const centred = tf.sub(x, mean);
  return {
    x: () => tf.mul(dy, factor),
    scale: () => tf.mul(overall(tf.mul(dy, centred)), inverse),
    offset: () => overall(dy),
    mean: () => tf.neg(tf.mul(overall(dy), factor)),
    variance: () => tf.mul(overall(tf.mul(dy, centred)), tf.mul(factor, tf.mul(tf.square(inverse), -0.5))),
  };
});

export const PRODUCT_GRADIENTS: readonly Gradient[] = [matMul, convolution, transposedConvolution, averagePool, maximumPool, batchNorm];
