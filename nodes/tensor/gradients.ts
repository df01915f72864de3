// Gradients of a loss with respect to named tensors, by tfjs' automatic differentiation. Works under a trace and eagerly alike.
import * as tf from '@tensorflow/tfjs-core';
import { registerGradients } from './differentiation/register.ts';

/** Tensors by name. */
export type TensorMap = { readonly [name: string]: tf.Tensor };

export interface Differentiated {
  /** The loss. */
  readonly value: tf.Scalar;
  /** One gradient for each parameter, by its name and of its shape; zeros where the loss does not depend on it. */
  readonly gradients: TensorMap;
  /** What `f` returned beside the loss. */
  readonly extra: TensorMap;
}

/** Evaluates `f` at `parameters` with the gradients of its value. No gradient flows through `extra`. */
export function gradients(
  f: (parameters: TensorMap) => { readonly value: tf.Scalar; readonly extra?: TensorMap },
  parameters: TensorMap,
): Differentiated {
  registerGradients();
  const names = Object.keys(parameters);
  const kept: { [name: string]: tf.Tensor } = {};
  const forward = (): tf.Scalar => {
    const { value, extra = {} } = f(parameters);
    for (const [name, tensor] of Object.entries(extra)) kept[name] = tf.keep(tensor.clone());
    return value;
  };
  if (names.length === 0) return { value: forward(), gradients: {}, extra: release(kept) };
  const tensors = names.map((name) => parameters[name]!);
  const { value, grads } = tf.engine().gradients(forward, tensors, undefined, true);
  const slopes = names.map((name, i) => [name, grads[i] ?? tf.zerosLike(tensors[i]!)] as const);
  return { value: value as tf.Scalar, gradients: Object.fromEntries(slopes), extra: release(kept) };
}

/** The gradient's scope disposes of whatever is not kept; what was kept is handed to the caller's scope. */
function release(kept: TensorMap): TensorMap {
  return Object.fromEntries(
    Object.entries(kept).map(([name, tensor]) => {
      const own = tensor.clone();
      tensor.dispose();
      return [name, own];
    }),
  );
}
