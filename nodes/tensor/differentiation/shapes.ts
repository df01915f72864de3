// Derivatives of the kernels that move, repeat and sum elements.
import * as tf from '@tensorflow/tfjs-core';
import { gathered, type Gradient, rule } from './rule.ts';

const shapeOnly = (kernel: string, input: string): Gradient =>
  rule(kernel, { inputs: [input] }, (dy, [x]) => ({ [input]: () => tf.reshape(dy, x!.shape) }));

/** A reduced gradient with its axes put back as ones. */
function widened(dy: tf.Tensor, x: tf.Tensor, axis: number | number[]): tf.Tensor {
  const axes = tf.util.parseAxisParam(axis, x.shape);
  return tf.reshape(
    dy,
    x.shape.map((side, i) => (axes.includes(i) ? 1 : side)),
  );
}

const sum: Gradient = rule('Sum', { inputs: ['x'] }, (dy, [x], { axis }) => ({ x: () => tf.broadcastTo(widened(dy, x!, axis), x!.shape) }));

const mean: Gradient = rule('Mean', { inputs: ['x'] }, (dy, [x], { axis }) => ({
  x: () => tf.broadcastTo(tf.div(widened(dy, x!, axis), x!.size / Math.max(1, dy.size)), x!.shape),
}));

/** Every element that reaches the extreme takes the whole gradient, as in tfjs. */
const extreme = (kernel: string, axisName: string): Gradient =>
  rule(kernel, { inputs: ['x'], output: true }, (dy, [x, y], attributes) => ({
    x: () => tf.mul(widened(dy, x!, attributes[axisName]), tf.cast(tf.equal(x!, widened(y!, x!, attributes[axisName])), 'float32')),
  }));

const softmax: Gradient = rule('Softmax', { output: true }, (dy, [y], { dim }) => ({
  logits: () => {
    const weighted = tf.mul(dy, y!);
    return tf.sub(weighted, tf.mul(tf.sum(weighted, dim, true), y!));
  },
}));

const transpose: Gradient = rule('Transpose', {}, (dy, _, { perm }) => ({
  x: () => tf.transpose(dy, tf.backend_util.getUndoAxesPermutation(perm)),
}));

const tile: Gradient = rule('Tile', { inputs: ['x'] }, (dy, [x], { reps }) => ({
  x: () => {
    const split = x!.shape.flatMap((side, axis) => [reps[axis] as number, side]);
    return tf.sum(
      tf.reshape(dy, split),
      x!.shape.map((_, axis) => 2 * axis),
    );
  },
}));

const broadcast: Gradient = rule('BroadcastTo', { inputs: ['x'] }, (dy, [x]) => ({ x: () => gathered(dy, x!.shape) }));

const slice: Gradient = rule('Slice', { inputs: ['x'] }, (dy, [x], { begin, size }) => ({
  x: () => {
    const [from, sides] = tf.slice_util.parseSliceParams(x!, begin, size);
    return tf.pad(
      dy,
      x!.shape.map((side, axis) => [from![axis]!, side - from![axis]! - sides![axis]!]),
    );
  },
}));

const pad: Gradient = rule('PadV2', { inputs: ['x'] }, (dy, [x], { paddings }) => ({
  x: () =>
    tf.slice(
      dy,
      paddings.map(([before]: [number, number]) => before),
      x!.shape,
    ),
}));

const reverse: Gradient = rule('Reverse', {}, (dy, _, { dims }) => ({ x: () => tf.reverse(dy, dims) }));

const cumulative: Gradient = rule('Cumsum', {}, (dy, _, { axis, exclusive, reverse: backwards }) => ({
  x: () => tf.cumsum(dy, axis, exclusive, !backwards),
}));

type Slopes = ReturnType<tf.GradFunc>;

/** For kernels whose inputs are a list. */
const lists = (slopes: readonly tf.Tensor[]): Slopes => slopes.map((slope) => () => slope) as unknown as Slopes;

const concat: Gradient = {
  kernelName: 'Concat',
  saveAllInputs: true,
  gradFunc: (dy, saved, { axis }) => {
    const along = tf.util.parseAxisParam(axis as number, saved[0]!.shape)[0]!;
    return lists(
      tf.split(
        dy as tf.Tensor,
        saved.map(({ shape }) => shape[along]!),
        along,
      ),
    );
  },
};

const pack: Gradient = {
  kernelName: 'Pack',
  saveAllInputs: true,
  gradFunc: (dy, _, { axis }) => lists(tf.unstack(dy as tf.Tensor, axis as number)),
};
const addN: Gradient = {
  kernelName: 'AddN',
  saveAllInputs: true,
  gradFunc: (dy, saved) => lists(saved.map(() => (dy as tf.Tensor).clone())),
};
const unpack: Gradient = {
  kernelName: 'Unpack',
  gradFunc: (dys, _, { axis }) => ({ value: () => tf.stack([dys].flat(), axis as number) }),
};
const split: Gradient = { kernelName: 'SplitV', gradFunc: (dys, _, { axis }) => ({ x: () => tf.concat([dys].flat(), axis as number) }) };

/** Rows taken several times add up. */
const gather: Gradient = rule('GatherV2', { inputs: ['x', 'indices'] }, (dy, [x, indices], { axis = 0 }) => ({
  x: () => {
    const along = tf.util.parseAxisParam(axis, x!.shape)[0]!;
    const rest = x!.shape.map((_, i) => i).filter((i) => i !== along);
    const inner = rest.map((i) => x!.shape[i]!);
    const flat = tf.reshape(dy, [...x!.shape.slice(0, along), indices!.size, ...x!.shape.slice(along + 1)]);
    const rows = tf.reshape(tf.transpose(flat, [along, ...rest]), [indices!.size, ...inner]);
    const summed = tf.unsortedSegmentSum(rows, tf.reshape(indices!, [-1]) as tf.Tensor1D, x!.shape[along]!);
    return tf.transpose(summed, tf.backend_util.getUndoAxesPermutation([along, ...rest]));
  },
  indices: () => tf.zeros(indices!.shape),
}));

export const SHAPE_GRADIENTS: readonly Gradient[] = [
  rule('Identity', {}, (dy) => ({ x: () => dy.clone() })),
  shapeOnly('Reshape', 'x'),
  shapeOnly('ExpandDims', 'input'),
  sum,
  mean,
  extreme('Max', 'reductionIndices'),
  extreme('Min', 'axis'),
  softmax,
  transpose,
  tile,
  broadcast,
  slice,
  pad,
  reverse,
  cumulative,
  concat,
  pack,
  addN,
  unpack,
  split,
  gather,
];
