// The course of a figure in blocks of eight heights, lowest value to highest.
import { resample } from './course.ts';

const BLOCKS = '▁▂▃▄▅▆▇█';

/** One block a point, `width` at most; a figure that does not move is drawn low. */
export function sparkText(points: readonly number[], width: number): string {
  const shown = resample(points, width);
  const low = Math.min(...shown);
  const span = Math.max(...shown) - low;
  return shown.map((point) => BLOCKS[span > 0 ? Math.min(7, Math.floor((8 * (point - low)) / span)) : 0]).join('');
}
