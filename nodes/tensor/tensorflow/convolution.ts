// Convolutions and their gradients: TensorFlow's own, which read and write tfjs' order of axes.
import type { Operation } from '../executor.ts';
import type { Window } from '../tracing/convolutions.ts';
import type { Attributes, GraphWriter } from './graph.ts';
import { grown, inner, padded, type Pads, paddingOf } from './padding.ts';
import { plainly, type Rules } from './rule.ts';
import type { Values } from './values.ts';

const alongImage = ([height, width]: readonly [number, number]): number[] => [1, height, width, 1];

/** The attributes that a convolution of `image` by `filter` shares with its gradients, and the pads that come first. */
function convolution({ attributes }: Operation, image: readonly number[], filter: readonly number[]): [Attributes, Pads | undefined] {
  const window = attributes as unknown as Window;
  const { attribute: padding, pads } = paddingOf(image, filter, window);
  const [strides, dilations] = [alongImage(window.strides), alongImage(window.dilations)];
  return [{ T: { type: 'float32' }, strides, dilations, padding, data_format: 'NHWC' }, pads];
}

const shapeOf = ({ inputs }: Operation, name: string, { signature }: Values): readonly number[] => signature(inputs[name]!).shape;

/** By a filter of the graph: the convolution's own, or that times something. */
export function convolved(operator: string, operation: Operation, filter: string, values: Values): string {
  const { graph, factor } = values;
  const [attributes, pads] = convolution(operation, shapeOf(operation, 'x', values), shapeOf(operation, 'filter', values));
  return graph.node(operator, [padded(graph, factor(operation.inputs['x']!), pads), filter], attributes);
}

const forward = plainly((operation, values) => convolved(operation.kernel, operation, values.factor(operation.inputs['filter']!), values));

const toInput = plainly((operation, values) => {
  const { graph, factor } = values;
  const image = operation.attributes['inputShape'] as readonly number[];
  const [attributes, pads] = convolution(operation, image, shapeOf(operation, 'filter', values));
  const { dy, filter } = operation.inputs as { dy: number; filter: number };
  const sides = graph.list(pads ? grown(image, pads) : image);
  return inner(graph, graph.node('Conv2DBackpropInput', [sides, factor(filter), factor(dy)], attributes), image, pads);
});

const toFilter = plainly((operation, values) => {
  const { graph, factor } = values;
  const filter = operation.attributes['filterShape'] as readonly number[];
  const [attributes, pads] = convolution(operation, shapeOf(operation, 'x', values), filter);
  const { x, dy } = operation.inputs as { x: number; dy: number };
  const image = padded(graph, factor(x), pads);
  const isPixel = filter[0] === 1 && filter[1] === 1;
  const met = isPixel ? metPixels(graph, image, attributes) : image;
  return graph.node('Conv2DBackpropFilter', [met, graph.list(filter), factor(dy)], isPixel ? everyPixel(attributes) : attributes);
});

/**
 * The pixels that a 1×1 filter meets, by a pool of single pixels, the fastest that TensorFlow has. oneDNN's own way with strides for AVX2 (seen in
 * TensorFlow 2.10 and 2.21) writes beyond its memory where a side is even and there are fewer than six channels.
 */
function metPixels(graph: GraphWriter, image: string, { T, strides, padding, data_format }: Attributes): string {
  const isEvery = (strides as readonly number[]).every((stride) => stride === 1);
  return isEvery
    ? image
    : graph.node('AvgPool', [image], { T: T!, ksize: ONES, strides: strides!, padding: padding!, data_format: data_format! });
}

const ONES = [1, 1, 1, 1];
const everyPixel = (attributes: Attributes): Attributes => ({ ...attributes, strides: ONES });

export const CONVOLUTION_RULES: Rules = {
  Conv2D: forward,
  Conv2DBackpropFilter: toFilter,
  Conv2DBackpropInput: toInput,
  DepthwiseConv2dNative: forward,
};
