// One running node: spinner, name, bar, count, metric and its course, time left, throughput; below it why it runs.
import type { Paint } from '../report/paint.ts';
import { fit, padStart, textWidth, truncate } from '../report/width.ts';
import { barText } from './bar.ts';
import { GAP, SPINNER, type RunningRow, type Widths } from './running.ts';
import { sparkText } from './sparkline.ts';

const FRAMES = ['⠋', '⠙', '⠹', '⠸', '⠼', '⠴', '⠦', '⠧', '⠇', '⠏'];
const FRAME_MILLISECONDS = 125;

export interface NodeLinesOptions {
  readonly widths: Widths;
  /** Cells of a whole line. */
  readonly width: number;
  /** Milliseconds since 1970; turns the spinner. */
  readonly now: number;
  /** Whether there is a line to spare for why it runs. */
  readonly withReason: boolean;
  readonly paint: Paint;
}

export function nodeLines(row: RunningRow, { widths, width, now, withReason, paint }: NodeLinesOptions): string[] {
  const frame = FRAMES[Math.floor(now / FRAME_MILLISECONDS) % FRAMES.length]!;
  const head = `${paint.accent(frame)} ${paint.strong(fit(row.name, widths.name))}`;
  const cells = row.share === undefined ? still(row, width - SPINNER - widths.name - GAP) : moving(row, row.share, widths, paint);
  const line = [head, ...cells].join(' '.repeat(GAP));
  return withReason && row.reason !== '' ? [line, paint.faint(truncate(' '.repeat(SPINNER) + row.reason, width))] : [line];
}

/** A node that reports no progress: how long it has run. */
const still = ({ left }: RunningRow, room: number): string[] => (textWidth(left) <= room ? [left] : []);

/** The cells that have room. */
function moving(row: RunningRow, share: number, widths: Widths, paint: Paint): string[] {
  const [filled, open] = barText(share, widths.bar);
  const course = sparkText(row.points, widths.spark);
  const cells: [number, string][] = [
    [widths.bar, paint.accent(filled) + paint.faint(open)],
    [widths.count, fit(row.count, widths.count)],
    [widths.metric, fit(row.metric, widths.metric)],
    [widths.spark, paint.accent(course) + ' '.repeat(widths.spark - course.length)],
    [widths.left, padStart(row.left, widths.left)],
    [widths.rate, paint.faint(padStart(row.rate, widths.rate))],
  ];
  return cells.flatMap(([width, cell]) => (width > 0 ? [cell] : []));
}
