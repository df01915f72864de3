// Names of a trace's values in a TensorFlow graph, and what made them. Order and dtype are tfjs' own, so nothing is ever rearranged.
import type { Operation, Signature, Trace } from '../executor.ts';
import { type Attribute, elementOf, type GraphWriter } from './graph.ts';

export interface Values {
  readonly graph: GraphWriter;
  signature(value: number): Signature;
  /** Name of the value. */
  get(value: number): string;
  /** The same as an input of a convolution or matrix product, in the precision that those have. */
  factor(value: number): string;
  /** A float32 node of the graph in that precision. */
  inexact(name: string): string;
  set(value: number, name: string): void;
  /** The operation that makes a value; none for inputs and constants. */
  origin(value: number): Operation | undefined;
  /** The single number of a constant of one element, also where it is repeated over a shape. */
  scalarOf(value: number): number | undefined;
  /** The value's element type, as an attribute. */
  type(value: number): Attribute;
}

/** `inexact`: what a float32 value becomes before it is multiplied. */
export function createValues(graph: GraphWriter, { values, constants, operations }: Trace, inexact = (x: string): string => x): Values {
  const names = new Map<number, string>();
  const arrays = new Map(constants.map(({ value, array }) => [value, array]));
  const origins = new Map(operations.flatMap((operation) => operation.outputs.map((output) => [output, operation] as const)));
  const made: Values = {
    graph,
    signature: (value) => values[value]!,
    get(value) {
      const { shape, dtype } = values[value]!;
      const name = names.get(value) ?? graph.constant(elementOf(dtype), shape, arrays.get(value)!.data);
      names.set(value, name);
      return name;
    },
    factor: (value) => (values[value]!.dtype === 'float32' ? inexact(made.get(value)) : made.get(value)),
    inexact,
    set: (value, name) => void names.set(value, name),
    origin: (value) => origins.get(value),
    scalarOf(value) {
      const origin = origins.get(value);
      if (origin?.kernel === 'BroadcastTo') return made.scalarOf(origin.inputs['x']!);
      const array = arrays.get(value);
      return array?.data.length === 1 ? array.data[0] : undefined;
    },
    type: (value) => ({ type: elementOf(values[value]!.dtype) }),
  };
  return made;
}
