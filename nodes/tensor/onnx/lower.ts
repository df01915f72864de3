// What a lowering rule is: one operation of a trace, written into a graph.
import { KithError } from '../../../engine/errors.ts';
import type { Operation } from '../executor.ts';
import type { Values } from './values.ts';

export type Lower = (operation: Operation, values: Values) => void;

/** A rule that applies to some operations only: false, and nothing written, where another rule must be asked. */
export type LowerSome = (operation: Operation, values: Values) => boolean;

export type Rules = { readonly [kernel: string]: Lower };

/** A rule of one output in tfjs' own order; `write` gets the inputs' names in their order. */
export const plainly =
  (write: (operation: Operation, values: Values, inputs: readonly string[]) => string): Lower =>
  (operation, values) => {
    const inputs = Object.values(operation.inputs).map((input) => values.get(input));
    values.set(operation.outputs[0]!, write(operation, values, inputs));
  };

/** What this executor cannot do though it can be traced. */
export const unsupported = (what: string, hint: string): KithError => new KithError(`${what} cannot run on the device "onnx".`, { hint });
