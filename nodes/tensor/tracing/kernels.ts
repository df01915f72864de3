// What a trace records for each tfjs kernel: its shape, and attributes in one normal form (axes counted from 0, pads and strides spelt out).
// Kernels that only rearrange what others do (Pack, Unpack, SplitV, StridedSlice, …) are recorded as those others.
import * as tf from '@tensorflow/tfjs-core';
import { type NdArray, ndarray } from '../../../cache/array.ts';
import { KithError } from '../../../engine/errors.ts';
import type { Signature, TensorDType } from '../executor.ts';
import { CONVOLUTIONS } from './convolutions.ts';
import { ARITHMETIC, broadcastShape, COMPARISONS, UNARY } from './elementwise.ts';
import type { Recorder, Value } from './recorder.ts';

export interface Call {
  readonly kernel: string;
  readonly inputs: { readonly [name: string]: Value };
  /** As tfjs gave them. */
  // eslint-disable-next-line @typescript-eslint/no-explicit-any
  readonly attributes: any;
  readonly recorder: Recorder;
}

/** Records a call; an array where tfjs expects several outputs. */
export type Kernel = (call: Call) => Value | readonly Value[];

type Attributes = { readonly [name: string]: unknown };

/** Records an operation of one output, of the call's own name. */
export function single(
  { kernel, inputs, recorder }: Pick<Call, 'kernel' | 'inputs' | 'recorder'>,
  output: Signature,
  attributes: Attributes = {},
): Value {
  return recorder.emit({ kernel, inputs, attributes, outputs: [output] })[0]!;
}

const emit = (recorder: Recorder, kernel: string, inputs: Call['inputs'], output: Signature, attributes: Attributes = {}): Value =>
  single({ kernel, inputs, recorder }, output, attributes);

const size = (shape: readonly number[]): number => shape.reduce((product, side) => product * side, 1);

const reshape = (recorder: Recorder, x: Value, shape: readonly number[]): Value =>
  emit(recorder, 'Reshape', { x }, { shape, dtype: x.dtype }, { shape });

const axisOf = (axis: number, rank: number): number => (axis < 0 ? axis + rank : axis);

/** A constant of one number, spread over a shape. */
function filled(recorder: Recorder, shape: readonly number[], value: number, dtype: TensorDType): Value {
  const x = recorder.constant(arrayOf([], [value], dtype), dtype);
  return emit(recorder, 'BroadcastTo', { x }, { shape, dtype }, { shape });
}

function arrayOf(shape: readonly number[], numbers: readonly number[], dtype: TensorDType): NdArray {
  if (dtype === 'float32') return ndarray('float32', shape, Float32Array.from(numbers));
  return dtype === 'int32' ? ndarray('int32', shape, Int32Array.from(numbers)) : ndarray('uint8', shape, Uint8Array.from(numbers));
}

// Elementwise

const unary: Kernel = (call) => single(call, call.inputs['x']!);

const step: Kernel = (call) => {
  if ((call.attributes.alpha ?? 0) !== 0)
    throw new KithError('A step function with a slope cannot be traced.', { hint: 'Use tf.step(x) without alpha.' });
  return single(call, call.inputs['x']!, { alpha: 0 });
};

const clip: Kernel = (call) => {
  const { clipValueMin, clipValueMax } = call.attributes;
  return single(call, call.inputs['x']!, { clipValueMin, clipValueMax });
};

const binary =
  (dtype?: TensorDType): Kernel =>
  (call) => {
    const [a, b] = [call.inputs['a']!, call.inputs['b']!];
    return single(call, { shape: broadcastShape(a.shape, b.shape), dtype: dtype ?? a.dtype });
  };

const cast: Kernel = (call) => {
  const [x, dtype] = [call.inputs['x']!, call.attributes.dtype as TensorDType];
  return x.dtype === dtype ? x : single(call, { shape: x.shape, dtype }, { dtype });
};

