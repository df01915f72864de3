// Trace → TensorFlow graph. State lies in resource variables; one graph holds what writes it, what moves it on and what reads it.
import { KithError } from '../../../engine/errors.ts';
import type { Operation, Trace } from '../executor.ts';
import { BATCH_NORM_RULES } from './batch-norm.ts';
import { type Mode, rounded } from './bf16.ts';
import { CONVOLUTION_RULES } from './convolution.ts';
import { ELEMENTWISE_RULES } from './elementwise.ts';
import { createGraph, elementOf, type GraphWriter } from './graph.ts';
import { IMAGE_RULES } from './images.ts';
import { NODE, operationName } from './names.ts';
import { POOL_RULES } from './pools.ts';
import { REDUCTION_RULES } from './reduction.ts';
import type { Lower, Rules } from './rule.ts';
import { SHAPE_RULES } from './shapes.ts';
import { moveState } from './update.ts';
import { createValues, type Values } from './values.ts';

const RULES: Rules = {
  ...ELEMENTWISE_RULES,
  ...REDUCTION_RULES,
  ...SHAPE_RULES,
  ...CONVOLUTION_RULES,
  ...POOL_RULES,
  ...BATCH_NORM_RULES,
  ...IMAGE_RULES,
};

/** The GraphDef of a trace. A KithError where it holds an operation that has no rule here. */
export function lower(trace: Trace, mode: Mode = 'fp32'): Uint8Array {
  const graph = createGraph();
  const values = createValues(graph, trace, mode === 'rounded' ? (x) => rounded(graph, x) : undefined);
  const open = (value: number, name: string): void => {
    const { shape } = values.signature(value);
    values.set(value, graph.named(name, 'Placeholder', [], { dtype: values.type(value), shape: { shape } }));
  };
  trace.feeds.forEach(({ value }, at) => open(value, NODE.feed(at)));
  trace.state.forEach(({ input }, at) => holdState(graph, values, input, at));
  trace.operations.forEach((operation, at) => {
    graph.scope(operationName(operation.kernel, at));
    ruleFor(operation)(operation, values);
  });
  graph.scope('');
  trace.results.forEach(({ value }, at) => graph.named(NODE.result(at), 'Identity', [values.get(value)], { T: values.type(value) }));
  graph.named(NODE.step, 'NoOp', moveState(trace, values).map(after));
  graph.named(NODE.writeAll, 'NoOp', trace.state.map((_, at) => after(NODE.write(at)))); // prettier-ignore
  return graph.finish();
}

const after = (name: string): string => `^${name}`;

/** A variable, how it is written and how it is read. */
function holdState(graph: GraphWriter, values: Values, input: number, at: number): void {
  const { shape, dtype } = values.signature(input);
  const element = { dtype: { type: elementOf(dtype) }, shape: { shape } };
  const variable = graph.named(NODE.variable(at), 'VarHandleOp', [], { ...element, shared_name: NODE.variable(at) });
  const given = graph.named(NODE.given(at), 'Placeholder', [], element);
  graph.named(NODE.write(at), 'AssignVariableOp', [variable, given], { dtype: element.dtype });
  values.set(input, graph.named(NODE.read(at), 'ReadVariableOp', [variable], { dtype: element.dtype }));
}

function ruleFor({ kernel }: Operation): Lower {
  const rule = RULES[kernel];
  if (rule) return rule;
  throw new KithError(`The operation ${kernel} cannot run on the device "tensorflow".`, {
    hint: 'Write the step with other operations, or use --device onnx.',
  });
}
