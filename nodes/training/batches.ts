// Which images are seen in which step, and their pixels as feeds. Depends on the stream alone, so that a resumed run sees the same.
import { ndarray, type NdArray, type TypedArrays } from '../../cache/array.ts';
import type { Images } from '../artifacts.ts';
import type { Random } from './random.ts';

/**
 * Positions 0 … count−1 of a step: epoch after epoch in a new random order. The last images of an epoch are dropped when they do not fill a
 * batch (`steps` = ⌊count/batch⌋), or filled up with images from the epoch's beginning (`steps` = ⌈count/batch⌉).
 */
export function batchOf(random: Random, count: number, batch: number, epoch: number, step: number): Int32Array {
  const order = random.split('order', epoch).permutation(count);
  return new Int32Array(batch).map((_, i) => order[(step * batch + i) % count]!);
}

/** Rows of an array [N, …] as [n, …]. */
export function gatherRows<D extends 'uint8' | 'float32'>(
  { dtype, shape: [, ...inner], data }: NdArray<D>,
  indices: ArrayLike<number>,
): NdArray<D> {
  const size = inner.reduce((product, side) => product * side, 1);
  const gathered = dtype === 'uint8' ? new Uint8Array(indices.length * size) : new Float32Array(indices.length * size);
  for (let i = 0; i < indices.length; i++) gathered.set(data.subarray(indices[i]! * size, (indices[i]! + 1) * size), i * size);
  return ndarray(dtype, [indices.length, ...inner], gathered as TypedArrays[D]);
}

/** Height, width and channels of the images. */
export function imageShape({ pixels }: Images): readonly [number, number, number] {
  const [, height, width, channels] = pixels.shape;
  return [height!, width!, channels!];
}
