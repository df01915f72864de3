// Batch norm with the batch's own statistics, as two kernels of Kith's own: a lowering meets it whole instead of as twenty small operations.
// Backends that have no such kernel get one composed of tfjs operations.
import * as tf from '@tensorflow/tfjs-core';

export const BATCH_NORM_TRAINING = 'BatchNormTraining';
export const BATCH_NORM_TRAINING_GRAD = 'BatchNormTrainingGrad';

export interface BatchNormalised {
  readonly y: tf.Tensor4D;
  /** [C] mean over all axes but the last. */
  readonly mean: tf.Tensor1D;
  /** [C] biased variance (divided by the count) over all axes but the last. */
  readonly variance: tf.Tensor1D;
}

/**
 * Batch norm in training (Ioffe and Szegedy, ICML 2015, algorithm 1): y = γ(x − m)/√(v + ε) + β with m, v over all axes but the last.
 * Gradients flow through y to x, scale and offset; mean and variance are statistics, through which no gradient flows.
 *
 * @param x [..., C]
 * @param scale γ, [C]
 * @param offset β, [C]
 */
export function batchNormTraining(x: tf.Tensor4D, scale: tf.Tensor, offset: tf.Tensor, epsilon: number): BatchNormalised {
  prepare();
  const outputs = tf.engine().runKernel(BATCH_NORM_TRAINING, { x, scale, offset }, { epsilon }) as tf.Tensor[];
  const [y, mean, variance] = outputs as [tf.Tensor4D, tf.Tensor1D, tf.Tensor1D];
  return { y, mean, variance };
}

/** Registers, once, the gradient and, where the current backend has none, the composed kernels. */
export function prepare(): void {
  if (!tf.getGradient(BATCH_NORM_TRAINING)) tf.registerGradient(gradient);
  const backendName = tf.getBackend();
  if (tf.getKernel(BATCH_NORM_TRAINING, backendName)) return;
  tf.registerKernel({
    kernelName: BATCH_NORM_TRAINING,
    backendName,
    kernelFunc: ({ inputs, attrs }) => composed(inputs as Forward, attrs as Epsilon),
  });
  tf.registerKernel({
    kernelName: BATCH_NORM_TRAINING_GRAD,
    backendName,
    kernelFunc: ({ inputs, attrs }) => composedGrad(inputs as Backward, attrs as Epsilon),
  });
}

type Epsilon = { readonly epsilon: number };
type Forward = { readonly x: tf.Tensor; readonly scale: tf.Tensor; readonly offset: tf.Tensor };
type Backward = {
  readonly dy: tf.Tensor;
  readonly x: tf.Tensor;
  readonly scale: tf.Tensor;
  readonly mean: tf.Tensor;
  readonly variance: tf.Tensor;
};

const gradient: tf.GradConfig = {
  kernelName: BATCH_NORM_TRAINING,
  inputsToSave: ['x', 'scale'],
  outputsToSave: [false, true, true],
  gradFunc: (dys, saved, attrs) => {
    const [dy] = dys as tf.Tensor[];
    const [x, scale, mean, variance] = saved as [tf.Tensor, tf.Tensor, tf.Tensor, tf.Tensor];
    const slopes = tf.engine().runKernel(BATCH_NORM_TRAINING_GRAD, { dy: dy!, x, scale, mean, variance }, attrs) as tf.Tensor[];
    return { x: () => slopes[0]!, scale: () => slopes[1]!, offset: () => slopes[2]! };
  },
};

const allButLast = ({ shape }: tf.Tensor): number[] => shape.slice(0, -1).map((_, axis) => axis);

function composed({ x, scale, offset }: Forward, { epsilon }: Epsilon): tf.Tensor[] {
  return tf.tidy(() => {
    const mean = tf.mean(x, allButLast(x)); //                                            [C]
    const centred = tf.sub(x, mean);
    const variance = tf.mean(tf.square(centred), allButLast(x)); //                       [C]
    const y = tf.add(tf.mul(centred, tf.mul(scale, tf.rsqrt(tf.add(variance, epsilon)))), offset);
    return [y, mean, variance];
  });
}

/**
 * With x̂ = (x − m)/√(v + ε) and M elements a channel:  dβ = Σ dy,  dγ = Σ dy·x̂,  dx = γ/√(v + ε) · (dy − dβ/M − x̂·dγ/M).
 */
function composedGrad({ dy, x, scale, mean, variance }: Backward, { epsilon }: Epsilon): tf.Tensor[] {
  return tf.tidy(() => {
    const inverse = tf.rsqrt(tf.add(variance, epsilon)); //                               [C]
    const normalised = tf.mul(tf.sub(x, mean), inverse);
    const dOffset = tf.sum(dy, allButLast(x)); //                                         [C]
    const dScale = tf.sum(tf.mul(dy, normalised), allButLast(x)); //                      [C]
    const count = x.size / scale.size;
    const inner = tf.sub(tf.sub(dy, tf.div(dOffset, count)), tf.mul(normalised, tf.div(dScale, count)));
    return [tf.mul(inner, tf.mul(scale, inverse)), dScale, dOffset];
  });
}
