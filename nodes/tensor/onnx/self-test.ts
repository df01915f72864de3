// A step small enough to be run at any time that uses every rule of the blocked lowering: two convolutions with batch norm, a residual sum with
// a shortcut, and all gradients.
import { type NdArray, ndarray } from '../../../cache/array.ts';
import type { Arrays, Operation, Signature, Trace } from '../executor.ts';

/** The step, with numbers in ±1 for its feeds and its state. */
export function smallStep(block: number): { readonly trace: Trace; readonly state: Arrays; readonly feeds: Arrays } {
  const channels = 2 * block;
  const [large, small] = [[8, 12, 12, channels], [8, 6, 6, channels]]; // prettier-ignore
  const values: Signature[] = [];
  const operations: Operation[] = [];
  const given: { name: string; value: number }[] = [];
  const value = (shape: readonly number[]): number => values.push({ shape, dtype: 'float32' }) - 1;
  const feed = (name: string, shape: readonly number[]): number => {
    given.push({ name, value: value(shape) });
    return values.length - 1;
  };
  const apply = (kernel: string, inputs: Operation['inputs'], shapes: readonly (readonly number[])[], attributes = {}): number[] => {
    const outputs = shapes.map(value);
    operations.push({ kernel, inputs, attributes, outputs });
    return outputs;
  };
  const one = (...parameters: Parameters<typeof apply>): number => apply(...parameters)[0]!;

  const vector = [channels];
  const window = (size: number, stride: number): object => {
    const pad = [(size - 1) / 2, (size - 1) / 2];
    return { strides: [stride, stride], dilations: [1, 1], pad: [[0, 0], pad, pad, [0, 0]] };
  };
  const layer = (name: string, x: number, size: number, stride: number, shape: readonly number[]): Layer => {
    const filterShape = [size, size, channels, channels];
    const filter = feed(`${name}/filter`, filterShape);
    const [scale, offset] = [feed(`${name}/scale`, vector), feed(`${name}/offset`, vector)];
    const y = one('Conv2D', { x, filter }, [shape], window(size, stride));
    const [normal, mean, variance] = apply('BatchNormTraining', { x: y, scale, offset }, [shape, vector, vector], { epsilon: 1e-3 });
    const back = (slope: number): { readonly dx: number; readonly slopes: readonly number[] } => {
      const inputs = { dy: slope, x: y, scale, mean: mean!, variance: variance! };
      const [dy, ...slopes] = apply('BatchNormTrainingGrad', inputs, [shape, vector, vector], { epsilon: 1e-3 });
      const attributes = { ...window(size, stride), filterShape };
      const dx = one('Conv2DBackpropInput', { dy: dy!, filter }, [values[x]!.shape], attributes);
      return { dx, slopes: [...slopes, one('Conv2DBackpropFilter', { x, dy: dy! }, [filterShape], attributes)] };
    };
    return { y: normal!, mean: mean!, back };
  };
  const clipped = (x: number): number => one('Relu', { x }, [values[x]!.shape]);
  const unclipped = (dy: number, y: number): number =>
    one('Multiply', { a: dy, b: one('Step', { x: y }, [values[y]!.shape], { alpha: 0 }) }, [values[y]!.shape]);

  const [x, slope, running] = [feed('x', large), feed('slope', small), value(vector)];
  const first = layer('first', x, 3, 1, large);
  const middle = clipped(first.y);
  const [second, shortcut] = [layer('second', middle, 3, 2, small), layer('shortcut', middle, 1, 2, small)];
  const end = clipped(one('Add', { a: second.y, b: shortcut.y }, [small]));
  const features = one('Mean', { x: end }, [[8, channels]], { axis: [1, 2], keepDims: false });
  const dy = unclipped(slope, end);
  const [secondBack, shortcutBack] = [second.back(dy), shortcut.back(dy)];
  const firstBack = first.back(unclipped(one('Add', { a: secondBack.dx, b: shortcutBack.dx }, [large]), middle));
  const half = value([]);
  const product = (a: number): number => one('Multiply', { a, b: half }, [vector]);
  const moved = one('Add', { a: product(running), b: product(first.mean) }, [vector]);
  const results = [features, firstBack.dx, ...[firstBack, secondBack, shortcutBack].flatMap(({ slopes }) => slopes)];

  const trace: Trace = {
    values,
    operations,
    constants: [{ value: half, array: ndarray('float32', [], Float32Array.of(0.5)) }],
    state: [{ name: 'running', input: running, output: moved }],
    feeds: given,
    results: results.map((result, i) => ({ name: String(i), value: result })),
  };
  const feeds = Object.fromEntries(given.map(({ name, value: at }, i) => [name, waves(values[at]!.shape, i)]));
  return { trace, state: { running: waves(vector, 99) }, feeds };
}

interface Layer {
  readonly y: number;
  readonly mean: number;
  readonly back: (slope: number) => { readonly dx: number; readonly slopes: readonly number[] };
}

const waves = (shape: readonly number[], phase: number): NdArray<'float32'> => {
  const length = shape.reduce((product, side) => product * side, 1);
  return ndarray(
    'float32',
    shape,
    Float32Array.from({ length }, (_, i) => Math.sin(i * (1.7 + phase / 10) + phase)),
  );
};
