// What the parity suite is made of: tensors in, tensors out, as data, so that every executor runs the same cases.
import * as tf from '@tensorflow/tfjs-core';
import type { Arrays } from '../../../../nodes/tensor/executor.ts';
import { gradients, type Step, type TensorMap } from '../../../../nodes/tensor/trace.ts';

export type Body = (x: TensorMap) => tf.Tensor | readonly tf.Tensor[];

export interface Case {
  readonly name: string;
  readonly body: Body;
  readonly feeds: Arrays;
  /** Where tfjs' JS backend is wrong: the same numbers by a way that it does right. */
  readonly reference?: Body;
  /** Too much for executors that run the JS backend's own kernels, or for software adapters. */
  readonly large?: true;
}

/** A step without state whose results are the outputs of `body` in their order. */
export const stepOf =
  (body: Body): Step =>
  (_, feeds) => {
    const made = [body(feeds)].flat() as tf.Tensor[];
    return { state: {}, results: Object.fromEntries(made.map((tensor, i) => [`out${i}`, tensor])) };
  };

/** Cases of one kind: operations by their names, on the same tensors. */
export const each = <Operation>(
  operations: { readonly [name: string]: Operation },
  feeds: Arrays,
  body: (operation: Operation) => Body,
): Case[] => Object.entries(operations).map(([name, operation]) => ({ name, body: body(operation), feeds }));

/** A scalar whose gradient weighs every element of the first output differently. */
export function weighed(outputs: ReturnType<Body>): tf.Scalar {
  const [y] = [outputs].flat() as [tf.Tensor];
  const weights = Array.from({ length: y.size }, (_, i) => 0.5 + i / Math.max(1, y.size - 1));
  return tf.sum(tf.mul(y, tf.tensor(weights, y.shape)));
}

/** The derivatives of the weighed output by each of the feeds that are fractions. */
export const derivativeOf =
  ({ body }: Case): Body =>
  (feeds) => {
    const moving = Object.fromEntries(Object.entries(feeds).filter(([, { dtype }]) => dtype === 'float32'));
    return Object.values(gradients((moved) => ({ value: weighed(body({ ...feeds, ...moved })) }), moving).gradients);
  };