const select: Kernel = (call) => {
  const [condition, t, e] = [call.inputs['condition']!, call.inputs['t']!, call.inputs['e']!];
  const spread =
    condition.shape.length === 1 && t.shape.length > 1
      ? reshape(call.recorder, condition, [condition.shape[0]!, ...t.shape.slice(1).map(() => 1)])
      : condition;
  return single({ ...call, inputs: { condition: spread, t, e } }, t);
};

/** AddN as a chain: executors fuse it or not. */
const addN: Kernel = ({ inputs, recorder }) => Object.values(inputs).reduce((a, b) => emit(recorder, 'Add', { a, b }, a));

// Reductions

const reduction =
  (attribute: 'axis' | 'reductionIndices', dtype?: TensorDType): Kernel =>
  (call) => {
    const x = call.inputs['x']!;
    const axes = tf.util.parseAxisParam(call.attributes[attribute], [...x.shape]).toSorted((a, b) => a - b);
    const keepDims = call.attributes.keepDims ?? false;
    const shape = keepDims ? x.shape.map((side, i) => (axes.includes(i) ? 1 : side)) : x.shape.filter((_, i) => !axes.includes(i));
    if (axes.length === 0) return x;
    return single(call, { shape, dtype: dtype ?? x.dtype }, { [attribute]: axes, keepDims });
  };

const argument: Kernel = (call) => {
  const x = call.inputs['x']!;
  const axis = axisOf([call.attributes.axis].flat()[0] ?? 0, x.shape.length);
  return single(call, { shape: x.shape.toSpliced(axis, 1), dtype: 'int32' }, { axis });
};

const cumulative: Kernel = (call) => {
  const { axis, exclusive = false, reverse = false } = call.attributes;
  const x = call.inputs['x']!;
  return single(call, x, { axis: axisOf(axis ?? 0, x.shape.length), exclusive, reverse });
};

const softmax: Kernel = (call) => {
  const logits = call.inputs['logits']!;
  return single(call, logits, { dim: axisOf(call.attributes.dim ?? -1, logits.shape.length) });
};

const logSoftmax: Kernel = (call) => {
  const logits = call.inputs['logits']!;
  return single(call, logits, { axis: axisOf(call.attributes.axis ?? -1, logits.shape.length) });
};

const matMul: Kernel = (call) => {
  const [a, b] = [call.inputs['a']!, call.inputs['b']!];
  const { transposeA = false, transposeB = false } = call.attributes;
  const rows = a.shape.at(transposeA ? -1 : -2)!;
  const columns = b.shape.at(transposeB ? -2 : -1)!;
  const outer = broadcastShape(a.shape.slice(0, -2), b.shape.slice(0, -2));
  return single(call, { shape: [...outer, rows, columns], dtype: a.dtype }, { transposeA, transposeB });
};

// Shapes

const identity: Kernel = ({ inputs }) => inputs['x']!;

const reshaped: Kernel = ({ inputs, attributes, recorder }) => {
  const x = inputs['x']!;
  return reshape(recorder, x, tf.util.inferFromImplicitShape(attributes.shape, size(x.shape)));
};

const expandDims: Kernel = ({ inputs, attributes, recorder }) => {
  const x = inputs['input']!;
  return reshape(recorder, x, x.shape.toSpliced(axisOf(attributes.dim, x.shape.length + 1), 0, 1));
};

const transpose: Kernel = (call) => {
  const x = call.inputs['x']!;
  const perm: number[] = call.attributes.perm ?? x.shape.map((_, i) => x.shape.length - 1 - i);
  const shape = perm.map((axis) => x.shape[axis]!);
  const movesOnlyOnes =
    String(perm.filter((axis) => x.shape[axis] !== 1)) === String(x.shape.flatMap((side, axis) => (side === 1 ? [] : [axis])));
  return movesOnlyOnes ? reshape(call.recorder, x, shape) : single(call, { shape, dtype: x.dtype }, { perm });
};

