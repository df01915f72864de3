// Sums, means and extremes over axes, in whichever layout the input lies; softmax and running sums.
import type { Operation } from '../executor.ts';
import { ELEMENT } from './graph.ts';
import { type Lower, plainly, type Rules } from './lower.ts';
import { axesFirst, type Layout, type Values } from './values.ts';

/** One reduction over given axes. */
type Write = (name: string, axes: readonly number[], keepdims: 0 | 1, values: Values) => string;

const byAttribute =
  (operator: string): Write =>
  (name, axes, keepdims, { graph }) =>
    graph.node(operator, [name], { axes, keepdims });

const sum: Write = (name, axes, keepdims, { graph }) => graph.node('ReduceSum', [name, graph.list(axes)], { keepdims });

/** ONNX reduces numbers only. */
const ofBooleans =
  (operator: string): Write =>
  (name, axes, keepdims, { graph }) => {
    const numbers = graph.node('Cast', [name], { to: ELEMENT.int32 });
    return graph.node('Cast', [graph.node(operator, [numbers], { axes, keepdims })], { to: ELEMENT.bool });
  };

/** Channels first where it lies so and the order of what is left is the same. */
function layoutFor(x: number, axes: readonly number[], keepDims: boolean, values: Values): Layout {
  if (values.signature(x).shape.length !== 4 || !values.has(x, 'first') || values.has(x, 'last')) return 'last';
  const left = [0, 1, 2, 3].filter((axis) => !axes.includes(axis));
  return keepDims || !left.includes(3) || !(left.includes(1) || left.includes(2)) ? 'first' : 'last';
}

const reduction =
  (write: Write): Lower =>
  ({ inputs, attributes, outputs }, values) => {
    const x = inputs['x']!;
    const axes = (attributes['reductionIndices'] ?? attributes['axis']) as readonly number[];
    const keepDims = attributes['keepDims'] === true;
    const layout = layoutFor(x, axes, keepDims, values);
    const made = write(values.get(x, layout), layout === 'first' ? axesFirst(axes) : axes, keepDims ? 1 : 0, values);
    values.set(outputs[0]!, made, keepDims ? layout : 'last');
  };

const argument = (operator: string): Lower =>
  plainly(({ attributes }: Operation, { graph }, [name]) => {
    const index = graph.node(operator, [name!], { axis: attributes['axis'] as number, keepdims: 0 });
    return graph.node('Cast', [index], { to: ELEMENT.int32 });
  });

const cumulative = plainly(({ attributes }, { graph }, [name]) => {
  const axis = graph.constant('int64', [], [attributes['axis'] as number]);
  return graph.node('CumSum', [name!, axis], { exclusive: Number(attributes['exclusive']), reverse: Number(attributes['reverse']) });
});

export const REDUCTION_RULES: Rules = {
  All: reduction(ofBooleans('ReduceMin')),
  Any: reduction(ofBooleans('ReduceMax')),
  Max: reduction(byAttribute('ReduceMax')),
  Mean: reduction(byAttribute('ReduceMean')),
  Min: reduction(byAttribute('ReduceMin')),
  Prod: reduction(byAttribute('ReduceProd')),
  Sum: reduction(sum),
  ArgMax: argument('ArgMax'),
  ArgMin: argument('ArgMin'),
  Cumsum: cumulative,
  Softmax: plainly(({ attributes }, { graph }, [name]) => graph.node('Softmax', [name!], { axis: attributes['dim'] as number })),
  LogSoftmax: plainly(({ attributes }, { graph }, [name]) => graph.node('LogSoftmax', [name!], { axis: attributes['axis'] as number })),
};
