// Batch norm by blocked kernels: a channel's statistics by pool and by a convolution that multiplies and adds at once, its application by a
// convolution of size 1×1 that scales, shifts and clips in one pass.
import type { Operation } from '../executor.ts';
import { logical, setBlocked } from './blocked-convolution.ts';
import { planeMean } from './blocked-mean.ts';
import type { GraphWriter } from './graph.ts';
import type { LowerSome } from './lower.ts';
import { BLOCKED, type Shape4, type Values } from './values.ts';

const over = (graph: GraphWriter, x: string): string => graph.node('ReduceMean', [x], { axes: [0], keepdims: 0 });

/** Mean over images, height and width: [N, C, H, W] → [C]. */
const mean = (values: Values, x: string, shape: Shape4): string => over(values.graph, planeMean(values, x, shape));

/** Mean of x · y over images, height and width, [C]: each plane of x is convolved with the same plane of y, and nothing is written between. */
function meanProduct({ graph }: Values, x: string, y: string, [count, height, width, channels]: Shape4): string {
  const planes = count * channels;
  const image = graph.node('Reshape', [x, graph.list([1, planes, height, width])]);
  const filter = graph.node('Reshape', [y, graph.list([planes, 1, height, width])]);
  const sums = graph.node('Conv', [image, filter], { kernel_shape: [height, width], group: planes }, BLOCKED);
  const total = over(graph, graph.node('Reshape', [sums, graph.list([count, channels])]));
  return graph.node('Mul', [total, graph.scalar(1 / (height * width))]);
}

/** x · scale + shift for each channel (+ sum), clipped at 0 if `relu`; no shift is ''. */
function affine(
  { graph }: Values,
  x: string,
  scale: string,
  shift: string,
  channels: number,
  more: { readonly sum?: string; readonly relu?: boolean } = {},
): string {
  const filter = graph.node('Reshape', [scale, graph.list([channels, 1, 1, 1])]);
  const inputs = [x, filter, shift, ...(more.sum === undefined ? [] : [more.sum])];
  return graph.node('Conv', inputs, { kernel_shape: [1, 1], group: channels, ...(more.relu ? { activation: 'Relu' } : {}) }, BLOCKED);
}

/** 1/√(v + ε) */
const inverse = (graph: GraphWriter, variance: string, epsilon: unknown): string =>
  graph.node('Reciprocal', [graph.node('Sqrt', [graph.node('Add', [variance, graph.scalar(epsilon as number)])])]);

const applies = (x: number, { block, signature }: Values): boolean =>
  signature(x).shape.length === 4 && signature(x).shape[3]! % block === 0;

/** x − m, once for both passes. */
function centred(values: Values, x: number, m: string, shape: Shape4): string {
  const { graph } = values;
  const ones = graph.constant('float32', [shape[3]], new Float32Array(shape[3]).fill(1));
  return affine(values, logical(values, values.get(x, 'blocked'), shape), ones, graph.node('Neg', [m]), shape[3]);
}

/** A ReLU that alone reads the result is written along. */
function reluAfter(value: number, values: Values): number | undefined {
  const reader: Operation | undefined = values.onlyReader(value);
  return reader?.kernel === 'Relu' ? reader.outputs[0]! : undefined;
}

/** The variance is that of centred numbers: E[x²] − m² would cancel where |m| ≫ σ. */
export const batchNorm: LowerSome = ({ inputs, outputs, attributes }, values) => {
  const x = inputs['x']!;
  if (!applies(x, values)) return false;
  const { graph, get } = values;
  const shape = values.signature(x).shape as unknown as Shape4;
  const m = mean(values, logical(values, get(x, 'blocked'), shape), shape);
  const c = centred(values, x, m, shape);
  const variance = meanProduct(values, c, c, shape);
  const factor = graph.node('Mul', [get(inputs['scale']!), inverse(graph, variance, attributes['epsilon'])]);
  const relu = reluAfter(outputs[0]!, values);
  const made = affine(values, c, factor, get(inputs['offset']!), shape[3], { relu: relu !== undefined });
  setBlocked(values, relu ?? outputs[0]!, made);
  values.set(outputs[1]!, m);
  values.set(outputs[2]!, variance);
  return true;
};

/** See the plain rule: dx = dy·γs + (x − m)·(−γs·c·s²) − γs·d with d = mean(dy), c = mean(dy · (x − m)). */
export const batchNormGradient: LowerSome = ({ inputs, outputs, attributes }, values) => {
  const x = inputs['x']!;
  if (!applies(x, values)) return false;
  const { graph, get } = values;
  const shape = values.signature(x).shape as unknown as Shape4;
  const [count, height, width, channels] = shape;
  const dy = logical(values, get(inputs['dy']!, 'blocked'), shape);
  const from = centred(values, x, get(inputs['mean']!), shape);
  const s = inverse(graph, get(inputs['variance']!), attributes['epsilon']);
  const d = mean(values, dy, shape);
  const c = meanProduct(values, dy, from, shape);
  const factor = graph.node('Mul', [get(inputs['scale']!), s]);
  const slope = graph.node('Neg', [graph.node('Mul', [factor, graph.node('Mul', [c, graph.node('Mul', [s, s])])])]);
  const shift = graph.node('Neg', [graph.node('Mul', [factor, d])]);
  const bent = affine(values, from, slope, shift, channels);
  setBlocked(values, outputs[0]!, affine(values, dy, factor, '', channels, { sum: bent }));
  const elements = graph.scalar(count * height * width);
  values.set(outputs[1]!, graph.node('Mul', [graph.node('Mul', [c, s]), elements]));
  values.set(outputs[2]!, graph.node('Mul', [d, elements]));
  return true;
};
