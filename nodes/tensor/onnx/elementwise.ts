// Kernels that act on each element alone: one ONNX node each, or a few. They keep the layout of what they read.
import type { Operation, Signature } from '../executor.ts';
import { ELEMENT, elementOf, type GraphWriter } from './graph.ts';
import type { Lower, Rules } from './lower.ts';
import { type Layout, type Shape4, shapeIn, type Values } from './values.ts';

interface Context {
  readonly graph: GraphWriter;
  readonly inputs: readonly string[];
  /** Of the first input. */
  readonly input: Signature;
  readonly attributes: Operation['attributes'];
}

type Write = (context: Context) => string;

const SAME = [
  'Abs',
  'Ceil',
  'Cos',
  'Elu',
  'Erf',
  'Exp',
  'Floor',
  'Log',
  'Neg',
  'Reciprocal',
  'Relu',
  'Round',
  'Sigmoid',
  'Sign',
  'Sin',
  'Softplus',
  'Sqrt',
  'Tanh',
];

const RENAMED: { readonly [kernel: string]: string } = {
  Add: 'Add',
  Sub: 'Sub',
  Multiply: 'Mul',
  Pow: 'Pow',
  RealDiv: 'Div',
  Maximum: 'Max',
  Minimum: 'Min',
  Equal: 'Equal',
  Greater: 'Greater',
  GreaterEqual: 'GreaterOrEqual',
  Less: 'Less',
  LessEqual: 'LessOrEqual',
  LogicalAnd: 'And',
  LogicalOr: 'Or',
  LogicalNot: 'Not',
  Select: 'Where',
};

const named =
  (operator: string): Write =>
  ({ graph, inputs }) =>
    graph.node(operator, inputs);

/** A constant of one number in the input's own dtype. */
const number = ({ graph, input }: Context, value: number): string => graph.constant(elementOf(input.dtype), [], [value]);

/** The largest float: a hard sigmoid this steep is 1 at every normal positive number and 0 elsewhere. */
export const STEEPEST = 3.4e38;

const step: Write = (context) => {
  const { graph, inputs, input } = context;
  if (input.dtype === 'float32') return graph.node('HardSigmoid', inputs, { alpha: { float: STEEPEST }, beta: { float: 0 } });
  return graph.node('Cast', [graph.node('Greater', [inputs[0]!, number(context, 0)])], { to: ELEMENT[elementOf(input.dtype)] });
};

/** log(1 + x) without loss near 0 (Kahan): log(u) · x/(u − 1) with u = 1 + x, and x where u is 1. */
const log1p: Write = ({ graph, inputs: [x] }) => {
  const u = graph.node('Add', [x!, graph.scalar(1)]);
  const corrected = graph.node('Mul', [graph.node('Log', [u]), graph.node('Div', [x!, graph.node('Sub', [u, graph.scalar(1)])])]);
  return graph.node('Where', [graph.node('Equal', [u, graph.scalar(1)]), x!, corrected]);
};

/** exp(x) − 1 without loss near 0 (Kahan): (u − 1) · x/log(u) with u = exp(x), and x where u is 1; plain u − 1 away from 0. */
const expm1: Write = ({ graph, inputs: [x] }) => {
  const u = graph.node('Exp', [x!]);
  const plain = graph.node('Sub', [u, graph.scalar(1)]);
  const corrected = graph.node('Mul', [plain, graph.node('Div', [x!, graph.node('Log', [u])])]);
  const near = graph.node('Where', [graph.node('Equal', [u, graph.scalar(1)]), x!, corrected]);
  return graph.node('Where', [graph.node('Less', [graph.node('Abs', [x!]), graph.scalar(0.5)]), near, plain]);
};

/** a mod b with the sign of b. */
const modulo: Write = ({ graph, inputs: [a, b], input }) => {
  if (input.dtype === 'int32') return graph.node('Mod', [a!, b!]);
  return graph.node('Sub', [a!, graph.node('Mul', [graph.node('Floor', [graph.node('Div', [a!, b!])]), b!])]);
};

