// Kernels that act on each element alone: most are TensorFlow's own, by the same name or another.
import { elementOf } from './graph.ts';
import type { Operation, TensorDType } from '../executor.ts';
import { each, type Lower, plainly, type Rules } from './rule.ts';
import type { Values } from './values.ts';

/** TensorFlow's operator for a kernel; its type is that of the first input. */
const OPERATORS: { readonly [kernel: string]: string } = {
  ...Object.fromEntries(
    [
      ...['Abs', 'Ceil', 'Cos', 'Elu', 'Erf', 'Exp', 'Expm1', 'Floor', 'Log', 'Log1p', 'Neg', 'Reciprocal', 'Relu', 'Relu6', 'Round'],
      ...['Rsqrt', 'Sigmoid', 'Sign', 'Sin', 'Softplus', 'Sqrt', 'Square', 'Tanh', 'Equal', 'Greater', 'GreaterEqual', 'Less', 'LessEqual'],
      ...['NotEqual', 'Maximum', 'Minimum', 'Pow', 'RealDiv', 'SquaredDifference', 'Sub'],
    ].map((kernel) => [kernel, kernel]),
  ),
  Add: 'AddV2',
  Mod: 'FloorMod',
};

const own = (operator: string): Lower =>
  plainly(({ inputs }, { graph, type }, names) => graph.node(operator, names, { T: type(Object.values(inputs)[0]!) }));

const logical = (operator: string): Lower => plainly((_, { graph }, names) => graph.node(operator, names));

/** x converted from the dtype of `value`. */
const cast = ({ graph, type }: Values, x: string, value: number, dtype: TensorDType): string =>
  graph.node('Cast', [x], { SrcT: type(value), DstT: { type: elementOf(dtype) } });

/** A constant of one number in the dtype of `value`. */
const like = ({ graph, signature }: Values, value: number, number: number): string =>
  graph.constant(elementOf(signature(value).dtype), [], [number]);

/** 1 where x > 0, else 0. */
const step = plainly(({ inputs, outputs }, values, [x]) => {
  const above = values.graph.node('Greater', [x!, like(values, inputs['x']!, 0)], { T: values.type(inputs['x']!) });
  return values.graph.node('Cast', [above], { SrcT: { type: 'bool' }, DstT: values.type(outputs[0]!) });
});

/** Which factor of dy · step(x) is dy, where that is what a product is. */
function slopeOf({ inputs, outputs }: Operation, { origin, signature }: Values): readonly [slope: number, x: number] | undefined {
  const [a, b] = [inputs['a']!, inputs['b']!];
  const { shape, dtype } = signature(outputs[0]!);
  if (dtype !== 'float32' || ![a, b].every((factor) => String(signature(factor).shape) === String(shape))) return undefined;
  if (origin(b)?.kernel === 'Step') return [a, origin(b)!.inputs['x']!];
  return origin(a)?.kernel === 'Step' ? [b, origin(a)!.inputs['x']!] : undefined;
}

/** dy · step(x) is one pass over memory instead of three. */
const multiply = plainly((operation, values, names) => {
  const { graph, type, get } = values;
  const T = type(operation.inputs['a']!);
  const slope = slopeOf(operation, values);
  return slope ? graph.node('ReluGrad', slope.map(get), { T }) : graph.node('Mul', names, { T });
});

/** tfjs' quotient of floats is a whole number. */
const floorDivision = plainly(({ inputs }, values, names) => {
  const a = inputs['a']!;
  const quotient = values.graph.node('FloorDiv', names, { T: values.type(a) });
  return values.signature(a).dtype === 'int32' ? quotient : cast(values, quotient, a, 'int32');
});

export const ELEMENTWISE_RULES: Rules = {
  ...each(OPERATORS, own),
  ...each({ LogicalAnd: 'LogicalAnd', LogicalNot: 'LogicalNot', LogicalOr: 'LogicalOr' }, logical),
  Cast: plainly(({ inputs, attributes }, values, [x]) => cast(values, x!, inputs['x']!, attributes['dtype'] as TensorDType)),
  ClipByValue: plainly(({ inputs, attributes }, values, [x]) => {
    const [low, high] = ['clipValueMin', 'clipValueMax'].map((bound) => like(values, inputs['x']!, attributes[bound] as number));
    return values.graph.node('ClipByValue', [x!, low!, high!], { T: values.type(inputs['x']!) });
  }),
  FloorDiv: floorDivision,
  LeakyRelu: plainly(({ inputs, attributes }, { graph, type }, names) =>
    graph.node('LeakyRelu', names, { T: type(inputs['x']!), alpha: { float: attributes['alpha'] as number } }),
  ),
  Multiply: multiply,
  Select: plainly(({ outputs }, { graph, type }, names) => graph.node('SelectV2', names, { T: type(outputs[0]!) })),
  Step: step,
};
