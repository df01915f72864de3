// What a lowering rule is: one operation of a trace, written into a graph.
import type { Operation } from '../executor.ts';
import type { Values } from './values.ts';

export type Lower = (operation: Operation, values: Values) => void;

export type Rules = { readonly [kernel: string]: Lower };

/** A rule of one output; `write` gets the inputs' names in their order. */
export const plainly =
  (write: (operation: Operation, values: Values, inputs: readonly string[]) => string): Lower =>
  (operation, values) => {
    const inputs = Object.values(operation.inputs).map((input) => values.get(input));
    values.set(operation.outputs[0]!, write(operation, values, inputs));
  };

/** Every rule of a table, by the same writer. */
export const each = <T>(table: { readonly [kernel: string]: T }, rule: (entry: T) => Lower): Rules =>
  Object.fromEntries(Object.entries(table).map(([kernel, entry]) => [kernel, rule(entry)]));
