// Derivatives of the kernels that work element by element.
import * as tf from '@tensorflow/tfjs-core';
import { gathered, type Gradient, nothing, rule } from './rule.ts';

type Slope = (dy: tf.Tensor, saved: tf.Tensor) => tf.Tensor;

/** f′ in terms of x. */
const byInput = (kernel: string, slope: Slope): Gradient => rule(kernel, { inputs: ['x'] }, (dy, [x]) => ({ x: () => slope(dy, x!) }));
/** f′ in terms of y = f(x). */
const byOutput = (kernel: string, slope: Slope): Gradient => rule(kernel, { output: true }, (dy, [y]) => ({ x: () => slope(dy, y!) }));

type Slopes = (dy: tf.Tensor, a: tf.Tensor, b: tf.Tensor, y: tf.Tensor) => readonly [() => tf.Tensor, () => tf.Tensor];

const binary = (kernel: string, slopes: Slopes): Gradient =>
  rule(kernel, { inputs: ['a', 'b'], output: true }, (dy, saved) => {
    const [a, b, y] = saved as [tf.Tensor, tf.Tensor, tf.Tensor];
    const [da, db] = slopes(dy, a, b, y);
    return { a: () => gathered(da(), a.shape), b: () => gathered(db(), b.shape) };
  });

/** dy where a condition holds. */
const where = (dy: tf.Tensor, condition: tf.Tensor): tf.Tensor => tf.mul(dy, tf.cast(condition, 'float32'));

/** Constant almost everywhere: masks and roundings may stand between parameters and loss. */
const flat = (kernel: string, inputs: readonly string[]): Gradient =>
  rule(kernel, { inputs }, (_, saved) => Object.fromEntries(inputs.map((name, i) => [name, () => nothing(saved[i]!)])));

const FLAT = ['Ceil', 'Floor', 'LogicalNot', 'Round', 'Sign', 'Step', 'ZerosLike', 'OnesLike', 'ArgMax', 'ArgMin'];
const COMPARISONS = ['Equal', 'Greater', 'GreaterEqual', 'Less', 'LessEqual', 'LogicalAnd', 'LogicalOr', 'NotEqual', 'FloorDiv'];

const select: Gradient = rule('Select', { inputs: ['condition'] }, (dy, [condition]) => ({
  condition: () => nothing(condition!),
  t: () => tf.where(condition!, dy, tf.zerosLike(dy)),
  e: () => tf.where(condition!, tf.zerosLike(dy), dy),
}));

const clip: Gradient = rule('ClipByValue', { inputs: ['x'] }, (dy, [x], { clipValueMin, clipValueMax }) => ({
  x: () => where(dy, tf.logicalAnd(tf.greaterEqual(x!, clipValueMin), tf.lessEqual(x!, clipValueMax))),
}));

const leakyRelu: Gradient = rule('LeakyRelu', { inputs: ['x'] }, (dy, [x], { alpha }) => ({
  x: () => tf.mul(dy, tf.add(tf.mul(tf.step(x!), 1 - alpha), alpha)),
}));

const cast: Gradient = rule('Cast', { inputs: ['x'] }, (dy, [x], { dtype }) => ({
  x: () => (dtype === 'float32' ? dy.clone() : nothing(x!)),
}));

const power = binary('Pow', (dy, a, b, y) => [
  () => tf.mul(dy, tf.mul(b, tf.pow(a, tf.sub(b, 1)))),
  () => tf.mul(dy, tf.where(tf.greater(a, 0), tf.mul(y, tf.log(a)), tf.zerosLike(y))),
]);

export const ELEMENTWISE_GRADIENTS: readonly Gradient[] = [
  byInput('Abs', (dy, x) => tf.mul(dy, tf.sign(x))),
  byInput('Cos', (dy, x) => tf.neg(tf.mul(dy, tf.sin(x)))),
  byInput('Erf', (dy, x) => tf.mul(dy, tf.mul(tf.exp(tf.neg(tf.square(x))), 2 / Math.sqrt(Math.PI)))),
  byInput('Log', (dy, x) => tf.div(dy, x)),
  byInput('Log1p', (dy, x) => tf.div(dy, tf.add(x, 1))),
  byInput('Relu6', (dy, x) => where(tf.mul(dy, tf.step(x)), tf.lessEqual(x, 6))),
  byInput('Sin', (dy, x) => tf.mul(dy, tf.cos(x))),
  byInput('Softplus', (dy, x) => tf.mul(dy, tf.sigmoid(x))),
  byInput('Square', (dy, x) => tf.mul(dy, tf.mul(x, 2))),
  byOutput('Elu', (dy, y) => tf.mul(dy, tf.add(tf.minimum(y, 0), 1))),
  byOutput('Exp', (dy, y) => tf.mul(dy, y)),
  byOutput('Expm1', (dy, y) => tf.mul(dy, tf.add(y, 1))),
  byOutput('Reciprocal', (dy, y) => tf.neg(tf.mul(dy, tf.square(y)))),
  // step(relu(x)) = step(x), and relu(x) is kept anyway for the next layer.
  byOutput('Relu', (dy, y) => tf.mul(dy, tf.step(y))),
  byOutput('Rsqrt', (dy, y) => tf.mul(dy, tf.mul(tf.mul(tf.square(y), y), -0.5))),
  byOutput('Sigmoid', (dy, y) => tf.mul(dy, tf.mul(y, tf.sub(1, y)))),
  byOutput('Sqrt', (dy, y) => tf.div(dy, tf.mul(y, 2))),
  byOutput('Tanh', (dy, y) => tf.mul(dy, tf.sub(1, tf.square(y)))),
  rule('Neg', {}, (dy) => ({ x: () => tf.neg(dy) })),
  binary('Add', (dy) => [() => dy, () => dy]),
  binary('Maximum', (dy, a, b) => [() => where(dy, tf.greaterEqual(a, b)), () => where(dy, tf.less(a, b))]),
  binary('Minimum', (dy, a, b) => [() => where(dy, tf.lessEqual(a, b)), () => where(dy, tf.greater(a, b))]),
  binary('Multiply', (dy, a, b) => [() => tf.mul(dy, b), () => tf.mul(dy, a)]),
  binary('RealDiv', (dy, _a, b, y) => [() => tf.div(dy, b), () => tf.neg(tf.div(tf.mul(dy, y), b))]),
  binary('SquaredDifference', (dy, a, b) => [() => tf.mul(dy, tf.mul(tf.sub(a, b), 2)), () => tf.mul(dy, tf.mul(tf.sub(b, a), 2))]),
  binary('Sub', (dy) => [() => dy, () => tf.neg(dy)]),
  power,
  select,
  clip,
  leakyRelu,
  cast,
  ...FLAT.map((kernel) => flat(kernel, ['x'])),
  ...COMPARISONS.map((kernel) => flat(kernel, ['a', 'b'])),
  flat('OneHot', ['indices']),
];
