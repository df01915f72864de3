// Pools over images and their gradients.
import type { Operation } from '../executor.ts';
import type { Window } from '../tracing/convolutions.ts';
import type { Attributes, GraphWriter } from './graph.ts';
import { grown, inner, padded, type Pads, paddingOf } from './padding.ts';
import { plainly, type Rules } from './rule.ts';

interface Pool {
  readonly attributes: Attributes;
  readonly pads: Pads | undefined;
}

function poolOf({ attributes }: Operation, image: readonly number[]): Pool {
  const window = attributes as unknown as Window & { readonly filterSize: readonly [number, number] };
  const { attribute: padding, pads } = paddingOf(image, window.filterSize, window);
  const [ksize, strides] = [window.filterSize, window.strides].map(([height, width]) => [1, height, width, 1]) as [number[], number[]];
  return { attributes: { T: { type: 'float32' }, ksize, strides, padding, data_format: 'NHWC' }, pads };
}

/** Less than any pixel. */
const LOWEST = -3.4028234663852886e38;

const maximum = plainly((operation, { graph, signature }, [x]) => {
  const { attributes, pads } = poolOf(operation, signature(operation.inputs['x']!).shape);
  return graph.node('MaxPool', [padded(graph, x!, pads, LOWEST)], attributes);
});

const maximumGradient = plainly((operation, { graph, get, signature }) => {
  const { dy, input } = operation.inputs as { dy: number; input: number };
  const { shape } = signature(input);
  const { attributes, pads } = poolOf(operation, shape);
  const image = padded(graph, get(input), pads, LOWEST);
  // The forward pass wrote the same node, which is found again.
  const most = graph.node('MaxPool', [image], attributes);
  return inner(graph, graph.node('MaxPoolGrad', [image, most, get(dy)], attributes), shape, pads);
});

const mean = plainly((operation, { graph, signature }, [x]) => {
  const { shape } = signature(operation.inputs['x']!);
  const pool = poolOf(operation, shape);
  const means = graph.node('AvgPool', [padded(graph, x!, pool.pads)], pool.attributes);
  return pool.pads ? graph.node('Div', [means, share(graph, shape, pool)], { T: { type: 'float32' } }) : means;
});

const meanGradient = plainly((operation, { graph, get, signature }) => {
  const { dy, input } = operation.inputs as { dy: number; input: number };
  const { shape } = signature(input);
  const pool = poolOf(operation, shape);
  const { attributes, pads } = pool;
  if (!pads) return graph.node('AvgPoolGrad', [graph.list(shape), get(dy)], attributes);
  const even = graph.node('Div', [get(dy), share(graph, shape, pool)], { T: { type: 'float32' } });
  return inner(graph, graph.node('AvgPoolGrad', [graph.list(grown(shape, pads)), even], attributes), shape, pads);
});

/** The part of each window that lies in the image, [1, h, w, 1]: a mean is over these pixels. */
function share(graph: GraphWriter, [, height, width]: readonly number[], { attributes, pads }: Pool): string {
  const ones = graph.constant('float32', [1, height!, width!, 1], new Float32Array(height! * width!).fill(1));
  return graph.node('AvgPool', [padded(graph, ones, pads)], attributes);
}

export const POOL_RULES: Rules = { AvgPool: mean, AvgPoolGrad: meanGradient, MaxPool: maximum, MaxPoolGrad: maximumGradient };
