// What a gradient rule is, and the two things that most of them need.
import * as tf from '@tensorflow/tfjs-core';

export type Gradient = tf.GradConfig;

// eslint-disable-next-line @typescript-eslint/no-explicit-any
type Attributes = any;

export interface Saved {
  readonly inputs?: readonly string[];
  readonly output?: boolean;
}

/**
 * A rule for a kernel of one output. `slopes` gets the output's gradient, then the saved inputs in their order, then the saved output, and
 * returns the gradient of each input by name: a new tensor for each, since tfjs disposes of them one by one.
 */
export function rule(
  kernelName: string,
  { inputs = [], output = false }: Saved,
  slopes: (dy: tf.Tensor, saved: readonly tf.Tensor[], attributes: Attributes) => { [input: string]: () => tf.Tensor },
): Gradient {
  return {
    kernelName,
    inputsToSave: [...inputs],
    outputsToSave: [output],
    gradFunc: (dy, saved, attributes) => slopes(dy as tf.Tensor, saved, attributes),
  };
}

/** Sums a gradient over the axes along which an input of this shape was repeated. */
export function gathered(slope: tf.Tensor, shape: readonly number[]): tf.Tensor {
  const axes = tf.broadcast_util.getReductionAxes([...shape], slope.shape);
  return tf.reshape(axes.length > 0 ? tf.sum(slope, axes) : slope, [...shape]);
}

/** The gradient of what is constant almost everywhere. */
export const nothing = ({ shape }: tf.Tensor): tf.Tensor => tf.zeros(shape);
