// Which images are seen in which step, and their pixels as feeds. Depends on the stream alone, so that a resumed run sees the same.
import { ndarray, type NdArray } from '../../cache/array.ts';
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

/** Pixels 0–255 of some images as [n, H, W, C] float32. */
export function gatherPixels({ pixels }: Images, indices: ArrayLike<number>): NdArray<'float32'> {
  const [, ...shape] = pixels.shape;
  const size = shape.reduce((product, side) => product * side, 1);
  const gathered = new Float32Array(indices.length * size);
  for (let i = 0; i < indices.length; i++) gathered.set(pixels.data.subarray(indices[i]! * size, (indices[i]! + 1) * size), i * size);
  return ndarray('float32', [indices.length, ...shape], gathered);
}

/** Rows of a matrix [·, d] as [n, d]. */
export function gatherRows(matrix: NdArray<'float32'>, indices: ArrayLike<number>): NdArray<'float32'> {
  const size = matrix.shape[1]!;
  const gathered = new Float32Array(indices.length * size);
  for (let i = 0; i < indices.length; i++) gathered.set(matrix.data.subarray(indices[i]! * size, (indices[i]! + 1) * size), i * size);
  return ndarray('float32', [indices.length, size], gathered);
}

/** Height, width and channels of the images. */
export function imageShape({ pixels }: Images): readonly [number, number, number] {
  const [, height, width, channels] = pixels.shape;
  return [height!, width!, channels!];
}
