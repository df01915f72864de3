// A tiny picture set for tests of training nodes: bars and blobs of 6×6 pixels in three kinds, with noise and without labels being needed.
import { ndarray } from '../../cache/array.ts';
import type { Images, Neighbours, ViewPolicy, Views } from '../../nodes/artifacts.ts';
import { nearestNeighbours } from '../../nodes/clustering/neighbours.ts';
import { random } from '../../nodes/training/random.ts';

const SIDE = 6;
const inside: readonly ((y: number, x: number) => boolean)[] = [
  (y) => y < 2,
  (_, x) => x < 2,
  (y, x) => y >= 2 && y < 5 && x >= 2 && x < 5,
];

/** `count` images of the kinds 0, 1, 2, 0, 1, 2, …; labels are the kinds. */
export function shapes(count: number, seed = 1): Images {
  const pixels = new Uint8Array(count * SIDE * SIDE);
  const noise = random(seed).split('shapes').integers(pixels.length, 60);
  for (let i = 0; i < pixels.length; i++) {
    const [image, place] = [Math.floor(i / (SIDE * SIDE)), i % (SIDE * SIDE)];
    pixels[i] = (inside[image % 3]!(Math.floor(place / SIDE), place % SIDE) ? 180 : 0) + noise[i]!;
  }
  return {
    type: 'images',
    pixels: ndarray('uint8', [count, SIDE, SIDE, 1], pixels),
    labels: ndarray(
      'int32',
      [count],
      new Int32Array(count).map((_, i) => i % 3),
    ),
    classes: ['top', 'left', 'middle'],
    names: Array.from({ length: count }, (_, i) => `${i}`),
    unread: [],
  };
}

/** Views without a picture of them. */
export const viewsOf = (policy: ViewPolicy): Views => ({ type: 'views', policy, sheet: ndarray('uint8', [0], new Uint8Array()) });

/** Nearest images in pixels. */
export function pixelNeighbours({ pixels }: Images, k: number): Neighbours {
  const count = pixels.shape[0]!;
  const indices = nearestNeighbours(Float32Array.from(pixels.data), count, pixels.data.length / count, k);
  return { type: 'neighbours', indices: ndarray('int32', [count, k + 1], indices) };
}

/** Share of the images whose cluster is the commonest of their kind. */
export function purity(assigned: Int32Array, labels: Int32Array): number {
  let right = 0;
  for (const kind of new Set(labels)) {
    const counts = new Map<number, number>();
    assigned.forEach((cluster, i) => labels[i] === kind && counts.set(cluster, (counts.get(cluster) ?? 0) + 1));
    right += Math.max(...counts.values());
  }
  return right / assigned.length;
}
