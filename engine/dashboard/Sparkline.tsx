// The course of a figure in blocks of eight heights, lowest value to highest.
import { Text } from 'ink';
import type { Paint } from '../report/paint.ts';
import { resample } from './course.ts';

export interface SparklineProps {
  readonly points: readonly number[];
  readonly width: number;
  readonly paint: Paint;
}

export function Sparkline({ points, width, paint }: SparklineProps) {
  return <Text wrap="truncate-end">{paint.accent(sparkText(points, width))}</Text>;
}

const BLOCKS = '▁▂▃▄▅▆▇█';

/** One block a point, `width` at most; a figure that does not move is drawn low. */
export function sparkText(points: readonly number[], width: number): string {
  const shown = resample(points, width);
  const low = Math.min(...shown);
  const span = Math.max(...shown) - low;
  return shown.map((point) => BLOCKS[span > 0 ? Math.min(7, Math.floor((8 * (point - low)) / span)) : 0]).join('');
}
