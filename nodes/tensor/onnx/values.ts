// Names of a trace's values in an ONNX graph. A 4-D value may lie in several orders; one that is missing is made when somebody first asks for
// it, so that reorderings cancel.
import type { NdArray } from '../../../cache/array.ts';
import type { Operation, Signature, Trace } from '../executor.ts';
import { elementOf, type GraphWriter } from './graph.ts';

/**
 * Where the channels of a 4-D value lie: `last` is tfjs' [N, H, W, C], `first` ONNX' [N, C, H, W], `blocked` [N, C/b, H, W, b], that of ONNX
 * Runtime's fast convolutions. Values of other ranks have one order only, `last`.
 */
export type Layout = 'first' | 'last' | 'blocked';

export type Shape4 = readonly [number, number, number, number];

export interface Values {
  readonly graph: GraphWriter;
  /** Channels in a block; 0 where there are no blocked kernels. */
  readonly block: number;
  signature(value: number): Signature;
  /** Name of the value in a layout (default: tfjs' own), reordered if it must be. */
  get(value: number, layout?: Layout): string;
  has(value: number, layout: Layout): boolean;
  set(value: number, name: string, layout?: Layout): void;
  /** Name of a value of rank ≤ 4 such that it broadcasts in this layout as it does in tfjs' order. */
  broadcast(value: number, layout: Layout): string;
  isConstant(value: number): boolean;
  /** The only operation that reads a value, if it is one alone and the value is no output of the trace. */
  onlyReader(value: number): Operation | undefined;
}

export function createValues(graph: GraphWriter, trace: Trace, block: number): Values {
  const names = { first: new Map<number, string>(), last: new Map<number, string>(), blocked: new Map<number, string>() };
  const constants = new Map(trace.constants.map(({ value, array }) => [value, array]));
  const readers = readersOf(trace);

  const make = (value: number, layout: Layout): string => {
    const { shape, dtype } = trace.values[value]!;
    const from = (['last', 'first', 'blocked'] as const).find((other) => names[other].has(value));
    const array = constants.get(value);
    if (from === undefined && array && layout === 'last') return graph.constant(elementOf(dtype), shape, array.data);
    if (shape.length !== 4) throw new Error(`Value ${value} of shape [${shape}] has no ${layout} layout.`);
    return reorder(graph, values.get(value, from ?? 'last'), shape as unknown as Shape4, from ?? 'last', layout, block);
  };

  const values: Values = {
    graph,
    block,
    signature: (value) => trace.values[value]!,
    has: (value, layout) => names[layout].has(value),
    set: (value, name, layout = 'last') => void names[layout].set(value, name),
    get(value, layout = 'last') {
      const known = names[layout].get(value);
      if (known !== undefined) return known;
      const made = make(value, layout);
      names[layout].set(value, made);
      return made;
    },
    broadcast(value, layout) {
      const { shape } = trace.values[value]!;
      if (shape.length === 0 || layout === 'last') return values.get(value);
      if (shape.length === 4 && (shape[3] !== 1 || layout === 'first')) return values.get(value, layout);
      const wide = [...Array.from({ length: 4 - shape.length }, () => 1), ...shape] as unknown as Shape4;
      const name = shape.length === 4 ? values.get(value) : graph.node('Reshape', [values.get(value), graph.list(wide)]);
      return reorder(graph, name, wide, 'last', layout, block);
    },
    isConstant: (value) => constants.has(value),
    onlyReader: (value) => (readers.get(value)?.length === 1 ? readers.get(value)![0] : undefined),
  };
  return values;
}

function readersOf({ operations, state, results }: Trace): Map<number, (Operation | undefined)[]> {
  const readers = new Map<number, (Operation | undefined)[]>();
  const read = (value: number, by?: Operation): void => void readers.set(value, [...(readers.get(value) ?? []), by]);
  for (const operation of operations) for (const input of new Set(Object.values(operation.inputs))) read(input, operation);
  for (const { output } of state) read(output);
  for (const { value } of results) read(value);
  return readers;
}

/** ONNX Runtime's own domain of blocked kernels. */
export const BLOCKED = 'com.microsoft.nchwc';

/** The shape that a value of tfjs' shape has in a layout. A single channel is not blocked: it is to be broadcast. */
export function shapeIn(layout: Layout, [count, height, width, channels]: Shape4, block: number): number[] {
  if (layout === 'last') return [count, height, width, channels];
  if (layout === 'first') return [count, channels, height, width];
  return channels === 1 ? [count, 1, height, width, 1] : [count, channels / block, height, width, block];
}

/** `shape` is in tfjs' order; the number of images stays as it is. Free where the numbers lie alike in both layouts. */
function reorder(graph: GraphWriter, name: string, shape: Shape4, from: Layout, to: Layout, block: number): string {
  const [count, height, width, channels] = shape;
  const reshaped = (x: string, sides: readonly number[]): string => graph.node('Reshape', [x, graph.list([0, ...sides.slice(1)])]);
  const target = shapeIn(to, shape, block);
  const alike = channels === 1 || height * width === 1 || (channels === block && from !== 'first' && to !== 'first');
  if (alike) return reshaped(name, target);
  const logical = [count, channels, height, width];
  if (to === 'blocked') return reshaped(graph.node('ReorderInput', [name], { channels_last: from === 'last' ? 1 : 0 }, BLOCKED), target);
  if (from === 'blocked')
    return graph.node('ReorderOutput', [reshaped(name, logical)], { channels, channels_last: to === 'last' ? 1 : 0 }, BLOCKED);
  return graph.node('Transpose', [name], { perm: to === 'first' ? [0, 3, 1, 2] : [0, 2, 3, 1] });
}

/** Axes of tfjs' order in ONNX'. */
export const axesFirst = (axes: readonly number[]): number[] => axes.map((axis) => [0, 2, 3, 1][axis]!);

/** A record of arrays that stand for values of a trace. */
export type Frozen = { readonly [name: string]: NdArray };