const tile: Kernel = (call) => {
  const [x, reps] = [call.inputs['x']!, call.attributes.reps as number[]];
  const shape = x.shape.map((side, axis) => side * reps[axis]!);
  const output = { shape, dtype: x.dtype };
  if (x.shape.every((side, axis) => side === 1 || reps[axis] === 1)) return emit(call.recorder, 'BroadcastTo', { x }, output, { shape });
  return single(call, output, { reps });
};

const broadcastTo: Kernel = (call) => {
  const shape = call.attributes.shape as number[];
  return single(call, { shape, dtype: call.inputs['x']!.dtype }, { shape });
};

const joined = (recorder: Recorder, values: readonly Value[], axis: number): Value => {
  const [first] = values as [Value];
  if (values.length === 1) return first;
  const length = values.reduce((sum, { shape }) => sum + shape[axis]!, 0);
  return emit(
    recorder,
    'Concat',
    Object.fromEntries(values.entries()),
    { shape: first.shape.with(axis, length), dtype: first.dtype },
    { axis },
  );
};

const concat: Kernel = ({ inputs, attributes, recorder }) => {
  const values = Object.values(inputs);
  const axis = axisOf(attributes.axis, values[0]!.shape.length);
  const full = values.filter(({ shape }) => shape[axis] !== 0);
  return joined(recorder, full.length > 0 ? full : values.slice(0, 1), axis);
};

const pack: Kernel = ({ inputs, attributes, recorder }) => {
  const values = Object.values(inputs);
  const axis = axisOf(attributes.axis, values[0]!.shape.length + 1);
  const spread = values.map((x) => reshape(recorder, x, x.shape.toSpliced(axis, 0, 1)));
  return joined(recorder, spread, axis);
};

const sliced = (recorder: Recorder, x: Value, begin: readonly number[], sides: readonly number[]): Value =>
  String(sides) === String(x.shape) ? x : emit(recorder, 'Slice', { x }, { shape: sides, dtype: x.dtype }, { begin, size: sides });

const slice: Kernel = ({ inputs, attributes, recorder }) => {
  const x = inputs['x']!;
  const [begin, sides] = tf.slice_util.parseSliceParams({ shape: x.shape } as tf.Tensor, attributes.begin, attributes.size);
  return sliced(recorder, x, begin!, sides!);
};

/** Pieces along an axis, of these lengths. */
function pieces(recorder: Recorder, x: Value, lengths: readonly number[], axis: number): Value[] {
  let from = 0;
  return lengths.map((length) => {
    const begin = x.shape.map((_, i) => (i === axis ? from : 0));
    from += length;
    return sliced(recorder, x, begin, x.shape.with(axis, length));
  });
}

const unpack: Kernel = ({ inputs, attributes, recorder }) => {
  const x = inputs['value']!;
  const axis = axisOf(attributes.axis, x.shape.length);
  const ones = Array.from({ length: x.shape[axis]! }, () => 1);
  return pieces(recorder, x, ones, axis).map((piece) => reshape(recorder, piece, x.shape.toSpliced(axis, 1)));
};

const split: Kernel = ({ inputs, attributes, recorder }) => {
  const x = inputs['x']!;
  const axis = axisOf(attributes.axis, x.shape.length);
  const lengths = tf.backend_util.prepareSplitSize({ shape: x.shape } as tf.Tensor, attributes.numOrSizeSplits, axis);
  return pieces(recorder, x, lengths, axis);
};

const stridedSlice: Kernel = ({ inputs, attributes: a, recorder }) => {
  const x = inputs['x']!;
  const info = tf.slice_util.sliceInfo(
    [...x.shape],
    a.begin,
    a.end,
    a.strides,
    a.beginMask,
    a.endMask,
    a.ellipsisMask,
    a.newAxisMask,
    a.shrinkAxisMask,
  );
  const { begin, end, strides, finalShape, finalShapeSparse, isIdentity, isSimpleSlice } = info;
  if (isIdentity) return reshape(recorder, x, finalShape);
  const sides = tf.slice_util.computeOutShape(begin, end, strides);
  const cut = isSimpleSlice
    ? sliced(recorder, x, begin, sides)
    : emit(recorder, 'StridedSlice', { x }, { shape: finalShapeSparse, dtype: x.dtype }, { begin, end, strides });
  return reshape(recorder, cut, finalShape);
};

