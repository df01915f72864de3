// One operation of a trace on the current tfjs backend. Most are a tfjs kernel by its name; the few that a trace writes more generally than
// tfjs' kernels allow are spelt out.
import * as tf from '@tensorflow/tfjs-core';
import type { Operation } from '../executor.ts';

type Inputs = { readonly [name: string]: tf.Tensor };
// eslint-disable-next-line @typescript-eslint/no-explicit-any
type Attributes = any;

/** The outputs of an operation, which the caller owns; what is made on the way is disposed of. */
export function perform({ kernel, inputs: names, attributes }: Operation, inputs: Inputs): readonly tf.Tensor[] {
  const special = SPECIAL[kernel];
  if (special) return [tf.tidy(() => special(inputs, attributes).clone())];
  const isList = Object.hasOwn(names, '0');
  return [run(kernel, isList ? Object.values(inputs) : inputs, attributes)].flat();
}

const run = (kernel: string, inputs: object, attributes: object): tf.Tensor | tf.Tensor[] =>
  tf.engine().runKernel(kernel, inputs as tf.NamedTensorMap, attributes as never);

const SPECIAL: { readonly [kernel: string]: (inputs: Inputs, attributes: Attributes) => tf.Tensor } = {
  BroadcastTo: ({ x }, { shape }) => tf.broadcastTo(x!, shape),
  /** A trace's Select broadcasts. */
  Select: ({ condition, t, e }) => tf.where(condition!, t!, e!),
  /** A trace has no masks, and an end of −1 backwards is before the first element. */
  StridedSlice: ({ x }, { begin, end, strides }) => {
    const open = (end as number[]).reduce((mask, to, axis) => (strides[axis] < 0 && to < 0 ? mask | (1 << axis) : mask), 0);
    return tf.stridedSlice(x!, begin, end, strides, 0, open);
  },
  /** tfjs' JS backend (4.22) warps only the first image of a batch. */
  Transform: ({ image, transforms }, attributes) => {
    const count = image!.shape[0]!;
    if (tf.getBackend() !== 'cpu' || count === 1) return run('Transform', { image, transforms }, attributes) as tf.Tensor;
    const rows = transforms!.shape[0] === 1 ? Array.from({ length: count }, () => transforms!) : tf.split(transforms!, count);
    return tf.concat(
      tf.split(image!, count).map((one, i) => run('Transform', { image: one, transforms: rows[i] }, attributes) as tf.Tensor),
    );
  },
};
