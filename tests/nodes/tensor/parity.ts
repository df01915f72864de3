// The same step two ways: eagerly on tfjs' own JS backend, which is the truth here, and traced and compiled by an executor.
import '@tensorflow/tfjs-backend-cpu';
import * as tf from '@tensorflow/tfjs-core';
import { type NdArray, ndarray } from '../../../cache/array.ts';
import type { Arrays, Executor, Signature, Signatures } from '../../../nodes/tensor/executor.ts';
import { onnx } from '../../../nodes/tensor/onnx/session.ts';
import { type Step, type TensorMap, traceStep } from '../../../nodes/tensor/trace.ts';

/** Numbers in [low, high) from a linear congruential generator: the same in each run. */
export function numbers(seed: number, shape: readonly number[], low = -1, high = 1): NdArray<'float32'> {
  let state = (seed * 2654435761 + 12345) % 2 ** 32;
  const draw = (): number => {
    state = (state * 1664525 + 1013904223) % 2 ** 32;
    return low + ((high - low) * state) / 2 ** 32;
  };
  return ndarray('float32', shape, Float32Array.from({ length: shape.reduce((product, side) => product * side, 1) }, draw));
}

export const whole = (seed: number, shape: readonly number[], below: number): NdArray<'int32'> =>
  ndarray('int32', shape, Int32Array.from(numbers(seed, shape, 0, below).data, Math.floor));

export const signaturesOf = (arrays: Arrays): Signatures =>
  Object.fromEntries(Object.entries(arrays).map(([name, array]) => [name, signatureOf(array)]));
const signatureOf = ({ shape, dtype }: NdArray): Signature => ({
  shape,
  dtype: dtype === 'uint8' ? 'bool' : (dtype as 'float32' | 'int32'),
});

/** One step on the JS backend. */
export async function eagerly(step: Step, state: Arrays, feeds: Arrays): Promise<{ readonly state: Arrays; readonly results: Arrays }> {
  await tf.setBackend('cpu');
  const tensors = (arrays: Arrays): TensorMap =>
    Object.fromEntries(
      Object.entries(arrays).map(([name, array]) => [
        name,
        tf.tensor(array.data as Float32Array, [...array.shape], signatureOf(array).dtype),
      ]),
    );
  const out: { [group: string]: Arrays } = {};
  tf.tidy(() => {
    const made = step(tensors(state), tensors(feeds));
    for (const [group, map] of Object.entries(made))
      out[group] = Object.fromEntries(Object.entries(map as TensorMap).map(([name, tensor]) => [name, toArray(tensor)]));
  });
  return out as { state: Arrays; results: Arrays };
}

function toArray(tensor: tf.Tensor): NdArray {
  const data = tensor.dataSync().slice();
  if (tensor.dtype === 'float32') return ndarray('float32', tensor.shape, data as Float32Array);
  return tensor.dtype === 'int32' ? ndarray('int32', tensor.shape, data as Int32Array) : ndarray('uint8', tensor.shape, data as Uint8Array);
}

/** One step by an executor. */
export async function compiled(
  step: Step,
  state: Arrays,
  feeds: Arrays,
  executor: Executor = onnx,
): Promise<{ readonly state: Arrays; readonly results: Arrays }> {
  const program = await executor.compile(traceStep(step, { state: signaturesOf(state), feeds: signaturesOf(feeds) }), { threads: 1 });
  try {
    await program.write(state);
    const results = await program.run(feeds);
    return { results, state: await program.read() };
  } finally {
    await program.dispose();
  }
}

/** ‖a − b‖/‖b‖; infinite where shapes or dtypes differ or a number is not finite on one side alone. */
export function distance(a: NdArray, b: NdArray): number {
  if (a.dtype !== b.dtype || String(a.shape) !== String(b.shape)) return Infinity;
  let [difference, norm] = [0, 0];
  for (let i = 0; i < b.data.length; i++) {
    const [actual, expected] = [a.data[i]!, b.data[i]!];
    if (!Object.is(actual, expected)) difference += (actual - expected) ** 2;
    if (Number.isFinite(expected)) norm += expected ** 2;
  }
  if (difference === 0) return 0;
  return Number.isNaN(difference) ? Infinity : Math.sqrt(difference / Math.max(norm, 1e-30));
}

/** The largest distance over all entries; infinite where names differ. */
export function farthest(actual: Arrays, expected: Arrays): number {
  if (String(Object.keys(actual).sort()) !== String(Object.keys(expected).sort())) return Infinity;
  return Math.max(0, ...Object.entries(expected).map(([name, array]) => distance(actual[name]!, array)));
}
