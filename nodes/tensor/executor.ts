// What every executor of traces offers, and the ladder that picks one. Knows no executor's insides.
import type { DType, NdArray } from '../../cache/array.ts';

/** `uint8` is for inputs alone, data as they are stored: a step sees them as int32. */
export type TensorDType = 'float32' | 'int32' | 'bool' | 'uint8';

/** Shape and dtype of a tensor that a step takes. */
export interface Signature {
  readonly shape: readonly number[];
  readonly dtype: TensorDType;
}

export type Signatures = { readonly [name: string]: Signature };
export type Arrays = { readonly [name: string]: NdArray };

/** One operation of a trace: a tfjs kernel by its name, reading and writing values by number. */
export interface Operation {
  /** tfjs kernel name (`Conv2D`, `Add`, …) or one of our own (`BatchNormTraining`, …). */
  readonly kernel: string;
  readonly inputs: { readonly [name: string]: number };
  readonly attributes: { readonly [name: string]: unknown };
  readonly outputs: readonly number[];
}

/** A pure step as plain data, in order of execution. It can be printed, hashed and cached, and mentions no executor. */
export interface Trace {
  /** Shape and dtype of every value by number. */
  readonly values: readonly Signature[];
  readonly constants: readonly { readonly value: number; readonly array: NdArray }[];
  readonly operations: readonly Operation[];
  /**
   * Kept by the executor between runs; `output` is its next value (equal to `input` where a step does not change it, as always with uint8: a data
   * set that steps read from).
   */
  readonly state: readonly { readonly name: string; readonly input: number; readonly output: number }[];
  /** Fed at each run. */
  readonly feeds: readonly { readonly name: string; readonly value: number }[];
  /** Returned by each run. */
  readonly results: readonly { readonly name: string; readonly value: number }[];
}

/** Whether an entry of a trace's state is a data set: bytes, which no step changes. */
export const isData = ({ values }: Trace, { input }: { readonly input: number }): boolean => values[input]!.dtype === 'uint8';

/** A compiled trace with its state. */
export interface Program {
  /** Replaces the whole state. The numbers of uint8 state are not copied where the executor can do without: they must stay as they are. */
  write(state: Arrays): Promise<void>;
  /** One step: feeds in, results out; the state moves on inside. */
  run(feeds: Arrays): Promise<Arrays>;
  /** The state now but for uint8, which is as it was written; as arrays that later steps do not touch. */
  read(): Promise<Arrays>;
  dispose(): Promise<void>;
}

/** `bf16`: convolutions and matrix products round their inputs to bfloat16 and sum in float32; parameters stay float32. */
export type Precision = 'fp32' | 'bf16';

export interface CompileOptions {
  /** Threads that one operation may use. */
  readonly threads: number;
  /** Default: fp32. An executor that cannot do what is asked throws a KithError. */
  readonly precision?: Precision;
}

/** Bytes. */
export interface Needs {
  /** No step of the trace was seen to do with less. */
  readonly least: number;
  /** No step was seen to take more. */
  readonly most: number;
}

export interface Executor {
  readonly name: string;
  /** Library and version, for the record. */
  readonly version: string;
  compile(trace: Trace, options: CompileOptions): Promise<Program>;
  /** What steps of a trace take at their height, beyond what is taken already; absent where it is not known. */
  readonly needs?: (trace: Trace) => Promise<Needs>;
  /** Bytes that its device has for steps; absent, or undefined, where steps take the machine's own memory. */
  readonly memory?: () => number | undefined;
}

export type { DType };
