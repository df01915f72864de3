// Convolutions and their input gradients by blocked kernels. Filters arrive as [kh, kw, I, O] and are blocked inside the step: they are small.
import type { Operation } from '../executor.ts';
import type { Window } from '../tracing/convolutions.ts';
import type { GraphWriter } from './graph.ts';
import type { LowerSome } from './lower.ts';
import { BLOCKED, type Shape4, shapeIn, type Values } from './values.ts';

export const windowOf = ({ attributes }: Operation): Window => attributes as unknown as Window;

export const shapeOf = (value: number, { signature }: Values): Shape4 => signature(value).shape as unknown as Shape4;

export const reshape = (graph: GraphWriter, x: string, shape: readonly number[]): string => graph.node('Reshape', [x, graph.list(shape)]);

/** As the blocked kernels want their inputs: [N, C, H, W], whatever the order of the numbers. */
export const logical = ({ graph }: Values, name: string, [count, height, width, channels]: Shape4): string =>
  reshape(graph, name, [count, channels, height, width]);

/** Sets what a blocked kernel made. */
export function setBlocked(values: Values, value: number, made: string): void {
  values.set(value, reshape(values.graph, made, shapeIn('blocked', shapeOf(value, values), values.block)), 'blocked');
}

export const isBlocked = (channels: number, { block }: Values): boolean => channels % block === 0;

/** Top, left, bottom, right. */
export const onnxPads = ({ pad: [, [top, bottom], [left, right]] }: Window): number[] => [top, left, bottom, right];

/** A constant filter is left to ONNX Runtime, which blocks it once. Few input channels, as in the first layer, are read unblocked. */
export const convolution: LowerSome = (operation, values) => {
  const { graph, block } = values;
  const { x, filter } = operation.inputs as { x: number; filter: number };
  const [height, width, inner, outer] = shapeOf(filter, values);
  const isStem = inner < block;
  if (values.isConstant(filter) || !isBlocked(outer, values) || !(isStem || isBlocked(inner, values))) return false;
  const window = windowOf(operation);
  const blocks = reshape(
    graph,
    values.get(filter),
    isStem ? [height * width, inner, outer / block, block] : [height * width, inner / block, block, outer / block, block],
  );
  // [O/b, I, taps, b], or [O/b, I/b, taps, b of I, b of O]
  const turned = graph.node('Transpose', [blocks], { perm: isStem ? [2, 1, 0, 3] : [3, 1, 0, 2, 4] });
  const input = isStem ? values.get(x, 'first') : logical(values, values.get(x, 'blocked'), shapeOf(x, values));
  const attributes = { kernel_shape: [height, width], strides: window.strides, dilations: window.dilations, pads: onnxPads(window) };
  setBlocked(
    values,
    operation.outputs[0]!,
    graph.node('Conv', [input, reshape(graph, turned, [outer, inner, height, width])], attributes, BLOCKED),
  );
  return true;
};

/**
 * Filter [kh, kw, I, O] as one from O to `phases` · I channels, made of the taps in `order` (a list of k² for each phase; −1: no tap).
 * Physically [phases · I/b, O/b, k², b of O, b of I].
 */
function backwards(
  { graph, block }: Values,
  filter: string,
  [height, width, inner, outer]: Shape4,
  order: readonly number[],
  phases: number,
): string {
  const taps = order.length / phases;
  const side = Math.sqrt(taps);
  const flat = reshape(graph, filter, [height * width, inner * outer]);
  const all = order.includes(-1)
    ? graph.node('Concat', [flat, graph.constant('float32', [1, inner * outer], new Float32Array(inner * outer))], { axis: 0 })
    : flat;
  const chosen = graph.node('Gather', [all, graph.index(`taps ${order}`, () => order.map((tap) => (tap < 0 ? height * width : tap)))], {
    axis: 0,
  });
  const blocks = reshape(graph, chosen, [phases, taps, inner / block, block, outer / block, block]);
  const turned = graph.node('Transpose', [blocks], { perm: [0, 2, 4, 1, 5, 3] });
  return reshape(graph, turned, [phases * inner, outer, side, side]);
}