const pad: Kernel = (call) => {
  const [x, paddings] = [call.inputs['x']!, call.attributes.paddings as [number, number][]];
  if (paddings.every(([before, after]) => before === 0 && after === 0)) return x;
  const shape = x.shape.map((side, axis) => side + paddings[axis]![0] + paddings[axis]![1]);
  return single(call, { shape, dtype: x.dtype }, { paddings, constantValue: call.attributes.constantValue ?? 0 });
};

const mirrorPad: Kernel = (call) => {
  const [x, { paddings, mode }] = [call.inputs['x']!, call.attributes as { paddings: [number, number][]; mode: string }];
  const shape = x.shape.map((side, axis) => side + paddings[axis]![0] + paddings[axis]![1]);
  return single(call, { shape, dtype: x.dtype }, { paddings, mode });
};

const reverse: Kernel = (call) => {
  const x = call.inputs['x']!;
  const dims = tf.util.parseAxisParam(call.attributes.dims, [...x.shape]);
  return single(call, x, { dims });
};

// Indices

const gather: Kernel = (call) => {
  const [x, indices] = [call.inputs['x']!, call.inputs['indices']!];
  const { batchDims = 0 } = call.attributes;
  if (batchDims !== 0) throw new KithError('tf.gather with batchDims cannot be traced.', { hint: 'Multiply by tf.oneHot instead.' });
  const axis = axisOf(call.attributes.axis ?? 0, x.shape.length);
  return single(call, { shape: x.shape.toSpliced(axis, 1, ...indices.shape), dtype: x.dtype }, { axis, batchDims });
};

const oneHot: Kernel = (call) => {
  const { depth, onValue = 1, offValue = 0, dtype = 'float32' } = call.attributes;
  return single(call, { shape: [...call.inputs['indices']!.shape, depth], dtype }, { depth, onValue, offValue, dtype });
};

const segmentSum: Kernel = (call) => {
  const [x, segmentIds] = [call.inputs['x']!, call.inputs['segmentIds']!];
  const { numSegments } = call.attributes;
  return single(call, { shape: [numSegments, ...x.shape.slice(segmentIds.shape.length)], dtype: x.dtype }, { numSegments });
};

// Constants

const fill: Kernel = ({ attributes, recorder }) =>
  filled(recorder, attributes.shape, attributes.value, attributes.dtype ?? (typeof attributes.value === 'boolean' ? 'bool' : 'float32'));

const like =
  (value: number): Kernel =>
  ({ inputs, recorder }) =>
    filled(recorder, inputs['x']!.shape, value, inputs['x']!.dtype);

const range: Kernel = ({ attributes: { start, stop, step, dtype = 'float32' }, recorder }) => {
  const count = Math.max(0, Math.ceil((stop - start) / (step || (start < stop ? 1 : -1))));
  const stride = start < stop && step === 1 ? 1 : step === 1 ? -1 : step;
  const numbers = Array.from({ length: Math.abs(count) }, (_, i) => start + i * stride);
  return recorder.constant(arrayOf([numbers.length], numbers, dtype), dtype);
};

const linSpace: Kernel = ({ attributes: { start, stop, num }, recorder }) => {
  const numbers = Array.from({ length: num }, (_, i) => start + (i * (stop - start)) / Math.max(1, num - 1));
  return recorder.constant(arrayOf([num], numbers, 'float32'), 'float32');
};

// Images

