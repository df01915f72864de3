// Convolutions and their gradients in plain ONNX, channels first.
import type { Operation } from '../executor.ts';
import type { Window } from '../tracing/convolutions.ts';
import type { Attributes, GraphWriter } from './graph.ts';
import { type Lower, type Rules, unsupported } from './lower.ts';
import { isSmall, matrixConvolution, matrixFilterGradient, matrixInputGradient } from './matrix-convolution.ts';
import { maximumPoolGradient } from './maximum-pool-gradient.ts';
import type { Values } from './values.ts';

type Four = readonly [number, number, number, number];

const windowOf = ({ attributes }: Operation): Window => attributes as unknown as Window;

const shapeOf = (value: number, { signature }: Values): Four => signature(value).shape as unknown as Four;

/** Attributes of ONNX' Conv and ConvTranspose for a filter of this size. */
function attributesOf(
  { strides, dilations, pad: [, [top, bottom], [left, right]] }: Window,
  [height, width]: readonly number[],
): Attributes {
  return { kernel_shape: [height!, width!], strides, dilations, pads: [top, left, bottom, right] };
}

/** Filter [kh, kw, I, O] → [O, I, kh, kw]. */
const outputsFirst = (graph: GraphWriter, filter: string): string => graph.node('Transpose', [filter], { perm: [3, 2, 0, 1] });

const convolution: Lower = (operation, values) => {
  const { x, filter } = operation.inputs as { x: number; filter: number };
  const attributes = attributesOf(windowOf(operation), shapeOf(filter, values));
  const made = values.graph.node('Conv', [values.get(x, 'first'), outputsFirst(values.graph, values.get(filter))], attributes);
  values.set(operation.outputs[0]!, made, 'first');
};

/** Filter [kh, kw, C, M]: each of C channels has M outputs, which lie side by side. */
const depthwise: Lower = (operation, values) => {
  const { graph } = values;
  const { x, filter } = operation.inputs as { x: number; filter: number };
  const [height, width, channels, several] = shapeOf(filter, values);
  const turned = graph.node('Transpose', [values.get(filter)], { perm: [2, 3, 0, 1] });
  const single = graph.node('Reshape', [turned, graph.list([channels * several, 1, height, width])]);
  const made = graph.node('Conv', [values.get(x, 'first'), single], {
    ...attributesOf(windowOf(operation), [height, width]),
    group: channels,
  });
  values.set(operation.outputs[0]!, made, 'first');
};

/** Filter [kh, kw, I, O] → [I, O, kh, kw] with taps in reverse. */
function flipped(graph: GraphWriter, filter: string, [height, width, inner, outer]: Four): string {
  const taps = height * width;
  if (taps === 1) return graph.node('Transpose', [filter], { perm: [2, 3, 0, 1] });
  const rows = graph.node('Reshape', [filter, graph.list([taps, inner * outer])]);
  const reversed = graph.node('Gather', [rows, graph.list(Array.from({ length: taps }, (_, tap) => taps - 1 - tap))], { axis: 0 });
  return graph.node('Transpose', [graph.node('Reshape', [reversed, graph.list([height, width, inner, outer])])], { perm: [2, 3, 0, 1] });
}

/**
 * Stride 1: a convolution of dy with the filter flipped, its inputs and outputs exchanged. Other strides: a transposed convolution, told how
 * many rows and columns of x the last windows leave out.
 */
const inputGradient: Lower = (operation, values) => {
  const { graph } = values;
  const { dy, filter } = operation.inputs as { dy: number; filter: number };
  const window = windowOf(operation);
  const size = shapeOf(filter, values);
  const [height, width] = size;
  const [, [top, bottom], [left, right]] = window.pad;
  const slope = values.get(dy, 'first');
  const set = (made: string): void => values.set(operation.outputs[0]!, made, 'first');
  const pads = [height - 1 - top, width - 1 - left, height - 1 - bottom, width - 1 - right];
  if (window.strides.every((stride) => stride === 1) && pads.every((side) => side >= 0)) {
    set(graph.node('Conv', [slope, flipped(graph, values.get(filter), size)], { kernel_shape: [height, width], pads }));
    return;
  }
  const [, inHeight, inWidth] = shapeOf(operation.outputs[0]!, values);
  const [, outHeight, outWidth] = shapeOf(dy, values);
  const rest = (side: number, out: number, stride: number, kernel: number, padding: number): number =>
    side - (stride * (out - 1) + kernel - padding);
  const output_padding = [
    rest(inHeight, outHeight, window.strides[0], height, top + bottom),
    rest(inWidth, outWidth, window.strides[1], width, left + right),
  ];
  set(graph.node('ConvTranspose', [slope, outputsFirst(graph, values.get(filter))], { ...attributesOf(window, size), output_padding }));
};

