// Kernels that move elements or look them up, and matrix products.
import { elementOf, type GraphWriter } from './graph.ts';
import { plainly, type Rules } from './rule.ts';
import type { Values } from './values.ts';

const shapeOf = (value: number, { signature }: Values): readonly number[] => signature(value).shape;

const pairs = (graph: GraphWriter, paddings: readonly (readonly [number, number])[]): string =>
  graph.constant('int32', [paddings.length, 2], paddings.flat());

const numbers = (value: unknown): readonly number[] => value as readonly number[];

/** An end of −1 backwards is before the first element: TensorFlow leaves such an end open by a bit of its mask. */
const stridedSlice = plainly(({ inputs, attributes }, { graph, type }, [x]) => {
  const [begin, end, strides] = ['begin', 'end', 'strides'].map((name) => numbers(attributes[name])) as [number[], number[], number[]];
  const open = end.reduce((mask, to, axis) => (strides[axis]! < 0 && to < 0 ? mask | (1 << axis) : mask), 0);
  const bounds = [begin, end, strides].map(graph.list);
  return graph.node('StridedSlice', [x!, ...bounds], { T: type(inputs['x']!), Index: { type: 'int32' }, end_mask: open });
});

/** Two matrices, or batches of them that broadcast. */
const matMul = plainly(({ inputs, attributes }, values) => {
  const { graph, type, factor } = values;
  const names = [factor(inputs['a']!), factor(inputs['b']!)];
  const [transposeA, transposeB] = [attributes['transposeA'] === true, attributes['transposeB'] === true];
  const T = type(inputs['a']!);
  const isPlain = ['a', 'b'].every((name) => shapeOf(inputs[name]!, values).length === 2);
  if (isPlain) return graph.node('MatMul', names, { T, transpose_a: transposeA, transpose_b: transposeB });
  return graph.node('BatchMatMulV2', names, { T, adj_x: transposeA, adj_y: transposeB });
});

const oneHot = plainly(({ inputs, outputs, attributes }, { graph, signature, type }, [indices]) => {
  const { depth, onValue, offValue } = attributes as { depth: number; onValue: number; offValue: number };
  const element = elementOf(signature(outputs[0]!).dtype);
  const [on, off] = [onValue, offValue].map((value) => graph.constant(element, [], [value])) as [string, string];
  return graph.node('OneHot', [indices!, graph.whole(depth), on, off], { T: type(outputs[0]!), TI: type(inputs['indices']!), axis: -1 });
});

export const SHAPE_RULES: Rules = {
  BatchMatMul: matMul,
  BroadcastTo: plainly(({ inputs, outputs }, values, [x]) =>
    values.graph.node('BroadcastTo', [x!, values.graph.list(shapeOf(outputs[0]!, values))], { T: values.type(inputs['x']!) }),
  ),
  Concat: plainly(({ outputs, attributes }, { graph, type }, names) =>
    graph.node('ConcatV2', [...names, graph.whole(attributes['axis'] as number)], { N: names.length, T: type(outputs[0]!) }),
  ),
  GatherV2: plainly(({ inputs, attributes }, { graph, type, get }) =>
    graph.node('GatherV2', [get(inputs['x']!), get(inputs['indices']!), graph.whole(attributes['axis'] as number)], {
      Tparams: type(inputs['x']!),
      Tindices: type(inputs['indices']!),
      Taxis: { type: 'int32' },
    }),
  ),
  MirrorPad: plainly(({ inputs, attributes }, { graph, type }, [x]) =>
    graph.node('MirrorPad', [x!, pairs(graph, attributes['paddings'] as [number, number][])], {
      T: type(inputs['x']!),
      mode: (attributes['mode'] as string).toUpperCase(),
    }),
  ),
  OneHot: oneHot,
  PadV2: plainly(({ inputs, attributes }, { graph, signature, type }, [x]) => {
    const filling = graph.constant(elementOf(signature(inputs['x']!).dtype), [], [attributes['constantValue'] as number]);
    return graph.node('PadV2', [x!, pairs(graph, attributes['paddings'] as [number, number][]), filling], { T: type(inputs['x']!) });
  }),
  Reshape: plainly(({ inputs, outputs }, values, [x]) =>
    values.graph.node('Reshape', [x!, values.graph.list(shapeOf(outputs[0]!, values))], { T: values.type(inputs['x']!) }),
  ),
  Reverse: plainly(({ inputs, attributes }, { graph, type }, [x]) =>
    graph.node('ReverseV2', [x!, graph.list(numbers(attributes['dims']))], { T: type(inputs['x']!) }),
  ),
  Slice: plainly(({ inputs, attributes }, { graph, type }, [x]) => {
    const [begin, size] = [numbers(attributes['begin']), numbers(attributes['size'])].map(graph.list) as [string, string];
    return graph.node('Slice', [x!, begin, size], { T: type(inputs['x']!), Index: { type: 'int32' } });
  }),
  StridedSlice: stridedSlice,
  Tile: plainly(({ inputs, attributes }, { graph, type }, [x]) =>
    graph.node('Tile', [x!, graph.list(numbers(attributes['reps']))], { T: type(inputs['x']!) }),
  ),
  Transpose: plainly(({ inputs, attributes }, { graph, type }, [x]) =>
    graph.node('Transpose', [x!, graph.list(numbers(attributes['perm']))], { T: type(inputs['x']!) }),
  ),
  UnsortedSegmentSum: plainly(({ inputs, attributes }, { graph, get, type }) =>
    graph.node('UnsortedSegmentSum', [get(inputs['x']!), get(inputs['segmentIds']!), graph.whole(attributes['numSegments'] as number)], {
      T: type(inputs['x']!),
      Tindices: type(inputs['segmentIds']!),
    }),
  ),
};
