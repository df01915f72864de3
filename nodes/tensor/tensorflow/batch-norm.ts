// Batch norm by TensorFlow's fused kernels, in training forward and backward one pass each; in inference part of the convolution before it.
import type { Operation } from '../executor.ts';
import { NORMALISED_CONVOLUTION } from '../normalised-convolution.ts';
import { convolved } from './convolution.ts';
import type { Attributes } from './graph.ts';
import { type Lower, plainly, type Rules } from './rule.ts';
import type { Values } from './values.ts';

const attributesOf = (epsilon: unknown, training: boolean): Attributes => ({
  T: { type: 'float32' },
  U: { type: 'float32' },
  epsilon: { float: epsilon as number },
  data_format: 'NHWC',
  is_training: training,
});

const EMPTY = (values: Values): string => values.graph.constant('float32', [0], []);

/** The kernels take images: rows are images of one pixel. */
function asImages(value: number, values: Values): string {
  const { shape } = values.signature(value);
  if (shape.length === 4) return values.get(value);
  return values.graph.node('Reshape', [values.get(value), values.graph.list([-1, 1, 1, shape.at(-1)!])], { T: values.type(value) });
}

function fromImages(name: string, value: number, { graph, signature, type }: Values): string {
  const { shape } = signature(value);
  return shape.length === 4 ? name : graph.node('Reshape', [name, graph.list(shape)], { T: type(value) });
}

/** Where the statistics of values come from: what the forward kernel keeps for the backward one. */
const kept = (name: string): readonly string[] => [`${name}:3`, `${name}:4`, `${name}:5`];

/** TensorFlow's variance is divided by n − 1, Kith's by n. */
const training: Lower = ({ inputs, outputs, attributes }, values) => {
  const { graph, get, signature } = values;
  const { shape } = signature(inputs['x']!);
  const count = shape.slice(0, -1).reduce((product, side) => product * side, 1);
  const given = [asImages(inputs['x']!, values), get(inputs['scale']!), get(inputs['offset']!), EMPTY(values), EMPTY(values)];
  const name = graph.node('FusedBatchNormV3', given, attributesOf(attributes['epsilon'], true));
  values.set(outputs[0]!, fromImages(name, outputs[0]!, values));
  values.set(outputs[1]!, `${name}:1`);
  const biased = graph.constant('float32', [], [Math.max(1, count - 1) / count]);
  values.set(outputs[2]!, graph.node('Mul', [`${name}:2`, biased], { T: { type: 'float32' } }));
};

const trainingGradient: Lower = ({ inputs, outputs, attributes }, values) => {
  const { graph, get } = values;
  const given = [asImages(inputs['dy']!, values), asImages(inputs['x']!, values), get(inputs['scale']!), ...statistics(inputs, values)];
  const name = graph.node('FusedBatchNormGradV3', given, attributesOf(attributes['epsilon'], true));
  values.set(outputs[0]!, fromImages(name, outputs[0]!, values));
  values.set(outputs[1]!, `${name}:1`);
  values.set(outputs[2]!, `${name}:2`);
};

/** What the forward kernel kept; its form is the device's own affair, so it is never computed anew. */
function statistics({ mean }: Operation['inputs'], { get, origin }: Values): readonly string[] {
  if (origin(mean!)?.kernel !== 'BatchNormTraining')
    throw new Error('The gradient of batch norm needs the statistics that the forward kernel made.');
  return kept(get(mean!).replace(/:1$/, ''));
}

/** γ, β, m and v where they are given, otherwise 1, 0, 0 and 1. */
function partsOf({ inputs, outputs }: Operation, { graph, get, signature }: Values): readonly [string, string, string, string] {
  const channels = signature(outputs[0]!).shape.at(-1)!;
  const given = (name: string, otherwise: number): string => {
    const value = inputs[name];
    return value === undefined ? graph.constant('float32', [channels], new Float32Array(channels).fill(otherwise)) : get(value);
  };
  return [given('scale', 1), given('offset', 0), given('mean', 0), given('variance', 1)];
}

const inference = plainly((operation, values) => {
  const { inputs, outputs, attributes } = operation;
  const given = [asImages(inputs['x']!, values), ...partsOf(operation, values)];
  const name = values.graph.node('FusedBatchNormV3', given, attributesOf(attributes['varianceEpsilon'], false));
  return fromImages(name, outputs[0]!, values);
});

/**
 * Batch norm of a convolution by a filter w is one by w · f, plus β − m · f, with f = γ/√(v + ε). TensorFlow does the sums and the ReLU while it
 * writes the convolution's results.
 */
const ofConvolution = plainly((operation, values) => {
  const { inputs, attributes } = operation;
  const { graph, get, inexact } = values;
  const T = { type: 'float32' } as const;
  const of = (operator: string, ...given: readonly string[]): string => graph.node(operator, given, { T });
  const [scale, offset, mean, variance] = partsOf(operation, values);
  const epsilon = graph.constant('float32', [], [attributes['varianceEpsilon'] as number]);
  const f = of('Mul', scale, of('Rsqrt', of('AddV2', variance, epsilon)));
  const filter = inexact(of('Mul', get(inputs['filter']!), f));
  const shift = of('Sub', offset, of('Mul', mean, f));
  const norm = graph.node('BiasAdd', [convolved('Conv2D', operation, filter, values), shift], { T, data_format: 'NHWC' });
  const sum = 'residual' in inputs ? of('AddV2', norm, get(inputs['residual']!)) : norm;
  return attributes['relu'] ? of('Relu', sum) : sum;
});

export const BATCH_NORM_RULES: Rules = {
  BatchNormTraining: training,
  BatchNormTrainingGrad: trainingGradient,
  FusedBatchNorm: inference,
  [NORMALISED_CONVOLUTION]: ofConvolution,
};
