// A growing list of operations. The same operation on the same inputs is recorded once, equal constants are one, and what no output needs is
// left out at the end. Knows neither tfjs nor any executor.
import { type NdArray, ndarray } from '../../../cache/array.ts';
import type { Operation, Signature, TensorDType, Trace } from '../executor.ts';
import { simplify } from './simplify.ts';

/** A value's number with its shape and dtype. */
export interface Value extends Signature {
  readonly id: number;
}

export interface Emission {
  readonly kernel: string;
  readonly inputs: { readonly [name: string]: Value };
  readonly attributes: { readonly [name: string]: unknown };
  readonly outputs: readonly Signature[];
}

export type Ends = Pick<Trace, 'state' | 'feeds' | 'results'>;

export interface Recorder {
  input(signature: Signature): number;
  signature(id: number): Signature;
  value(id: number): Value;
  /** `array.dtype` is `uint8` for booleans. */
  constant(array: NdArray, dtype: TensorDType): Value;
  /** Records an operation, or finds a simpler one of the same outcome. */
  emit(emission: Emission): readonly Value[];
  /** The operation that made a value; none for inputs and constants. */
  origin(id: number): Emission | undefined;
  /** The single number of a constant of one element. */
  scalarOf(id: number): number | undefined;
  finish(ends: Ends): Trace;
}

export function createRecorder(): Recorder {
  const values: Signature[] = [];
  const operations: Operation[] = [];
  const constants: { readonly value: number; readonly array: NdArray }[] = [];
  const known = new Map<string, readonly number[]>();
  const origins = new Map<number, Emission>();
  const scalars = new Map<number, number>();
  const byShape = new Map<string, { readonly value: number; readonly array: NdArray }[]>();

  const add = (signature: Signature): number => values.push({ shape: [...signature.shape], dtype: signature.dtype }) - 1;
  const value = (id: number): Value => ({ id, ...values[id]! });

  const constant = (array: NdArray, dtype: TensorDType): Value => {
    const kin = byShape.get(`${dtype} ${array.shape}`) ?? [];
    byShape.set(`${dtype} ${array.shape}`, kin);
    const same = kin.find((other) => sameBytes(other.array, array));
    if (same) return value(same.value);
    const made = { value: add({ shape: array.shape, dtype }), array: ndarray(array.dtype, array.shape, array.data.slice()) };
    kin.push(made);
    constants.push(made);
    if (array.data.length === 1) scalars.set(made.value, array.data[0]!);
    return value(made.value);
  };

  const recorder: Recorder = {
    input: add,
    signature: (id) => values[id]!,
    value,
    constant,
    origin: (id) => origins.get(id),
    scalarOf: (id) => scalars.get(id),
    emit: (emission) => {
      const simpler = simplify(emission, recorder);
      if (simpler) return simpler;
      const inputs = Object.fromEntries(Object.entries(emission.inputs).map(([name, { id }]) => [name, id]));
      const key = JSON.stringify([emission.kernel, inputs, emission.attributes]);
      const outputs = known.get(key) ?? emission.outputs.map(add);
      if (!known.has(key)) {
        known.set(key, outputs);
        operations.push({ kernel: emission.kernel, inputs, attributes: emission.attributes, outputs });
        for (const output of outputs) origins.set(output, emission);
      }
      return outputs.map(value);
    },
    finish: (ends) => withoutDead({ values, constants, operations, ...ends }),
  };
  return recorder;
}

function sameBytes(a: NdArray, b: NdArray): boolean {
  const bytes = ({ data }: NdArray): Buffer => Buffer.from(data.buffer, data.byteOffset, data.byteLength);
  return a.dtype === b.dtype && bytes(a).equals(bytes(b));
}

/** Keeps what the outputs need, and numbers the values anew in order of appearance. */
function withoutDead(trace: Trace): Trace {
  const needed = new Set([...trace.state.map(({ output }) => output), ...trace.results.map(({ value }) => value)]);
  const alive: Operation[] = [];
  for (const operation of trace.operations.toReversed()) {
    if (!operation.outputs.some((output) => needed.has(output))) continue;
    alive.push(operation);
    for (const input of Object.values(operation.inputs)) needed.add(input);
  }
  const values: Signature[] = [];
  const numbers = new Map<number, number>();
  const number = (old: number): number => {
    const fresh = numbers.get(old) ?? values.push(trace.values[old]!) - 1;
    numbers.set(old, fresh);
    return fresh;
  };
  const inputs = trace.state.map(({ name, input }) => ({ name, input: number(input) }));
  const rest = {
    feeds: trace.feeds.map(({ name, value }) => ({ name, value: number(value) })),
    constants: trace.constants.filter(({ value }) => needed.has(value)).map(({ value, array }) => ({ value: number(value), array })),
    operations: alive.reverse().map(({ kernel, inputs, attributes, outputs }) => ({
      kernel,
      inputs: Object.fromEntries(Object.entries(inputs).map(([name, input]) => [name, number(input)])),
      attributes,
      outputs: outputs.map(number),
    })),
  };
  const state = inputs.map(({ name, input }, i) => ({ name, input, output: number(trace.state[i]!.output) }));
  return { values, ...rest, state, results: trace.results.map(({ name, value }) => ({ name, value: number(value) })) };
}
