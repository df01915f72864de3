// A call of a tfjs kernel while tracing, and what all rules for recording one are made of.
import { type NdArray, ndarray } from '../../../cache/array.ts';
import type { Signature, TensorDType } from '../executor.ts';
import type { Recorder, Value } from './recorder.ts';

export interface Call {
  readonly kernel: string;
  readonly inputs: { readonly [name: string]: Value };
  /** As tfjs gave them. */
  // eslint-disable-next-line @typescript-eslint/no-explicit-any
  readonly attributes: any;
  readonly recorder: Recorder;
}

/** Records a call; an array where tfjs expects several outputs. */
export type Kernel = (call: Call) => Value | readonly Value[];

type Attributes = { readonly [name: string]: unknown };

/** Records an operation of one output, of the call's own name. */
export function single(
  { kernel, inputs, recorder }: Pick<Call, 'kernel' | 'inputs' | 'recorder'>,
  output: Signature,
  attributes: Attributes = {},
): Value {
  return recorder.emit({ kernel, inputs, attributes, outputs: [output] })[0]!;
}

/** Records an operation of one output. */
export const emit = (recorder: Recorder, kernel: string, inputs: Call['inputs'], output: Signature, attributes: Attributes = {}): Value =>
  single({ kernel, inputs, recorder }, output, attributes);

/** Elements of a shape. */
export const size = (shape: readonly number[]): number => shape.reduce((product, side) => product * side, 1);

export const reshape = (recorder: Recorder, x: Value, shape: readonly number[]): Value =>
  emit(recorder, 'Reshape', { x }, { shape, dtype: x.dtype }, { shape });

/** An axis counted from 0; tfjs counts from the end where it is negative. */
export const axisOf = (axis: number, rank: number): number => (axis < 0 ? axis + rank : axis);

/** A constant of one number, spread over a shape. */
export function filled(recorder: Recorder, shape: readonly number[], value: number, dtype: TensorDType): Value {
  const x = recorder.constant(arrayOf([], [value], dtype), dtype);
  return emit(recorder, 'BroadcastTo', { x }, { shape, dtype }, { shape });
}

export function arrayOf(shape: readonly number[], numbers: readonly number[], dtype: TensorDType): NdArray {
  if (dtype === 'float32') return ndarray('float32', shape, Float32Array.from(numbers));
  return dtype === 'int32' ? ndarray('int32', shape, Int32Array.from(numbers)) : ndarray('uint8', shape, Uint8Array.from(numbers));
}
