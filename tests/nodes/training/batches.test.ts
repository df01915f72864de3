import { expect, test } from 'vitest';
import { ndarray } from '../../../cache/array.ts';
import { batchOf, gatherRows, imageShape } from '../../../nodes/training/batches.ts';
import { random } from '../../../nodes/training/random.ts';
import { shapes } from '../shapes.ts';

const epoch = (count: number, batch: number, steps: number, which = 0): number[] =>
  Array.from({ length: steps }, (_, step) => [...batchOf(random(1), count, batch, which, step)]).flat();

test('an epoch of whole batches sees no image twice, in an order of its own', () => {
  const [first, second] = [epoch(10, 3, 3), epoch(10, 3, 3, 1)];
  expect(new Set(first).size).toBe(9);
  expect(first).not.toEqual(second);
  expect(epoch(10, 3, 3)).toEqual(first);
});

test('one more batch than is whole sees every image, and some twice', () => {
  const all = epoch(10, 3, 4);
  expect(new Set(all).size).toBe(10);
  expect(all.slice(10)).toEqual(all.slice(0, 2));
});

test('pixels and rows are gathered in the order asked for', () => {
  const images = shapes(5);
  expect(imageShape(images)).toEqual([6, 6, 1]);
  const { shape, data } = gatherRows(images.pixels, [4, 0]);
  expect(shape).toEqual([2, 6, 6, 1]);
  expect([...data.subarray(0, 36)]).toEqual([...images.pixels.data.subarray(4 * 36)]);
  const matrix = ndarray('float32', [3, 2], Float32Array.of(1, 2, 3, 4, 5, 6));
  expect(gatherRows(matrix, [2, 2, 0])).toEqual(ndarray('float32', [3, 2], Float32Array.of(5, 6, 5, 6, 1, 2)));
});