/** Square filters; stride 1, and stride 2 of the two kinds that networks use. */
export const inputGradient: LowerSome = (operation, values) => {
  const { dy, filter } = operation.inputs as { dy: number; filter: number };
  const [height, width, inner, outer] = shapeOf(filter, values);
  if (values.isConstant(filter) || height !== width || !isBlocked(outer, values) || !isBlocked(inner, values)) return false;
  const { strides } = windowOf(operation);
  if (strides[0] !== strides[1]) return false;
  if (strides[0] === 1) return byFlippedFilter(operation, values);
  const [, inHeight, inWidth] = shapeOf(operation.outputs[0]!, values);
  const [, outHeight, outWidth] = shapeOf(dy, values);
  if (strides[0] !== 2 || inHeight !== 2 * outHeight || inWidth !== 2 * outWidth) return false;
  const pads = onnxPads(windowOf(operation));
  if (height === 3 && pads[0] === 1 && pads[1] === 1) return byPhases(operation, values);
  return height === 1 && pads[0] === 0 && pads[1] === 0 ? bySpreading(operation, values) : false;
};

function byFlippedFilter(operation: Operation, values: Values): boolean {
  const { graph } = values;
  const { dy, filter } = operation.inputs as { dy: number; filter: number };
  const size = shapeOf(filter, values);
  const [side] = size;
  const pads = onnxPads(windowOf(operation)).map((pad) => side - 1 - pad);
  if (pads.some((pad) => pad < 0)) return false;
  const taps = side * side;
  const turned = backwards(
    values,
    values.get(filter),
    size,
    Array.from({ length: taps }, (_, tap) => taps - 1 - tap),
    1,
  );
  const slope = logical(values, values.get(dy, 'blocked'), shapeOf(dy, values));
  setBlocked(values, operation.outputs[0]!, graph.node('Conv', [slope, turned], { kernel_shape: [side, side], pads }, BLOCKED));
  return true;
}

/** Which of three taps meet output i (left) and i + 1 (right) at an even and an odd place of x, with stride 2 and padding 1. */
const PHASES = [
  [1, -1],
  [2, 0],
] as const;

/** 3×3, stride 2: the four kinds of places (even, odd)² each see a 2×2 window of dy: one convolution to 4 · I channels, then interleaved. */
function byPhases(operation: Operation, values: Values): boolean {
  const { graph, block } = values;
  const { dy, filter } = operation.inputs as { dy: number; filter: number };
  const size = shapeOf(filter, values);
  const [count, height, width] = shapeOf(dy, values);
  const inner = size[2];
  const order = PHASES.flatMap((down) =>
    PHASES.flatMap((across) => down.flatMap((u) => across.map((v) => (u < 0 || v < 0 ? -1 : u * 3 + v)))),
  );
  const turned = backwards(values, values.get(filter), size, order, 4);
  const slope = logical(values, values.get(dy, 'blocked'), shapeOf(dy, values));
  const phases = graph.node('Conv', [slope, turned], { kernel_shape: [2, 2], pads: [0, 0, 1, 1] }, BLOCKED);
  const blocks = inner / block;
  const places = graph.index(`interleave ${[count, blocks, height, width]}`, () => interleaving(count, blocks, height, width));
  const blocksOfPixels = reshape(graph, phases, [count * 4 * blocks * height * width, block]);
  setBlocked(values, operation.outputs[0]!, graph.node('Gather', [blocksOfPixels, places], { axis: 0 }));
  return true;
}

/** Places [N, I/b, 2·H, 2·W] in terms of [N, phase, I/b, H, W]. */
function interleaving(count: number, blocks: number, height: number, width: number): number[] {
  const order: number[] = [];
  for (let n = 0; n < count; n++)
    for (let c = 0; c < blocks; c++)
      for (let y = 0; y < 2 * height; y++)
        for (let x = 0; x < 2 * width; x++)
          order.push((((n * 4 + (y % 2) * 2 + (x % 2)) * blocks + c) * height + (y >> 1)) * width + (x >> 1));
  return order;
}

/** 1×1, stride 2: a 1×1 convolution of dy at the even places, zeros at the others. */
function bySpreading(operation: Operation, values: Values): boolean {
  const { graph, block } = values;
  const { dy, filter } = operation.inputs as { dy: number; filter: number };
  const size = shapeOf(filter, values);
  const [count, height, width] = shapeOf(dy, values);
  const slope = logical(values, values.get(dy, 'blocked'), shapeOf(dy, values));
  const even = graph.node('Conv', [slope, backwards(values, values.get(filter), size, [0], 1)], { kernel_shape: [1, 1] }, BLOCKED);
  const lines = (count * size[2] * height) / block;
  // Zeros to the right of each pixel, then below each line.
  const pixels = reshape(graph, even, [lines * width, block]);
  const across = reshape(graph, graph.node('Pad', [pixels, graph.list([0, 0, 0, block])]), [lines, 2 * width * block]);
  setBlocked(values, operation.outputs[0]!, graph.node('Pad', [across, graph.list([0, 0, 0, 2 * width * block])]));
  return true;
}
