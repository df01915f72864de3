// Operations that belong together become one, which the blocked kernels do in fewer passes over memory: trace in, trace out. Its own kernels:
//
//   ShiftedConv2D   { x, filter, shift }                            conv(x) − shift, a number for each channel
//   Centred         { x }                                           x − m and m, the mean of each channel
//   BatchNorm       { x, shift, scale, offset, residual? }          of x + shift, plus residual, clipped at 0 if `relu`
//                                                                   → [y, mean, variance, mean of x]
//   InputGradients  { dy0, filter0, dy1?, filter1?, …, sum? }       the sum of convolutions' input gradients, and of one more tensor
//   ReluGradient    { dy, y }                                       dy where y > 0
import type { Operation, Trace } from '../executor.ts';
import { activationOf, areAlike, residualOf, SIDES } from '../normalised-convolution.ts';
import { readersOf } from '../readers.ts';
import { inOrder, makersOf, merge, type Merge } from '../rewrite.ts';
import type { Window } from '../tracing/convolutions.ts';
import { inPhases } from './blocked-input-gradient.ts';
import { isBlockedFilter, type Shape4 } from './values.ts';

/** For blocks of `block` channels. */
export function fuse(trace: Trace, block: number): Trace {
  const rules = [residualOf(trace, 'BatchNorm'), activationOf('BatchNorm'), reluGradientOf(trace, block), gradientSumOf(trace)];
  return rules.reduce(merge, inputGradients(centredBatchNorm(trace, block), block));
}

const shapeOf = ({ values }: Trace, value: number): readonly number[] => values[value]!.shape;

const isBlocked = (trace: Trace, value: number, block: number): boolean =>
  shapeOf(trace, value).length === 4 && shapeOf(trace, value)[3]! % block === 0;

/**
 * Batch norm reads numbers that are centred already, so that E[x²] − m² loses nothing. A convolution takes the running mean off for free, by
 * its bias: that is near enough to the batch's mean after a few steps, and as good as nothing before the first. Otherwise the mean itself is
 * taken off, by one pass more.
 */
function centredBatchNorm(trace: Trace, block: number): Trace {
  const readers = readersOf(trace);
  const makers = makersOf(trace.operations);
  const constants = new Set(trace.constants.map(({ value }) => value));
  const values = [...trace.values];
  const operations = new Map<Operation, readonly Operation[]>();
  const add = (shape: readonly number[]): number => values.push({ shape, dtype: 'float32' }) - 1;

  for (const norm of trace.operations) {
    const { x, scale, offset } = norm.inputs as { x: number; scale: number; offset: number };
    if (norm.kernel !== 'BatchNormTraining' || !isBlocked(trace, x, block)) continue;
    const [y, mean, variance] = norm.outputs as [number, number, number];
    const slopes = readers(x).filter((reader) => reader?.kernel === 'BatchNormTrainingGrad' && reader.inputs['mean'] === mean);
    const convolution = makers.get(x);
    const running = runningMean(trace, makers, mean);
    const isFree =
      running !== undefined &&
      convolution?.kernel === 'Conv2D' &&
      !constants.has(convolution.inputs['filter']!) &&
      isBlockedFilter(shapeOf(trace, convolution.inputs['filter']!) as unknown as Shape4, block) &&
      readers(x).every((reader) => reader === norm || slopes.includes(reader));
    const [centred, shift] = isFree ? [x, running] : [add(shapeOf(trace, x)), add(shapeOf(trace, mean))];
    const rest = add(shapeOf(trace, mean));
    if (isFree) {
      operations.set(convolution, [{ ...convolution, kernel: 'ShiftedConv2D', inputs: { ...convolution.inputs, shift } }]);
    }
    operations.set(norm, [
      ...(isFree ? [] : [{ kernel: 'Centred', inputs: { x }, attributes: {}, outputs: [centred, shift] }]),
      { ...norm, kernel: 'BatchNorm', inputs: { x: centred, shift, scale, offset }, outputs: [y, mean, variance, rest] },
    ]);
    for (const slope of slopes) operations.set(slope!, [{ ...slope!, inputs: { ...slope!.inputs, x: centred, mean: rest } }]);
  }
  return { ...trace, values, operations: inOrder(trace.operations.flatMap((operation) => operations.get(operation) ?? [operation])) };
}

