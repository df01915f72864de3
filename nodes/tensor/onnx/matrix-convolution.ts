// Convolutions as one matrix product each, channels last: the pixels that the filter meets lie side by side in a matrix [N·H·W, taps·C].
// For small pictures, where products over many images at once are fast and the copies are cheap; nothing is transposed but filters.
import type { Operation } from '../executor.ts';
import type { Window } from '../tracing/convolutions.ts';
import type { GraphWriter } from './graph.ts';
import { grid, type Phases, phasesOf } from './phases.ts';
import type { Values } from './values.ts';

type Four = readonly [number, number, number, number];
type Two = readonly [number, number];

/** Beyond this many positions a picture the copies cost more than the products gain. */
const MOST_POSITIONS = 64;

const shapeOf = (value: number, { signature }: Values): Four => signature(value).shape as unknown as Four;

/** Whether a convolution whose (forward) output has this shape is better done here. */
export const isSmall = ([, height, width]: Four): boolean => height * width <= MOST_POSITIONS;

/** y = patches(x) · F with F: [kh·kw·I, O]. */
export function matrixConvolution(operation: Operation, values: Values): void {
  const { graph } = values;
  const { x, filter } = operation.inputs as { x: number; filter: number };
  const [height, width, inner, outer] = shapeOf(filter, values);
  const product = graph.node('MatMul', [
    forwardPatches(operation, x, [height, width], shapeOf(operation.outputs[0]!, values), values),
    graph.node('Reshape', [values.get(filter), graph.list([height * width * inner, outer])]),
  ]);
  values.set(operation.outputs[0]!, graph.node('Reshape', [product, graph.list(shapeOf(operation.outputs[0]!, values))]));
}

/** dF = patches(x)ᵀ · dy. */
export function matrixFilterGradient(operation: Operation, values: Values): void {
  const { graph } = values;
  const { x, dy } = operation.inputs as { x: number; dy: number };
  const shape = operation.attributes['filterShape'] as unknown as Four;
  const out = shapeOf(dy, values);
  const slope = graph.node('Reshape', [values.get(dy), graph.list([out[0] * out[1] * out[2], out[3]])]);
  const made = graph.node('Gemm', [forwardPatches(operation, x, [shape[0], shape[1]], out, values), slope], { transA: 1 });
  values.set(operation.outputs[0]!, graph.node('Reshape', [made, graph.list(shape)]));
}

/**
 * dx: all s·s phases come from one product of the patches of dy over the range of distances with a matrix [ranges·O, s·s·C] of filter rows, zero
 * where no tap fits; then phases interleave.
 */
export function matrixInputGradient(operation: Operation, values: Values): void {
  const { graph } = values;
  const { dy, filter } = operation.inputs as { dy: number; filter: number };
  const { strides, pad } = operation.attributes as unknown as Window;
  const [kernelHeight, kernelWidth, inner, outer] = shapeOf(filter, values);
  const [count, outHeight, outWidth] = shapeOf(dy, values);
  const [, inHeight, inWidth] = shapeOf(operation.outputs[0]!, values);
  const rows = phasesOf(kernelHeight, strides[0], pad[1][0]);
  const columns = phasesOf(kernelWidth, strides[1], pad[2][0]);
  const [height, width] = [Math.ceil(inHeight / strides[0]), Math.ceil(inWidth / strides[1])];

  const edge = ({ least, range }: Phases, size: number, out: number): Two => [
    Math.max(0, -least),
    Math.max(0, size + least + range - 1 - out),
  ];
  const padded = pads(graph, values.get(dy), edge(rows, height, outHeight), edge(columns, width, outWidth));
  const start = ({ least }: Phases): number => Math.max(0, least);
  const offsets = grid(rows.range, columns.range).map(([row, column]): Two => [row + start(rows), column + start(columns)]);
  const patches = gathered(graph, padded, offsets, [1, 1], [count, height, width, outer]);

  // Filter rows by tap and output, [kh·kw·O, C], with a row of zeros at the end.
  const turned = graph.node('Transpose', [values.get(filter)], { perm: [0, 1, 3, 2] });
  const taps = kernelHeight * kernelWidth;
  const flat = graph.node('Reshape', [turned, graph.list([taps * outer, inner])]);
  const withZeros = graph.node('Concat', [flat, graph.constant('float32', [1, inner], new Float32Array(inner))], { axis: 0 });
  const phases = grid(strides[0], strides[1]);
  const index = grid(rows.range, columns.range).flatMap(([row, column]) =>
    Array.from({ length: outer }, (_, output) =>
      phases.map(([a, b]) => {
        const [up, across] = [rows.tap(a, row), columns.tap(b, column)];
        return up === undefined || across === undefined ? taps * outer : (up * kernelWidth + across) * outer + output;
      }),
    ).flat(),
  );
  const matrix = graph.node('Gather', [withZeros, graph.constant('int64', [rows.range * columns.range * outer, phases.length], index)], {
    axis: 0,
  });
  const wide = graph.node('Reshape', [matrix, graph.list([rows.range * columns.range * outer, phases.length * inner])]);
  const product = graph.node('MatMul', [patches, wide]);

  const whole = graph.list([count, height * strides[0], width * strides[1], inner]);
  const made =
    phases.length === 1
      ? graph.node('Reshape', [product, whole])
      : graph.node('Reshape', [
          graph.node('Transpose', [graph.node('Reshape', [product, graph.list([count, height, width, strides[0], strides[1], inner])])], {
            perm: [0, 1, 3, 2, 4, 5],
          }),
          whole,
        ]);
  const isExact = height * strides[0] === inHeight && width * strides[1] === inWidth;
  values.set(
    operation.outputs[0]!,
    isExact ? made : graph.node('Slice', [made, graph.list([0, 0]), graph.list([inHeight, inWidth]), graph.list([1, 2])]),
  );
}

/** The pixels that each output position of a convolution meets: [N·Ho·Wo, taps·C]. Written once for the convolution and its filter's gradient. */
function forwardPatches(operation: Operation, x: number, [height, width]: Two, [count, outHeight, outWidth]: Four, values: Values): string {
  const { strides, dilations, pad } = operation.attributes as unknown as Window;
  const channels = shapeOf(x, values)[3];
  const offsets = grid(height, width).map(([row, column]): Two => [row * dilations[0], column * dilations[1]]);
  const padded = pads(values.graph, values.get(x), pad[1], pad[2]);
  return gathered(values.graph, padded, offsets, strides, [count, outHeight, outWidth, channels]);
}

function pads(graph: GraphWriter, x: string, [top, bottom]: Two, [left, right]: Two): string {
  if (top + bottom + left + right === 0) return x;
  return graph.node('Pad', [x, graph.list([0, top, left, 0, 0, bottom, right, 0])]);
}

function gathered(graph: GraphWriter, x: string, offsets: readonly Two[], strides: Two, [count, height, width, channels]: Four): string {
  const slices = offsets.map(([row, column]) => {
    const ends = [row + (height - 1) * strides[0] + 1, column + (width - 1) * strides[1] + 1];
    return graph.node('Slice', [x, graph.list([row, column]), graph.list(ends), graph.list([1, 2]), graph.list(strides)]);
  });
  const joined = slices.length > 1 ? graph.node('Concat', slices, { axis: 3 }) : slices[0]!;
  return graph.node('Reshape', [joined, graph.list([count * height * width, offsets.length * channels])]);
}
