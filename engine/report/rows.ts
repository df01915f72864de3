// One line for each thing that scrolls by: a node that ended, a warning, the head of a run.
import { hasEnded, type Entry, type NodeView, type Phase, type State } from '../dashboard/state.ts';
import type { Reason } from '../events.ts';
import { bytes, count, duration, number } from './format.ts';
import type { Paint } from './paint.ts';
import { fit, oneLine, padStart, textWidth, truncate } from './width.ts';

/** More nodes than this, and the cached ones are only counted. */
const MANY_NODES = 60;
const TIME_WIDTH = 10;
const NARROW = 60;

export interface RowOptions {
  readonly paint: Paint;
  /** Cells that a line may take. */
  readonly width: number;
}

/** `pipeline.ts  11 nodes, 3 cached`: the first line of a run. */
export function headLine({ pipeline, nodes, planned }: State, { paint, width }: RowOptions): string {
  const name = truncate(oneLine(pipeline), width);
  const rest = `  ${count(nodes.size, 'node')}, ${planned.cached === nodes.size ? 'all' : number(planned.cached)} cached`;
  return paint.strong(name) + paint.faint(truncate(rest, width - textWidth(name)));
}

/** The line of an entry, or undefined where a crowd of cached nodes would bury the rest. */
export function entryLine(state: State, entry: Entry, options: RowOptions): string | undefined {
  if (entry.entry === 'warning') return options.paint.warn(truncate(`! ${oneLine(entry.text)}`, options.width));
  const node = state.nodes.get(entry.name);
  if (!node || !hasEnded(node) || (node.phase === 'cached' && state.nodes.size > MANY_NODES)) return undefined;
  return endedLine(node, nameWidth(state, options.width), options);
}

/** Cells for names, so that all rows of a run line up. */
export function nameWidth({ nodes }: State, width: number): number {
  let widest = 0;
  for (const name of nodes.keys()) widest = Math.max(widest, textWidth(name));
  return Math.min(widest, Math.max(8, Math.floor(width / 3)));
}

/** What became of a node, in one cell. */
export const MARKS: { readonly [P in Phase]: string } = {
  waiting: '·',
  running: '›',
  cached: '○',
  done: '✔',
  failed: '✖',
  skipped: '↷',
  interrupted: '‖',
};

function endedLine(node: NodeView, nameCells: number, { paint, width }: RowOptions): string {
  const time = timeOf(node);
  const head = `${MARKS[node.phase]} ${fit(node.name, nameCells)} ${width < NARROW ? time : padStart(time, TIME_WIDTH)}  `;
  const room = width - textWidth(head);
  const detail = truncate(detailOf(node), room);
  const aside = truncate(asideOf(node), room - textWidth(detail) - 2);
  switch (node.phase) {
    case 'done':
      return paint.good(head.slice(0, 1)) + head.slice(1) + detail + (textWidth(aside) > 8 ? paint.faint(`  ${aside}`) : '');
    case 'failed':
      return paint.bad(head + detail);
    case 'interrupted':
      return paint.warn(head + detail);
    default:
      return paint.faint(head + detail);
  }
}

function timeOf({ phase, seconds, summary }: NodeView): string {
  if (phase === 'cached' && summary?.accepted) return 'accepted';
  if (phase === 'cached' || phase === 'skipped') return phase;
  return seconds === undefined ? '' : duration(seconds);
}

/** What a node has to say of its end. */
export function detailOf({
  phase,
  summary,
  bytes: size,
  failure,
  because,
}: Pick<NodeView, 'phase' | 'summary' | 'bytes' | 'failure' | 'because'>): string {
  if (phase === 'failed') return oneLine(failure?.headline ?? 'failed');
  if (phase === 'skipped') return `needs ${because ?? 'a node'}, which did not finish`;
  if (phase === 'interrupted') return 'stopped';
  if (summary?.line) return oneLine(summary.line);
  if (summary?.metrics) return metricsText(summary.metrics);
  return size === undefined ? '' : bytes(size);
}

function asideOf({ reason, resumed }: NodeView): string {
  if (resumed) return 'continued from its checkpoint';
  // That its inputs changed, the rows above have said.
  const following = reason?.why === 'changed' && reason.changes.every(({ leaf }) => leaf.startsWith('inputs.'));
  return following ? '' : whyText(reason);
}

/** Why a node runs, in one line; empty where that is obvious (it is new, or everything before it is). */
export function whyText(reason: Reason | undefined): string {
  return reason === undefined || reason.why === 'new' || reason.why === 'upstream' ? '' : oneLine(reason.text);
}

/** `acc 0.984, nmi 0.962` */
export function metricsText(metrics: { readonly [name: string]: number }): string {
  return Object.entries(metrics)
    .map(([name, value]) => `${name} ${number(value)}`)
    .join(', ');
}
