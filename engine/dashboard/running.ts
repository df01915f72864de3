// The cells of a running node's row, and how wide each may be: what matters least goes first when the terminal is narrow.
import { decimals, number, rate, wholeDuration } from '../report/format.ts';
import { whyText } from '../report/rows.ts';
import { padStart, textWidth } from '../report/width.ts';
import { secondsLeft } from './pace.ts';
import { firstMetric, type NodeView } from './state.ts';

/** A row in text; an empty cell takes no room. */
export interface RunningRow {
  readonly name: string;
  /** Units done as a share of one, where the node reports progress. */
  readonly share?: number;
  /** `epoch 12/56` */
  readonly count: string;
  /** `loss 4.812` */
  readonly metric: string;
  readonly points: readonly number[];
  /** `21 s left`; before that is known, how long it has run. */
  readonly left: string;
  /** `7,012 images/s` */
  readonly rate: string;
  /** Why it runs, where that is not obvious. */
  readonly reason: string;
}

/** A running node at `now` (ms). */
export function describe({ name, reason, progress, startedAt }: NodeView, now: number): RunningRow {
  const elapsed = wholeDuration((now - (startedAt ?? now)) / 1000);
  const why = whyText(reason);
  if (!progress) return { name, count: '', metric: '', points: [], left: elapsed, rate: '', reason: why };
  const { done, total, unit, metrics, throughput, course, pace } = progress;
  const [metric, value] = firstMetric(metrics);
  const left = secondsLeft(pace, total, now);
  return {
    name,
    share: total > 0 ? Math.min(1, done / total) : 0,
    count: `${unit} ${padStart(number(done), textWidth(number(total)))}/${number(total)}`,
    metric: metric === undefined ? '' : `${metric} ${figure(value)}`,
    points: course.points,
    left: left === undefined ? elapsed : `${wholeDuration(Math.ceil(left))} left`,
    rate: throughput ? rate(throughput.perSecond, throughput.of) : '',
    reason: why,
  };
}

/** Always with three decimals, so that the column stands still. */
function figure(value: number): string {
  return Number.isInteger(value) || Math.abs(value) < 0.0005 ? number(value) : decimals(value, 3);
}

/** Cells in terminal columns; 0: not shown. */
export interface Widths {
  readonly name: number;
  readonly bar: number;
  readonly count: number;
  readonly metric: number;
  readonly spark: number;
  readonly left: number;
  readonly rate: number;
}

/** Spinner and the space after it. */
export const SPINNER = 2;
/** Spaces between cells. */
export const GAP = 2;
const BAR = { least: 8, most: 28 };
const SPARK = { least: 8, most: 24 };
/** What is dropped, in this order, until the rest fits; the name stays. */
const DISPENSABLE = ['spark', 'rate', 'bar', 'left', 'metric', 'count'] as const;

/** Widths that all rows share, so that their columns line up. */
export function layOut(rows: readonly RunningRow[], name: number, width: number): Widths {
  const widest = (cell: (row: RunningRow) => string): number => rows.reduce((most, row) => Math.max(most, textWidth(cell(row))), 0);
  const moving = rows.some(({ share }) => share !== undefined);
  const widths = {
    name,
    bar: moving ? BAR.least : 0,
    count: widest((row) => row.count),
    metric: widest((row) => row.metric),
    spark: rows.some(({ points }) => points.length > 0) ? SPARK.least : 0,
    // A little room, so that the columns do not jump when a figure gains or loses a digit.
    left: Math.max(
      moving ? 9 : 0,
      widest((row) => row.left),
    ),
    rate: widest((row) => row.rate),
  };
  for (const cell of DISPENSABLE) if (taken(widths) > width) widths[cell] = 0;
  const share = (part: 'bar' | 'spark', most: number, room: number): void => {
    if (widths[part] > 0) widths[part] += Math.max(0, Math.min(most - widths[part], room));
  };
  share('bar', BAR.most, Math.ceil((width - taken(widths)) / (widths.spark > 0 ? 2 : 1)));
  share('spark', SPARK.most, width - taken(widths));
  share('bar', BAR.most, width - taken(widths));
  return widths;
}

function taken(widths: Widths): number {
  const cells = Object.values(widths).filter((cell) => cell > 0);
  return SPINNER + cells.reduce((sum, cell) => sum + cell, 0) + GAP * (cells.length - 1);
}
