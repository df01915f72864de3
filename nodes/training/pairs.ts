// Which neighbour an anchor is paired with.
import type { Neighbours } from '../artifacts.ts';
import type { Random } from './random.ts';

/** One of the K neighbours of each anchor, uniformly; never the anchor itself. */
export function drawNeighbours({ indices }: Neighbours, anchors: Int32Array, random: Random): Int32Array {
  const columns = indices.shape[1]!;
  const places = random.split('neighbours').integers(anchors.length, columns - 1);
  return anchors.map((anchor, i) => indices.data[anchor * columns + 1 + places[i]!]!);
}