/** The state r whose next value is r · a + mean · b. */
function runningMean({ state }: Trace, makers: ReadonlyMap<number, Operation>, mean: number): number | undefined {
  return state.find(({ input, output }) => {
    const sum = makers.get(output);
    const products = sum?.kernel === 'Add' ? Object.values(sum.inputs).map((term) => makers.get(term)) : [];
    const factors = products.flatMap((product) => (product?.kernel === 'Multiply' ? Object.values(product.inputs) : []));
    return factors.length === 4 && factors.includes(input) && factors.includes(mean);
  })?.input;
}

function inputGradients(trace: Trace, block: number): Trace {
  const constants = new Set(trace.constants.map(({ value }) => value));
  const operations = trace.operations.map((operation): Operation => {
    const { dy, filter } = operation.inputs as { dy: number; filter: number };
    if (operation.kernel !== 'Conv2DBackpropInput' || constants.has(filter) || !inPhases(operation, trace, block)) return operation;
    const { strides, dilations, pad } = operation.attributes as unknown as Window;
    const windows = [{ strides, dilations, pad }];
    return { kernel: 'InputGradients', inputs: { dy0: dy, filter0: filter }, attributes: { windows }, outputs: operation.outputs };
  });
  return { ...trace, operations };
}

/** dy · step(y), where dy may be one number for each image and channel */
const reluGradientOf =
  (trace: Trace, block: number): Merge =>
  (product, own) => {
    if (product.kernel !== 'Multiply' || !isBlocked(trace, product.outputs[0]!, block)) return undefined;
    for (const [side, other] of SIDES) {
      const step = own(side);
      const dy = product.inputs[other]!;
      const y = step?.inputs['x'];
      if (step?.kernel !== 'Step' || step.attributes['alpha'] !== 0 || !areAlike(trace, y!, product.outputs[0]!)) continue;
      const [count, , , channels] = shapeOf(trace, y!);
      if (!areAlike(trace, dy, y!) && String(shapeOf(trace, dy)) !== String([count, 1, 1, channels])) continue;
      return { made: { kernel: 'ReluGradient', inputs: { dy, y: y! }, attributes: {}, outputs: product.outputs }, gone: [step] };
    }
    return undefined;
  };

const windowsOf = ({ attributes }: Operation): readonly Window[] => attributes['windows'] as readonly Window[];

/** Gradients that meet: of two convolutions of equal strides, or of one of stride 1 and whatever else flows back. */
const gradientSumOf =
  (trace: Trace): Merge =>
  (sum, own) => {
    if (sum.kernel !== 'Add' || !areAlike(trace, sum.inputs['a']!, sum.inputs['b']!)) return undefined;
    const [a, b] = [own('a'), own('b')].map((maker) =>
      maker?.kernel === 'InputGradients' && !('sum' in maker.inputs) ? maker : undefined,
    );
    if (a && b && String(windowsOf(a)[0]!.strides) === String(windowsOf(b)[0]!.strides)) {
      const shifted = Object.entries(b.inputs).map(([name, value]) => [
        name.replace(/\d+/, (i) => String(Number(i) + windowsOf(a).length)),
        value,
      ]);
      const inputs = { ...a.inputs, ...(Object.fromEntries(shifted) as Operation['inputs']) };
      return { made: { ...a, inputs, attributes: { windows: [...windowsOf(a), ...windowsOf(b)] }, outputs: sum.outputs }, gone: [a, b] };
    }
    const [one, other] = a ? [a, sum.inputs['b']!] : [b, sum.inputs['a']!];
    if (!one || windowsOf(one)[0]!.strides.some((stride) => stride !== 1)) return undefined;
    return { made: { ...one, inputs: { ...one.inputs, sum: other }, outputs: sum.outputs }, gone: [one] };
  };
