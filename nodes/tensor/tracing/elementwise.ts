// Kernels that work element by element with NumPy's broadcasting, and the shape that they give.

export const UNARY: readonly string[] = [
  ...['Abs', 'Ceil', 'Cos', 'Elu', 'Erf', 'Exp', 'Expm1', 'Floor', 'Log', 'Log1p', 'LogicalNot', 'Neg', 'Reciprocal', 'Relu', 'Relu6'],
  ...['Round', 'Rsqrt', 'Sigmoid', 'Sign', 'Sin', 'Softplus', 'Sqrt', 'Square', 'Tanh'],
];
export const ARITHMETIC: readonly string[] = ['Add', 'Maximum', 'Minimum', 'Mod', 'Multiply', 'Pow', 'RealDiv', 'SquaredDifference', 'Sub'];
export const COMPARISONS: readonly string[] = [
  'Equal',
  'Greater',
  'GreaterEqual',
  'Less',
  'LessEqual',
  'LogicalAnd',
  'LogicalOr',
  'NotEqual',
];

export const ELEMENTWISE: ReadonlySet<string> = new Set([
  ...UNARY,
  ...ARITHMETIC,
  ...COMPARISONS,
  'Cast',
  'ClipByValue',
  'FloorDiv',
  'LeakyRelu',
  'Select',
  'Step',
]);

/** The shape of a ∘ b. */
export function broadcastShape(a: readonly number[], b: readonly number[]): readonly number[] {
  const rank = Math.max(a.length, b.length);
  return Array.from({ length: rank }, (_, axis) => {
    const [x, y] = [a[axis - rank + a.length] ?? 1, b[axis - rank + b.length] ?? 1];
    if (x !== y && x !== 1 && y !== 1) throw new Error(`Shapes [${a}] and [${b}] do not broadcast.`);
    return x === 1 ? y : x;
  });
}
