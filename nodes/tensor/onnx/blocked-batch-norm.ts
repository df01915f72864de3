// Batch norm and ReLU's gradient by blocked kernels: a channel's statistics by pool and by a convolution that multiplies and adds at once, its
// application in one pass that scales, shifts, adds and clips.
import { affine, ones, reshape, shapeOf } from './blocked-convolution.ts';
import { planeMean } from './blocked-mean.ts';
import { STEEPEST } from './elementwise.ts';
import type { GraphWriter } from './graph.ts';
import type { LowerSome } from './lower.ts';
import { BLOCKED, type Shape4, type Values } from './values.ts';

/** Mean over images, height and width: blocked [N, C, H, W] → [C]. */
const mean = (values: Values, x: string): string =>
  values.graph.node('ReduceMean', [planeMean(values, x)], { axes: [0, 2, 3], keepdims: 0 });

/** Mean of x · y over images, height and width, [C]: each plane of x is convolved with the same plane of y, and nothing is written between. */
function meanProduct({ graph }: Values, x: string, y: string, [count, height, width, channels]: Shape4): string {
  const planes = count * channels;
  const image = reshape(graph, x, [1, planes, height, width]);
  const filter = reshape(graph, y, [planes, 1, height, width]);
  const sums = graph.node('Conv', [image, filter], { kernel_shape: [height, width], group: planes }, BLOCKED);
  const total = graph.node('ReduceMean', [reshape(graph, sums, [count, channels])], { axes: [0], keepdims: 0 });
  return graph.node('Mul', [total, graph.scalar(1 / (height * width))]);
}

/** √(v + ε) */
const deviation = (graph: GraphWriter, variance: string, epsilon: unknown): string =>
  graph.node('Sqrt', [graph.node('Add', [variance, graph.scalar(epsilon as number)])]);

/** x − m and m. */
export const centred: LowerSome = ({ inputs, outputs }, values) => {
  const { graph } = values;
  const x = values.get(inputs['x']!, 'blocked');
  const channels = shapeOf(inputs['x']!, values)[3];
  const m = mean(values, x);
  values.set(outputs[0]!, affine(graph, x, ones(graph, channels), graph.node('Neg', [m]), channels), 'blocked');
  values.set(outputs[1]!, m);
  return true;
};

/** The fused kernel `BatchNorm`, whose x is near enough to its mean: v = E[x²] − m², not below 0, y = x · γ/√(v + ε) + (β − m · γ/√(v + ε)). */
export const batchNorm: LowerSome = ({ inputs, outputs, attributes }, values) => {
  const { graph, get } = values;
  const shape = shapeOf(inputs['x']!, values);
  const x = get(inputs['x']!, 'blocked');
  const m = mean(values, x);
  const variance = graph.node('Relu', [graph.node('Sub', [meanProduct(values, x, x, shape), graph.node('Mul', [m, m])])]);
  const scale = graph.node('Div', [get(inputs['scale']!), deviation(graph, variance, attributes['epsilon'])]);
  const shift = graph.node('Sub', [get(inputs['offset']!), graph.node('Mul', [m, scale])]);
  values.set(outputs[0]!, applied(x, scale, shift, shape[3], inputs['residual'], attributes['relu'] === true, values), 'blocked');
  values.set(outputs[1]!, graph.node('Add', [m, get(inputs['shift']!)]));
  values.set(outputs[2]!, variance);
  values.set(outputs[3]!, m);
  return true;
};

/** A residual that somebody else reads later must not be overwritten: then what is added to it is. */
function applied(
  x: string,
  scale: string,
  shift: string,
  channels: number,
  residual: number | undefined,
  relu: boolean,
  values: Values,
): string {
  const { graph } = values;
  if (residual === undefined) return affine(graph, x, scale, shift, channels, { relu });
  const other = values.get(residual, 'blocked');
  if (values.isReadOnce(residual)) return affine(graph, x, scale, shift, channels, { relu, sum: other });
  return affine(graph, other, ones(graph, channels), '', channels, { relu, sum: affine(graph, x, scale, shift, channels) });
}

/**
 * With d = mean(dy), c = mean(dy · x) − m · d, s = √(v + ε) and M elements a channel:
 *
 *   dγ = M · c/s,   dβ = M · d,   dx = dy · γ/s + x · a − (γ/s · d + a · m)   where a = −γ/s · c/s²
 */
export const batchNormGradient: LowerSome = ({ inputs, outputs, attributes }, values) => {
  const { graph, get, block } = values;
  const shape = shapeOf(inputs['x']!, values);
  const [count, height, width, channels] = shape;
  if (channels % block !== 0) return false;
  const [x, dy, m] = [get(inputs['x']!, 'blocked'), get(inputs['dy']!, 'blocked'), get(inputs['mean']!)];
  const times = (a: string, b: string): string => graph.node('Mul', [a, b]);
  const s = deviation(graph, get(inputs['variance']!), attributes['epsilon']);
  const d = mean(values, dy);
  const c = graph.node('Div', [graph.node('Sub', [meanProduct(values, dy, x, shape), times(m, d)]), s]);
  const scale = graph.node('Div', [get(inputs['scale']!), s]);
  const a = graph.node('Neg', [graph.node('Div', [times(scale, c), s])]);
  const shift = graph.node('Neg', [graph.node('Add', [times(scale, d), times(a, m)])]);
  const bent = affine(graph, x, a, shift, channels);
  values.set(outputs[0]!, affine(graph, dy, scale, '', channels, { sum: bent }), 'blocked');
  const elements = graph.scalar(count * height * width);
  values.set(outputs[1]!, times(c, elements));
  values.set(outputs[2]!, times(d, elements));
  return true;
};

/**
 * The fused kernel `ReluGradient`. A gradient that is one number for each image and channel becomes that channel's scale.
 *
 * Whether y > 0 is where float32 shows: of millions of activations one or two lie so near to 0 that rounding decides. Each alone moves gradients
 * by up to 1e-2, in any library; with its decisions taken over, double precision gives the same gradients to 3e-5.
 */
export const reluGradient: LowerSome = ({ inputs, outputs }, values) => {
  const { graph } = values;
  const { dy, y } = inputs as { dy: number; y: number };
  const shape = shapeOf(y, values);
  const [count, height, width, channels] = shape;
  const mask = graph.node('HardSigmoid', [values.get(y, 'blocked')], { alpha: { float: STEEPEST }, beta: { float: 0 } });
  const spread = (): string => {
    const planes = reshape(graph, mask, [1, count * channels, height, width]);
    return reshape(graph, affine(graph, planes, values.get(dy), '', count * channels), [count, channels, height, width]);
  };
  const isWhole = String(values.signature(dy).shape) === String(shape);
  values.set(outputs[0]!, isWhole ? graph.node('Mul', [values.get(dy, 'blocked'), mask]) : spread(), 'blocked');
  return true;
};
