// What a trace records for each tfjs kernel: its shape, and attributes in one normal form (axes counted from 0, pads and strides spelt out).
// Kernels that only rearrange what others do (Pack, Unpack, SplitV, StridedSlice, …) are recorded as those others.
import * as tf from '@tensorflow/tfjs-core';
import { KithError } from '../../../engine/errors.ts';
import type { TensorDType } from '../executor.ts';
import { arrayOf, axisOf, emit, filled, type Kernel, reshape, single } from './call.ts';
import { CONVOLUTIONS } from './convolutions.ts';
import { ARITHMETIC, broadcastShape, COMPARISONS, UNARY } from './elementwise.ts';
import { IMAGES } from './images.ts';
import { SHAPES } from './shapes.ts';

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
  ...each(['BatchNormTraining', 'BatchNormTrainingGrad'], batchNormTraining),
  ...CONVOLUTIONS,
  ...IMAGES,
  ...SHAPES,
  AddN: addN,
  BatchMatMul: matMul,
  Cast: cast,
  ClipByValue: clip,
  Cumsum: cumulative,
  Fill: fill,
  FusedBatchNorm: batchNormInference,
  GatherV2: gather,
  LeakyRelu: (call) => single(call, call.inputs['x']!, { alpha: call.attributes.alpha }),
  LinSpace: linSpace,
  LogSoftmax: logSoftmax,
  Max: reduction('reductionIndices'),
  OneHot: oneHot,
  OnesLike: like(1),
  Range: range,
  Select: select,
  Softmax: softmax,
  Step: step,
  UnsortedSegmentSum: segmentSum,
  ZerosLike: like(0),
};
