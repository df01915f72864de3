// Rules for kernels that move elements without computing: reshape, transpose, concatenate, slice, pad, reverse.
import * as tf from '@tensorflow/tfjs-core';
import { axisOf, emit, type Kernel, reshape, single, size } from './call.ts';
import type { Recorder, Value } from './recorder.ts';

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

/** The rules by kernel name. */
export const SHAPES: { readonly [name: string]: Kernel } = {
  BroadcastTo: broadcastTo,
  Concat: concat,
  ExpandDims: expandDims,
  Identity: identity,
  MirrorPad: mirrorPad,
  Pack: pack,
  PadV2: pad,
  Reshape: reshaped,
  Reverse: reverse,
  Slice: slice,
  SplitV: split,
  StridedSlice: stridedSlice,
  Tile: tile,
  Transpose: transpose,
  Unpack: unpack,
};
