// The picture of a clustering: the surest images of each cluster first, empty places where a cluster is small.
import sharp from 'sharp';
import { expect, test } from 'vitest';
import { ndarray } from '../../cache/array.ts';
import type { Assignments } from '../../nodes/artifacts.ts';
import { clusterSheet, surest } from '../../nodes/pictures/cluster-sheet.ts';
import { shapes } from './shapes.ts';

const assignments: Assignments = {
  clusters: 2,
  assigned: ndarray('int32', [4], Int32Array.of(0, 1, 0, 0)),
  probabilities: ndarray('float32', [4, 2], Float32Array.of(0.6, 0.4, 0.1, 0.9, 0.8, 0.2, 0.7, 0.3)),
};

test('the surest images of a cluster come first, and small clusters leave places empty', () => {
  expect(surest(assignments, 0).slice(0, 4)).toEqual([2, 3, 0, -1]);
  expect(surest(assignments, 1)).toEqual([1, ...Array.from({ length: 11 }, () => -1)]);
});

test('the sheet is a picture of one row a cluster', async () => {
  const { bytes } = await clusterSheet(assignments, shapes(30));
  const { format, width, height } = await sharp(bytes).metadata();
  expect(format).toBe('png');
  expect(width).toBeGreaterThan(5 * height);
});
