// Names of a trace's values in an ONNX graph. A 4-D value may lie in several orders; one that is missing is made when somebody first asks for
// it, so that reorderings cancel.
import type { NdArray } from '../../../cache/array.ts';
import type { Signature, Trace } from '../executor.ts';
import { readersOf } from '../readers.ts';
import { elementOf, type GraphWriter } from './graph.ts';

/**
 * How the numbers of a 4-D value lie. Of activations, tfjs' [N, H, W, C]: `last` is just that, `first` ONNX' [N, C, H, W], `blocked` the order
 * [N, C/b, H, W, b] of ONNX Runtime's fast convolutions, which see it as [N, C, H, W]. Of filters, tfjs' [h, w, I, O]: `filter` is the order
 * [O/b, I/b, h, w, b of I, b of O] of the same convolutions ([O/b, I, h, w, b] where I < b), seen as [O, I, h, w]. Values of other ranks have
 * one order only, `last`.
 */
export type Layout = 'first' | 'last' | 'blocked' | 'filter';

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
  /** Name of a value of rank ≤ 4 such that it broadcasts in this layout as it does in tfjs' order; blocks of channels are an axis of their own. */
  broadcast(value: number, layout: Layout): string;
  isConstant(value: number): boolean;
  /** Whether one operation alone reads a value that is no output of the trace. */
  isReadOnce(value: number): boolean;
}

export function createValues(graph: GraphWriter, trace: Trace, block: number): Values {
  const names: { readonly [layout in Layout]: Map<number, string> } = {
    last: new Map(),
    first: new Map(),
    blocked: new Map(),
    filter: new Map(),
  };
  const constants = new Map(trace.constants.map(({ value, array }) => [value, array]));
  const readers = readersOf(trace);

  const make = (value: number, layout: Layout): string => {
    const { shape, dtype } = trace.values[value]!;
    const from = (['last', 'first', 'blocked', 'filter'] as const).find((other) => names[other].has(value));
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
      const wide = [...Array.from({ length: 4 - shape.length }, () => 1), ...shape] as unknown as Shape4;
      const widened = (): string => graph.node('Reshape', [values.get(value), graph.list(wide)]);
      const name = shape.length === 4 ? values.get(value, layout) : reorder(graph, widened(), wide, 'last', layout, block);
      return layout === 'blocked' ? graph.node('Reshape', [name, graph.list(byBlocks(wide, block))]) : name;
    },
    isConstant: (value) => constants.has(value),
    isReadOnce: (value) => readers(value).length === 1 && readers(value)[0] !== undefined,
  };
  return values;
}

/** ONNX Runtime's own domain of blocked kernels. */
export const BLOCKED = 'com.microsoft.nchwc';

/** What ONNX takes for the shape of a value of this shape in a layout. */
export function shapeIn(layout: Layout, shape: Shape4): number[] {
  const [count, height, width, channels] = shape;
  if (layout === 'last') return [...shape];
  return layout === 'filter' ? [channels, width, count, height] : [count, channels, height, width];
}

/** The numbers of a blocked value by their places; a single channel is to be broadcast. */
export const byBlocks = ([count, height, width, channels]: Shape4, block: number): number[] =>
  channels === 1 ? [count, 1, height, width, 1] : [count, channels / block, height, width, block];

/** `shape` is in tfjs' order; the number of images stays as it is. Free where the numbers lie alike in both layouts. */
function reorder(graph: GraphWriter, name: string, shape: Shape4, from: Layout, to: Layout, block: number): string {
  if (from === 'filter' || to === 'filter') return reorderFilter(graph, name, shape, to, block);
  const [, height, width, channels] = shape;
  const alike = channels === 1 || height * width === 1 || (channels === block && from !== 'first' && to !== 'first');
  if (alike) return graph.node('Reshape', [name, graph.list([0, ...shapeIn(to, shape).slice(1)])]);
  if (to === 'blocked') return graph.node('ReorderInput', [name], { channels_last: from === 'last' ? 1 : 0 }, BLOCKED);
  if (from === 'blocked') return graph.node('ReorderOutput', [name], { channels, channels_last: to === 'last' ? 1 : 0 }, BLOCKED);
  return graph.node('Transpose', [name], { perm: to === 'first' ? [0, 3, 1, 2] : [0, 2, 3, 1] });
}

/** Between tfjs' order of a filter and that of the blocked kernels. */
function reorderFilter(graph: GraphWriter, name: string, shape: Shape4, to: Layout, block: number): string {
  const order = filterOrder(shape, block);
  const [sides, perm] = to === 'filter' ? [order.sides, order.there] : [order.there.map((axis) => order.sides[axis]!), order.back];
  const turned = graph.node('Transpose', [graph.node('Reshape', [name, graph.list(sides)])], { perm });
  return graph.node('Reshape', [turned, graph.list(shapeIn(to, shape))]);
}

export interface Permutation {
  /** What tfjs' order is split into. */
  readonly sides: readonly number[];
  /** Axes as they follow each other in the other order, and the way back. */
  readonly there: readonly number[];
  readonly back: readonly number[];
}

/** Filters that the blocked kernels take: whole blocks of outputs, and whole blocks or less than a block of inputs. */
export const isBlockedFilter = ([, , inner, outer]: Shape4, block: number): boolean =>
  block > 0 && outer % block === 0 && (inner < block || inner % block === 0);

/** [h·w, I, O] ⇄ [O/b, I/b, h·w, b of I, b of O], or [O/b, I, h·w, b] where I < b. */
export function filterOrder([height, width, inner, outer]: Shape4, block: number): Permutation {
  const taps = height * width;
  return inner < block
    ? { sides: [taps, inner, outer / block, block], there: [2, 1, 0, 3], back: [2, 1, 0, 3] }
    : { sides: [taps, inner / block, block, outer / block, block], there: [3, 1, 0, 2, 4], back: [2, 1, 3, 0, 4] };
}

/** Axes of tfjs' order in ONNX'. */
export const axesFirst = (axes: readonly number[]): number[] => axes.map((axis) => [0, 2, 3, 1][axis]!);

/** A record of arrays that stand for values of a trace. */
export type Frozen = { readonly [name: string]: NdArray };
