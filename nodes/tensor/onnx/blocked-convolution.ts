// Convolutions by blocked kernels.
import type { Operation } from '../executor.ts';
import type { Window } from '../tracing/convolutions.ts';
import type { GraphWriter } from './graph.ts';
import type { LowerSome } from './lower.ts';
import { BLOCKED, isBlockedFilter, type Shape4, type Values } from './values.ts';

export const windowOf = ({ attributes }: Operation): Window => attributes as unknown as Window;

export const shapeOf = (value: number, { signature }: Pick<Values, 'signature'>): Shape4 => signature(value).shape as unknown as Shape4;

export const reshape = (graph: GraphWriter, x: string, shape: readonly number[]): string => graph.node('Reshape', [x, graph.list(shape)]);

/** Rows of a matrix, or of what is reshaped to one, in another order: ONNX Runtime's fast way to permute, on all threads. */
export function rowsOf(
  graph: GraphWriter,
  x: string,
  [rows, length]: readonly [number, number],
  key: string,
  order: () => readonly number[],
): string {
  return graph.node('Gather', [reshape(graph, x, [rows, length]), graph.index(key, order)], { axis: 0 });
}

/**
 * x · scale + shift for each channel (+ sum), clipped at 0 if `relu`, in one pass: a convolution of size 1×1 on each channel alone. No shift is ''.
 * A sum that is read for the last time is overwritten, else copied.
 */
export function affine(
  graph: GraphWriter,
  x: string,
  scale: string,
  shift: string,
  channels: number,
  more: { readonly sum?: string; readonly relu?: boolean; readonly pads?: readonly number[]; readonly strides?: readonly number[] } = {},
): string {
  const filter = reshape(graph, scale, [channels, 1, 1, 1]);
  const inputs = [x, filter, ...(shift || more.sum ? [shift] : []), ...(more.sum === undefined ? [] : [more.sum])];
  const { pads, strides, relu } = more;
  const attributes = { ...(pads ? { pads } : {}), ...(strides ? { strides } : {}), ...(relu ? { activation: 'Relu' } : {}) };
  return graph.node('Conv', inputs, { kernel_shape: [1, 1], group: channels, ...attributes }, BLOCKED);
}

/** A scale that changes nothing. */
export const ones = (graph: GraphWriter, channels: number): string =>
  graph.constant('float32', [channels], new Float32Array(channels).fill(1));

/** A constant filter is left to ONNX Runtime, which blocks it once. Few input channels, as in the first layer, are read unblocked. */
export const convolution: LowerSome = (operation, values) => {
  const { graph, block } = values;
  const { x, filter, shift } = operation.inputs as { x: number; filter: number; shift?: number };
  const [height, width, inner] = shapeOf(filter, values);
  if (values.isConstant(filter) || !isBlockedFilter(shapeOf(filter, values), block)) return false;
  const { strides, dilations, pad } = windowOf(operation);
  const pads = [pad[1][0], pad[2][0], pad[1][1], pad[2][1]];
  const inputs = [
    values.get(x, inner < block ? 'first' : 'blocked'),
    values.get(filter, 'filter'),
    ...(shift === undefined ? [] : [graph.node('Neg', [values.get(shift)])]),
  ];
  values.set(
    operation.outputs[0]!,
    graph.node('Conv', inputs, { kernel_shape: [height, width], strides, dilations, pads }, BLOCKED),
    'blocked',
  );
  return true;
};