const floorDivision: Write = (context) => {
  const { graph, inputs, input } = context;
  if (input.dtype !== 'int32') return graph.node('Cast', [graph.node('Floor', [graph.node('Div', inputs)])], { to: ELEMENT.int32 });
  return graph.node('Div', [graph.node('Sub', [inputs[0]!, modulo(context)]), inputs[1]!]);
};

const squaredDifference: Write = ({ graph, inputs }) => {
  const difference = graph.node('Sub', inputs);
  return graph.node('Mul', [difference, difference]);
};

const WRITES: { readonly [kernel: string]: Write } = {
  ...Object.fromEntries(SAME.map((kernel) => [kernel, named(kernel)])),
  ...Object.fromEntries(Object.entries(RENAMED).map(([kernel, operator]) => [kernel, named(operator)])),
  Cast: ({ graph, inputs, attributes }) => graph.node('Cast', inputs, { to: ELEMENT[elementOf(attributes['dtype'] as 'float32')] }),
  ClipByValue: (context) => {
    const { clipValueMin, clipValueMax } = context.attributes as { clipValueMin: number; clipValueMax: number };
    return context.graph.node('Clip', [context.inputs[0]!, number(context, clipValueMin), number(context, clipValueMax)]);
  },
  Expm1: expm1,
  FloorDiv: floorDivision,
  LeakyRelu: ({ graph, inputs, attributes }) => graph.node('LeakyRelu', inputs, { alpha: { float: attributes['alpha'] as number } }),
  Log1p: log1p,
  Mod: modulo,
  NotEqual: ({ graph, inputs }) => graph.node('Not', [graph.node('Equal', inputs)]),
  Relu6: (context) => context.graph.node('Clip', [context.inputs[0]!, number(context, 0), number(context, 6)]),
  Rsqrt: ({ graph, inputs }) => graph.node('Reciprocal', [graph.node('Sqrt', inputs)]),
  Square: ({ graph, inputs: [x] }) => graph.node('Mul', [x!, x!]),
  SquaredDifference: squaredDifference,
  Step: step,
};

/**
 * The layout in which something large lies already, the fastest first: elementwise operations cause no reordering that another operation does
 * not need anyway.
 */
function layoutFor({ inputs, outputs }: Operation, values: Values): Layout {
  const { shape } = values.signature(outputs[0]!);
  if (shape.length !== 4) return 'last';
  const large = Object.values(inputs).filter((input) => String(values.signature(input).shape) === String(shape));
  const within = (layout: Layout): boolean => large.some((input) => values.has(input, layout));
  if (within('filter') && !isBroadcasting(inputs, shape, values)) return 'filter';
  if (values.block > 0 && shape[3]! % values.block === 0 && within('blocked')) return 'blocked';
  return within('first') && !large.every((input) => values.has(input, 'last')) ? 'first' : 'last';
}

/** Whether an input is neither one number nor of the result's shape. */
const isBroadcasting = (inputs: Operation['inputs'], shape: readonly number[], { signature }: Values): boolean =>
  Object.values(inputs).some((input) => signature(input).shape.length > 0 && String(signature(input).shape) !== String(shape));

const lower =
  (write: Write): Lower =>
  (operation, values) => {
    const { graph, signature } = values;
    const layout = layoutFor(operation, values);
    const ids = Object.values(operation.inputs);
    const { shape } = signature(operation.outputs[0]!);
    const isAlike = !isBroadcasting(operation.inputs, shape, values);
    const inputs = ids.map((id) => (isAlike && signature(id).shape.length > 0 ? values.get(id, layout) : values.broadcast(id, layout)));
    const made = write({ graph, inputs, input: signature(ids[0]!), attributes: operation.attributes });
    const isWhole = isAlike || layout !== 'blocked';
    const flat = (): string => graph.node('Reshape', [made, graph.list(shapeIn(layout, shape as unknown as Shape4))]);
    values.set(operation.outputs[0]!, isWhole ? made : flat(), layout);
  };

export const ELEMENTWISE_RULES: Rules = Object.fromEntries(Object.entries(WRITES).map(([kernel, write]) => [kernel, lower(write)]));
