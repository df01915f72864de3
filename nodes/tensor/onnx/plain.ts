// Trace → ONNX in plain operators: works on any processor, and for export. Activations lie channels first around convolutions, and transposes
// appear only where an operation needs tfjs' order.
import type { Operation, Trace } from '../executor.ts';
import { BATCH_NORM_RULES } from './batch-norm.ts';
import { CONVOLUTION_RULES } from './convolution.ts';
import { ELEMENTWISE_RULES } from './elementwise.ts';
import { createGraph, type Element, ELEMENT, elementOf, type Port } from './graph.ts';
import { IMAGE_RULES } from './images.ts';
import { type Lower, type LowerSome, type Rules, unsupported } from './lower.ts';
import { REDUCTION_RULES } from './reduction.ts';
import { SHAPE_RULES } from './shapes.ts';
import { createValues, type Frozen } from './values.ts';

/** A model and the names of its inputs and outputs. */
export interface Lowered {
  readonly bytes: Uint8Array;
  /** State that the step changes. */
  readonly state: readonly { readonly name: string; readonly input: string; readonly output: string }[];
  readonly feeds: readonly { readonly name: string; readonly input: string }[];
  readonly results: readonly { readonly name: string; readonly output: string }[];
}

/** How a model shows itself to other programs: feeds and results under their own names. */
export interface Outward {
  /** A name for the number of rows, where any number will do: no operation of the step may depend on it. */
  readonly rows?: string;
  /** Element type of the feeds, where it is not that of the trace. */
  readonly element?: Element;
}

const RULES: Rules = {
  ...ELEMENTWISE_RULES,
  ...REDUCTION_RULES,
  ...SHAPE_RULES,
  ...CONVOLUTION_RULES,
  ...BATCH_NORM_RULES,
  ...IMAGE_RULES,
};

/**
 * Lowers a whole trace. State in `frozen` becomes constants of the model, which ONNX Runtime folds and lays out in advance; the step must not
 * change it. A KithError where the trace holds an operation that has no rule here.
 */
export const lowerPlain = (trace: Trace, frozen: Frozen = {}, outward?: Outward): Lowered =>
  lowerWith(trace, frozen, 0, () => false, outward);

/** The same with some operations lowered by `first`, which may use blocks of `block` channels. */
export function lowerWith(trace: Trace, frozen: Frozen, block: number, first: LowerSome, outward?: Outward): Lowered {
  const graph = createGraph();
  const constants = trace.state.flatMap(({ name, input }) => (frozen[name] ? [{ value: input, array: frozen[name] }] : []));
  const values = createValues(graph, { ...trace, constants: [...trace.constants, ...constants] }, block);
  const inputs: Port[] = [];
  const outputs: Port[] = [];
  const shown = (shape: readonly number[]): Port['shape'] => (outward?.rows ? [outward.rows, ...shape.slice(1)] : shape);
  const open = (value: number, name: string, element?: Element): string => {
    const { shape, dtype } = values.signature(value);
    const own = elementOf(dtype);
    inputs.push({ name, element: element ?? own, shape: shown(shape) });
    values.set(value, element && element !== own ? graph.node('Cast', [name], { to: ELEMENT[own] }) : name);
    return name;
  };
  const close = (value: number, given?: string): string => {
    const { shape, dtype } = values.signature(value);
    const name = given ?? graph.node('Identity', [values.get(value)]);
    if (given !== undefined) graph.alias(values.get(value), given);
    outputs.push({ name, element: elementOf(dtype), shape: shown(shape) });
    return name;
  };
  const live = trace.state.filter(({ name }) => !frozen[name]);
  const state = live.map(({ name, input, output }, i) => ({ name, input: open(input, `state${i}`), value: output }));
  const feeds = trace.feeds.map(({ name, value }, i) => ({ name, input: open(value, outward ? name : `feed${i}`, outward?.element) }));
  for (const operation of trace.operations) if (!first(operation, values)) ruleFor(operation)(operation, values);
  const next = state.map(({ name, input, value }) => ({ name, input, output: close(value) }));
  const results = trace.results.map(({ name, value }) => ({ name, output: close(value, outward && name) }));
  return { bytes: graph.finish(inputs, outputs), state: next, feeds, results };
}

function ruleFor({ kernel }: Operation): Lower {
  const rule = RULES[kernel];
  if (!rule) throw unsupported(`The operation ${kernel}`, 'Write the step with other operations, or use --device tfjs.');
  return rule;
}
