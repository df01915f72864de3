// Batch norm in plain ONNX, in whichever layout the input lies: statistics by averages, application by one multiplication and one addition.
import type { GraphWriter } from './graph.ts';
import type { Lower, Rules } from './lower.ts';
import type { Layout, Values } from './values.ts';

/**
 * Average over images, height and width: [N, C, H, W] or [N, H, W, C] → [C]. Image by image first, since sums of many numbers at once lose digits:
 * gradients are twice as near the truth.
 */
const average = (graph: GraphWriter, x: string, layout: Layout): string => {
  const each = graph.node('ReduceMean', [x], { axes: layout === 'first' ? [2, 3] : [1, 2], keepdims: 0 });
  return graph.node('ReduceMean', [each], { axes: [0], keepdims: 0 });
};

const layoutOf = ({ has }: Values, x: number): Layout => (has(x, 'last') ? 'last' : 'first');

const channels = ({ signature }: Values, x: number): number => signature(x).shape.at(-1)!;

/** [C] → [C, 1, 1] where it has to meet [N, C, H, W]. */
const widener =
  (graph: GraphWriter, count: number, layout: Layout) =>
  (vector: string): string =>
    layout === 'first' ? graph.node('Reshape', [vector, graph.list([count, 1, 1])]) : vector;

/** 1/√(v + ε) */
const inverse = (graph: GraphWriter, variance: string, epsilon: number): string =>
  graph.node('Reciprocal', [graph.node('Sqrt', [graph.node('Add', [variance, graph.scalar(epsilon)])])]);

/** The variance is that of centred numbers: E[x²] − m² would cancel where |m| ≫ σ. */
const training: Lower = ({ inputs, outputs, attributes }, values) => {
  const { graph } = values;
  const layout = layoutOf(values, inputs['x']!);
  const wide = widener(graph, channels(values, inputs['x']!), layout);
  const x = values.get(inputs['x']!, layout);
  const mean = average(graph, x, layout);
  const centred = graph.node('Sub', [x, wide(mean)]);
  const variance = average(graph, graph.node('Mul', [centred, centred]), layout);
  const factor = graph.node('Mul', [values.get(inputs['scale']!), inverse(graph, variance, attributes['epsilon'] as number)]);
  const y = graph.node('Add', [graph.node('Mul', [centred, wide(factor)]), wide(values.get(inputs['offset']!))]);
  values.set(outputs[0]!, y, layout);
  values.set(outputs[1]!, mean);
  values.set(outputs[2]!, variance);
};

/**
 * With s = 1/√(v + ε), d = mean(dy), c = mean(dy · (x − m)) and M elements a channel:
 *
 *   dβ = M·d,   dγ = M·c·s,   dx = γs·(dy − d − (x − m)·c·s²)
 */
const trainingGradient: Lower = ({ inputs, outputs, attributes }, values) => {
  const { graph, signature, get } = values;
  const { shape } = signature(inputs['x']!);
  const layout = layoutOf(values, inputs['x']!);
  const wide = widener(graph, shape.at(-1)!, layout);
  const elements = graph.scalar(shape.slice(0, -1).reduce((product, side) => product * side, 1));
  const [dy, x] = [get(inputs['dy']!, layout), get(inputs['x']!, layout)];
  const mean = get(inputs['mean']!);
  const s = inverse(graph, get(inputs['variance']!), attributes['epsilon'] as number);
  const d = average(graph, dy, layout);
  const centred = graph.node('Sub', [x, wide(mean)]);
  const c = average(graph, graph.node('Mul', [dy, centred]), layout);
  const factor = graph.node('Mul', [get(inputs['scale']!), s]);
  // dx = dy·factor + x·slope + shift
  const slope = graph.node('Neg', [graph.node('Mul', [factor, graph.node('Mul', [c, graph.node('Mul', [s, s])])])]);
  const shift = graph.node('Neg', [graph.node('Mul', [factor, d])]);
  const bent = graph.node('Add', [graph.node('Mul', [centred, wide(slope)]), wide(shift)]);
  values.set(outputs[0]!, graph.node('Add', [graph.node('Mul', [dy, wide(factor)]), bent]), layout);
  values.set(outputs[1]!, graph.node('Mul', [graph.node('Mul', [c, s]), elements]));
  values.set(outputs[2]!, graph.node('Mul', [d, elements]));
};

const inference: Lower = ({ inputs, outputs, attributes }, values) => {
  const { graph, get } = values;
  const count = channels(values, inputs['x']!);
  const given = (name: string, otherwise: number): string => {
    const value = inputs[name];
    return value === undefined ? graph.constant('float32', [count], new Float32Array(count).fill(otherwise)) : get(value);
  };
  const parts = [given('scale', 1), given('offset', 0), given('mean', 0), given('variance', 1)];
  const epsilon = { float: attributes['varianceEpsilon'] as number };
  values.set(outputs[0]!, graph.node('BatchNormalization', [get(inputs['x']!, 'first'), ...parts], { epsilon }), 'first');
};

export const BATCH_NORM_RULES: Rules = { BatchNormTraining: training, BatchNormTrainingGrad: trainingGradient, FusedBatchNorm: inference };
