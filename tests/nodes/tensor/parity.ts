// The same step three ways: eagerly on tfjs' own JS backend, which is the truth here, in single or double precision, and traced and compiled
// by an executor.
import '@tensorflow/tfjs-backend-cpu';
import * as tf from '@tensorflow/tfjs-core';
import { vi } from 'vitest';
import { type NdArray, ndarray } from '../../../cache/array.ts';
import type { Arrays, Executor, Signatures } from '../../../nodes/tensor/executor.ts';
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
const signatureOf = ({ shape, dtype }: NdArray) => ({
  shape,
  dtype: dtype === 'uint8' ? ('bool' as const) : dtype === 'int32' ? ('int32' as const) : ('float32' as const),
});

interface Outcome {
  readonly state: Arrays;
  readonly results: Arrays;
}

/** One step on the JS backend. */
export async function eagerly(step: Step, state: Arrays, feeds: Arrays): Promise<Outcome> {
  await tf.setBackend('cpu');
  const tensors = (arrays: Arrays): TensorMap =>
    Object.fromEntries(
      Object.entries(arrays).map(([name, array]) => [name, tf.tensor(Array.from(array.data), [...array.shape], signatureOf(array).dtype)]),
    );
  const out: { [group: string]: Arrays } = {};
  tf.tidy(() => {
    const made = step(tensors(state), tensors(feeds));
    for (const [group, map] of Object.entries(made))
      out[group] = Object.fromEntries(Object.entries(map as TensorMap).map(([name, tensor]) => [name, toArray(tensor)]));
  });
  return out as unknown as Outcome;
}

/**
 * The same in double precision: what is true but for 1e-16. The JS backend makes its arrays by the name Float32Array, which means
 * Float64Array meanwhile. Fractions come out as float64.
 */
export async function exactly(step: Step, state: Arrays, feeds: Arrays): Promise<Outcome> {
  await tf.setBackend('cpu');
  vi.stubGlobal('Float32Array', Float64Array);
  const isTypedArray = vi.spyOn(tf.env().platform, 'isTypedArray').mockImplementation(ArrayBuffer.isView);
  try {
    return await eagerly(step, state, feeds);
  } finally {
    isTypedArray.mockRestore();
    vi.unstubAllGlobals();
  }
}

/** By the tensor's word: the JS backend leaves a mask that was cast to fractions in bytes. */
function toArray(tensor: tf.Tensor): NdArray {
  const data = tensor.dataSync().slice();
  if (tensor.dtype === 'int32') return ndarray('int32', tensor.shape, Int32Array.from(data));
  if (tensor.dtype === 'bool') return ndarray('uint8', tensor.shape, Uint8Array.from(data));
  const isDouble = data.BYTES_PER_ELEMENT === 8;
  return isDouble ? ndarray('float64', tensor.shape, Float64Array.from(data)) : ndarray('float32', tensor.shape, Float32Array.from(data));
}

/** One step by an executor. */
export async function compiled(step: Step, state: Arrays, feeds: Arrays, executor: Executor = onnx): Promise<Outcome> {
  const program = await executor.compile(traceStep(step, { state: signaturesOf(state), feeds: signaturesOf(feeds) }), { threads: 1 });
  try {
    await program.write(state);
    const results = await program.run(feeds);
    return { results, state: await program.read() };
  } finally {
    await program.dispose();
  }
}

/** Fractions are compared whatever their precision. */
const kind = ({ dtype }: NdArray): string => (dtype === 'float64' ? 'float32' : dtype);

/** ‖a − b‖/‖b‖; infinite where shapes or dtypes differ or a number is not finite on one side alone. */
export function distance(a: NdArray, b: NdArray): number {
  if (kind(a) !== kind(b) || String(a.shape) !== String(b.shape)) return Infinity;
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
