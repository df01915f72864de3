// Trace → ONNX in plain operators: works on any processor, and for export. Activations lie channels first around convolutions, and transposes
// appear only where an operation needs tfjs' order.
import { isData, type Operation, type Trace } from '../executor.ts';
import { BATCH_NORM_RULES } from './batch-norm.ts';
import { CONVOLUTION_RULES } from './convolution.ts';
import { ELEMENTWISE_RULES } from './elementwise.ts';
import { createGraph, type Element, ELEMENT, elementOf, type Port } from './graph.ts';
import { IMAGE_RULES } from './images.ts';
import { type Lower, type LowerSome, type Rules, unsupported } from './lower.ts';
import { REDUCTION_RULES } from './reduction.ts';
import { SHAPE_RULES } from './shapes.ts';
import type { Slot } from './slots.ts';
import { createValues, type Frozen, type Layout, type Shape4, shapeIn } from './values.ts';

/** A model and the names of its inputs and outputs. Plain data, so that it can be kept. */
export interface Lowered {
  readonly bytes: Uint8Array;
  /** State that the step changes. */
  readonly state: readonly Slot[];
  /** Data sets, which it only reads. */
  readonly data: readonly { readonly name: string; readonly input: string }[];
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
export const lowerPlain = (trace: Trace, frozen: Frozen = {}, outward?: Outward): Lowered => lowerWith(freeze(trace, frozen), { outward });

/** A trace whose frozen state is constant. */
export function freeze(trace: Trace, frozen: Frozen): Trace {
  const constants = trace.state.flatMap(({ name, input }) => (frozen[name] ? [{ value: input, array: frozen[name] }] : []));
  return { ...trace, constants: [...trace.constants, ...constants], state: trace.state.filter(({ name }) => !frozen[name]) };
}

export interface Manner {
  readonly outward?: Outward | undefined;
  /** Channels in a block, where there are blocked kernels. */
  readonly block?: number;
  /** Values that lie in the order of the blocked kernels' filters. */
  readonly filters?: ReadonlySet<number>;
  /** Is asked first for each operation. */
  readonly first?: LowerSome;
}

/** Lowers a trace in a manner of its own. */
export function lowerWith(trace: Trace, { outward, block = 0, filters = new Set(), first = () => false }: Manner): Lowered {
  const graph = createGraph();
  const values = createValues(graph, trace, block);
  const inputs: Port[] = [];
  const outputs: Port[] = [];
  const shown = (value: number, layout: Layout): Port['shape'] => {
    const { shape } = values.signature(value);
    if (layout === 'filter') return shapeIn('filter', shape as unknown as Shape4);
    return outward?.rows ? [outward.rows, ...shape.slice(1)] : shape;
  };
  const open = (value: number, name: string, layout: Layout, element?: Element): string => {
    const own = elementOf(values.signature(value).dtype);
    inputs.push({ name, element: element ?? own, shape: shown(value, layout) });
    values.set(value, element && element !== own ? graph.node('Cast', [name], { to: ELEMENT[own] }) : name, layout);
    return name;
  };
  // What a node made goes out under its own name, once; inputs, constants and what went out already are copied.
  const close = (value: number, layout: Layout, given?: string): string => {
    const made = values.get(value, layout);
    const name = given ?? (graph.isMade(made) && !outputs.some((port) => port.name === made) ? made : graph.node('Identity', [made]));
    if (given !== undefined) graph.alias(made, given);
    outputs.push({ name, element: elementOf(values.signature(value).dtype), shape: shown(value, layout) });
    return name;
  };
  const data = trace.state
    .filter((one) => isData(trace, one))
    .map(({ name, input }, i) => ({ name, input: open(input, `data${i}`, 'last') }));
  const moving = trace.state.filter((one) => !isData(trace, one));
  const slots = moving.map(({ name, input, output }, i) => {
    const layout = filters.has(input) ? 'filter' : 'last';
    const { shape, dtype } = values.signature(input);
    const signature = { dtype, shape: shown(input, layout) as number[] };
    const port = open(input, `state${i}`, layout);
    return { name, input: port, signature, shape, ...(layout === 'filter' ? { block } : {}), next: output, layout } as const;
  });
  const feeds = trace.feeds.map(({ name, value }, i) => ({
    name,
    input: open(value, outward ? name : `feed${i}`, 'last', outward?.element),
  }));
  for (const operation of trace.operations) if (!first(operation, values)) ruleFor(operation)(operation, values);
  const state = slots.map(({ next, layout, ...slot }) => ({ ...slot, output: close(next, layout) }));
  const results = trace.results.map(({ name, value }) => ({ name, output: close(value, 'last', outward && name) }));
  return { bytes: graph.finish(inputs, outputs), state, data, feeds, results };
}

function ruleFor({ kernel }: Operation): Lower {
  const rule = RULES[kernel];
  if (!rule) throw unsupported(`The operation ${kernel}`, 'Write the step with other operations, or use --device tfjs.');
  return rule;
}