const resize: Kernel = (call) => {
  const images = call.inputs['images']!;
  const { alignCorners = false, halfPixelCenters = false } = call.attributes;
  const sides = call.attributes.size as [number, number];
  const [count, , , channels] = images.shape as [number, number, number, number];
  return single(
    call,
    { shape: [count, ...sides, channels], dtype: call.kernel === 'ResizeBilinear' ? 'float32' : images.dtype },
    { alignCorners, halfPixelCenters, size: sides },
  );
};

const cropAndResize: Kernel = (call) => {
  const { cropSize, method, extrapolationValue } = call.attributes;
  const channels = call.inputs['image']!.shape[3]!;
  return single(
    call,
    { shape: [call.inputs['boxes']!.shape[0]!, ...cropSize, channels], dtype: 'float32' },
    { cropSize, method, extrapolationValue },
  );
};

const transform: Kernel = (call) => {
  const image = call.inputs['image']!;
  const [count, height, width, channels] = image.shape as [number, number, number, number];
  const { interpolation, fillMode, fillValue } = call.attributes;
  const outputShape: [number, number] = call.attributes.outputShape ?? [height, width];
  return single(
    call,
    { shape: [count, ...outputShape, channels], dtype: image.dtype },
    { interpolation, fillMode, fillValue, outputShape },
  );
};

const flip: Kernel = ({ inputs, recorder }) => emit(recorder, 'Reverse', { x: inputs['image']! }, inputs['image']!, { dims: [2] });

// Batch norm

const batchNormInference: Kernel = (call) => single(call, call.inputs['x']!, { varianceEpsilon: call.attributes.varianceEpsilon });

const batchNormTraining: Kernel = (call) => {
  const [x, scale] = [call.inputs['x']!, call.inputs['scale']!];
  return call.recorder.emit({ kernel: call.kernel, inputs: call.inputs, attributes: call.attributes, outputs: [x, scale, scale] });
};

const each = (names: readonly string[], kernel: Kernel): { readonly [name: string]: Kernel } =>
  Object.fromEntries(names.map((name) => [name, kernel]));

/** The rules by kernel name. */
export const KERNELS: { readonly [name: string]: Kernel } = {
  ...each(UNARY, unary),
  ...each(ARITHMETIC, binary()),
  ...each(COMPARISONS, binary('bool')),
  FloorDiv: binary('int32'),
  ...each(['Sum', 'Mean', 'Min', 'Prod'], reduction('axis')),
  ...each(['All', 'Any'], reduction('axis', 'bool')),
  ...each(['ArgMax', 'ArgMin'], argument),
  ...each(['ResizeBilinear', 'ResizeNearestNeighbor'], resize),
  ...each(['BatchNormTraining', 'BatchNormTrainingGrad'], batchNormTraining),
  ...CONVOLUTIONS,
  AddN: addN,
  BatchMatMul: matMul,
  BroadcastTo: broadcastTo,
  Cast: cast,
  ClipByValue: clip,
  Concat: concat,
  CropAndResize: cropAndResize,
  Cumsum: cumulative,
  ExpandDims: expandDims,
  Fill: fill,
  FlipLeftRight: flip,
  FusedBatchNorm: batchNormInference,
  GatherV2: gather,
  Identity: identity,
  LeakyRelu: (call) => single(call, call.inputs['x']!, { alpha: call.attributes.alpha }),
  LinSpace: linSpace,
  LogSoftmax: logSoftmax,
  Max: reduction('reductionIndices'),
  MirrorPad: mirrorPad,
  OneHot: oneHot,
  OnesLike: like(1),
  Pack: pack,
  PadV2: pad,
  Range: range,
  Reshape: reshaped,
  Reverse: reverse,
  Select: select,
  Slice: slice,
  Softmax: softmax,
  SplitV: split,
  Step: step,
  StridedSlice: stridedSlice,
  Tile: tile,
  Transform: transform,
  Transpose: transpose,
  Unpack: unpack,
  UnsortedSegmentSum: segmentSum,
  ZerosLike: like(0),
};