/** dF[tap] = (x shifted by the tap)ᵀ · dy over all images and positions: one product for each tap, or one for all where x has few channels. */
const filterGradient: Lower = (operation, values) => {
  const { graph } = values;
  const { x, dy } = operation.inputs as { x: number; dy: number };
  const window = windowOf(operation);
  const [height, width, channels, outer] = operation.attributes['filterShape'] as unknown as Four;
  const [count, outHeight, outWidth] = shapeOf(dy, values);
  const rows = count * outHeight * outWidth;
  const slope = graph.node('Reshape', [values.get(dy), graph.list([rows, outer])]);
  const taps = shifted(graph, padded(graph, values.get(x), window), window, [height, width], [outHeight, outWidth]);
  const matrices = taps.map((tap) => graph.node('Reshape', [tap, graph.list([rows, channels])]));
  const product = (left: string): string => graph.node('Gemm', [left, slope], { transA: 1 });
  const made = channels < NARROW ? product(joined(graph, matrices, 1)) : joined(graph, matrices.map(product), 0);
  values.set(operation.outputs[0]!, graph.node('Reshape', [made, graph.list([height, width, channels, outer])]));
};

/** Below this many channels the product of one tap is too small to be fast. */
const NARROW = 16;

const joined = (graph: GraphWriter, parts: readonly string[], axis: number): string =>
  parts.length > 1 ? graph.node('Concat', parts, { axis }) : parts[0]!;

function padded(graph: GraphWriter, x: string, { pad: [, [top, bottom], [left, right]] }: Window): string {
  if (top + bottom + left + right === 0) return x;
  return graph.node('Pad', [x, graph.list([0, top, left, 0, 0, bottom, right, 0])]);
}

/** For each place in the filter the pixels [N, H, W, C] that it meets. */
function shifted(
  graph: GraphWriter,
  x: string,
  { strides, dilations }: Window,
  [height, width]: readonly [number, number],
  out: readonly [number, number],
): string[] {
  if (height * width === 1 && strides.every((stride) => stride === 1)) return [x];
  return Array.from({ length: height * width }, (_, tap) => {
    const from = [Math.floor(tap / width) * dilations[0], (tap % width) * dilations[1]];
    const to = from.map((start, i) => start + (out[i]! - 1) * strides[i]! + 1);
    return graph.node('Slice', [x, graph.list(from), graph.list(to), graph.list([1, 2]), graph.list(strides)]);
  });
}

const pool =
  (operator: string): Lower =>
  (operation, values) => {
    const size = operation.attributes['filterSize'] as readonly number[];
    const { kernel_shape, strides, pads } = attributesOf(windowOf(operation), size);
    const made = values.graph.node(operator, [values.get(operation.inputs['x']!, 'first')], {
      kernel_shape: kernel_shape!,
      strides: strides!,
      pads: pads!,
    });
    values.set(operation.outputs[0]!, made, 'first');
  };

/** A transposed depthwise convolution with ones, divided by the size of the window. */
const averagePoolGradient: Lower = (operation, values) => {
  const { graph } = values;
  const { dy, input } = operation.inputs as { dy: number; input: number };
  const [height, width] = operation.attributes['filterSize'] as readonly [number, number];
  const window = windowOf(operation);
  const [, [top, bottom], [left, right]] = window.pad;
  if (top + bottom + left + right > 0)
    throw unsupported('The gradient of an average pool with padding', 'Use padding "valid", or pad before the pool.');
  const [, inHeight, inWidth, channels] = shapeOf(input, values);
  const [, outHeight, outWidth] = shapeOf(dy, values);
  const ones = new Float32Array(channels * height * width).fill(1 / (height * width));
  const filter = graph.constant('float32', [channels, 1, height, width], ones);
  const rest = [inHeight - ((outHeight - 1) * window.strides[0] + height), inWidth - ((outWidth - 1) * window.strides[1] + width)];
  const spread = graph.node('ConvTranspose', [values.get(dy, 'first'), filter], {
    ...attributesOf(window, [height, width]),
    group: channels,
  });
  const whole = rest.some((side) => side > 0) ? graph.node('Pad', [spread, graph.list([0, 0, 0, 0, 0, 0, ...rest])]) : spread;
  values.set(operation.outputs[0]!, whole, 'first');
};

export const CONVOLUTION_RULES: Rules = {
  AvgPool: pool('AveragePool'),
  AvgPoolGrad: averagePoolGradient,
  // With a constant filter ONNX Runtime itself finds the fastest convolution, twice as fast as a product here.
  Conv2D: (operation, values) =>
    (isSmall(shapeOf(operation.outputs[0]!, values)) && !values.isConstant(operation.inputs['filter']!) ? matrixConvolution : convolution)(
      operation,
      values,
    ),
  Conv2DBackpropFilter: (operation, values) =>
    (isSmall(shapeOf(operation.inputs['dy']!, values)) ? matrixFilterGradient : filterGradient)(operation, values),
  Conv2DBackpropInput: (operation, values) =>
    (isSmall(shapeOf(operation.inputs['dy']!, values)) ? matrixInputGradient : inputGradient)(operation, values),
  DepthwiseConv2dNative: depthwise,
  MaxPool: pool('MaxPool'),
  MaxPoolGrad: maximumPoolGradient,
};
