// Kernels that move elements or look them up, and matrix products. They work in tfjs' own order.
import type { Operation } from '../executor.ts';
import { ELEMENT, elementOf } from './graph.ts';
import { type Lower, plainly, type Rules, unsupported } from './lower.ts';
import type { Values } from './values.ts';

const shapeOf = (value: number, { signature }: Values): readonly number[] => signature(value).shape;

/** A first side that stays is written as 0, "as it is": so a model may leave the number of rows open. */
const reshape = plainly(({ inputs, outputs }, values, [name]) => {
  const [from, to] = [shapeOf(inputs['x']!, values), shapeOf(outputs[0]!, values)];
  const stays = to.length > 0 && from[0] === to[0];
  return values.graph.node('Reshape', [name!, values.graph.list(stays ? [0, ...to.slice(1)] : to)]);
});

/** ONNX' Slice: from `begin` to `end` by `steps` along every axis. */
function cut(name: string, begin: readonly number[], end: readonly number[], steps: readonly number[], { graph }: Values): string {
  return graph.node('Slice', [name, graph.list(begin), graph.list(end), graph.list(begin.map((_, axis) => axis)), graph.list(steps)]);
}

/** Of the axes of a slice, only those that it cuts. */
const slice = plainly(({ inputs, attributes }, values, [name]) => {
  const { begin, size } = attributes as { begin: readonly number[]; size: readonly number[] };
  const axes = shapeOf(inputs['x']!, values).flatMap((side, axis) => (side === size[axis] ? [] : [axis]));
  const { graph } = values;
  const from = axes.map((axis) => begin[axis]!);
  return graph.node('Slice', [name!, graph.list(from), graph.list(axes.map((axis, i) => from[i]! + size[axis]!)), graph.list(axes)]);
});

/** Before the first element, for a slice that runs backwards. */
const BEFORE_ALL = -(2 ** 31);

const stridedSlice = plainly(({ attributes }, values, [name]) => {
  const { begin, end, strides } = attributes as { begin: readonly number[]; end: readonly number[]; strides: readonly number[] };
  return cut(
    name!,
    begin,
    end.map((to, axis) => (strides[axis]! < 0 && to < 0 ? BEFORE_ALL : to)),
    strides,
    values,
  );
});

const reverse = plainly(({ inputs, attributes }, values, [name]) => {
  const dims = attributes['dims'] as readonly number[];
  const { graph } = values;
  return dims.reduce((x, axis) => {
    const side = shapeOf(inputs['x']!, values)[axis]!;
    return graph.node('Gather', [x, graph.list(Array.from({ length: side }, (_, i) => side - 1 - i))], { axis });
  }, name!);
});

const paddings = ({ attributes }: Operation): number[] => {
  const pairs = attributes['paddings'] as readonly (readonly [number, number])[];
  return [...pairs.map(([before]) => before), ...pairs.map(([, after]) => after)];
};

const pad = plainly((operation, { graph, signature }, [name]) => {
  const element = elementOf(signature(operation.inputs['x']!).dtype);
  return graph.node('Pad', [
    name!,
    graph.list(paddings(operation)),
    graph.constant(element, [], [operation.attributes['constantValue'] as number]),
  ]);
});

const mirrorPad = plainly((operation, { graph }, [name]) => {
  if (operation.attributes['mode'] !== 'reflect') throw unsupported('tf.mirrorPad with mode "symmetric"', 'Use mode "reflect".');
  return graph.node('Pad', [name!, graph.list(paddings(operation))], { mode: 'reflect' });
});

const swapLast = (rank: number): number[] => [...Array.from({ length: rank - 2 }, (_, axis) => axis), rank - 1, rank - 2];

const matMul = plainly(({ inputs, attributes }, values, [a, b]) => {
  const { graph } = values;
  const [left, right] = [shapeOf(inputs['a']!, values), shapeOf(inputs['b']!, values)];
  const { transposeA, transposeB } = attributes;
  if (left.length === 2 && right.length === 2)
    return graph.node('Gemm', [a!, b!], { transA: transposeA ? 1 : 0, transB: transposeB ? 1 : 0 });
  const turned = (name: string, rank: number, wanted: unknown): string =>
    wanted ? graph.node('Transpose', [name], { perm: swapLast(rank) }) : name;
  return graph.node('MatMul', [turned(a!, left.length, transposeA), turned(b!, right.length, transposeB)]);
});

/** Between tfjs' order and channels first only the layout has another name: nothing moves until somebody asks for the other order. */
const transpose: Lower = ({ inputs, outputs, attributes }, { graph, get, set, has }) => {
  const [x, output] = [inputs['x']!, outputs[0]!];
  const perm = attributes['perm'] as readonly number[];
  if (String(perm) === '0,2,3,1') set(output, get(x), 'first');
  else if (String(perm) === '0,3,1,2' && has(x, 'first')) set(output, get(x, 'first'));
  else set(output, graph.node('Transpose', [get(x)], { perm }));
};

const oneHot = plainly(({ inputs, outputs, attributes }, values, [indices]) => {
  const { graph, signature } = values;
  const { depth, onValue, offValue } = attributes as { depth: number; onValue: number; offValue: number };
  const classes = graph.constant(
    'int32',
    [depth],
    Array.from({ length: depth }, (_, i) => i),
  );
  const wide = graph.node('Reshape', [indices!, graph.list([...shapeOf(inputs['indices']!, values), 1])]);
  const element = elementOf(signature(outputs[0]!).dtype);
  const hit = graph.node('Equal', [wide, classes]);
  return element === 'bool'
    ? hit
    : graph.node('Where', [hit, graph.constant(element, [], [onValue]), graph.constant(element, [], [offValue])]);
});

const segmentSum = plainly(({ inputs, outputs }, values) => {
  const { graph, get, signature } = values;
  const { shape, dtype } = signature(outputs[0]!);
  const zeros = graph.node('Expand', [graph.constant(elementOf(dtype), [], [0]), graph.list(shape)]);
  const ids = shapeOf(inputs['segmentIds']!, values);
  const indices = graph.node('Reshape', [graph.node('Cast', [get(inputs['segmentIds']!)], { to: ELEMENT.int64 }), graph.list([...ids, 1])]);
  return graph.node('ScatterND', [zeros, indices, get(inputs['x']!)], { reduction: 'add' });
});

export const SHAPE_RULES: Rules = {
  BatchMatMul: matMul,
  BroadcastTo: plainly(({ outputs }, values, [name]) =>
    values.graph.node('Expand', [name!, values.graph.list(shapeOf(outputs[0]!, values))]),
  ),
  Concat: plainly(({ attributes }, { graph }, names) => graph.node('Concat', names, { axis: attributes['axis'] as number })),
  GatherV2: plainly(({ inputs, attributes }, { graph, get }) =>
    graph.node('Gather', [get(inputs['x']!), get(inputs['indices']!)], { axis: attributes['axis'] as number }),
  ),
  MirrorPad: mirrorPad,
  OneHot: oneHot,
  PadV2: pad,
  Reshape: reshape,
  Reverse: reverse,
  Slice: slice,
  StridedSlice: stridedSlice,
  Tile: plainly(({ attributes }, { graph }, [name]) => graph.node('Tile', [name!, graph.list(attributes['reps'] as readonly number[])])),
  Transpose: transpose,
  UnsortedSegmentSum: segmentSum,
};
