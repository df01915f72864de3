// Random horizontal flip, as maps from view to image.
import type { Random } from '../training/random.ts';
import { type Maps, maps } from './geometry.ts';

/** Mirrors each image with probability `chance`. */
export function drawFlip(chance: number, random: Random, count: number): Maps {
  const draws = random.uniform(count);
  return maps(count, (i) => [draws[i]! < chance ? -1 : 1, 0, 0, 0, 1, 0]);
}
