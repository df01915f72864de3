// A run as plain lines, for logs and pipes: one for each start and end, few for progress, the figures at the end.
import { secondsLeft } from '../dashboard/pace.ts';
import { reduce, reduceAll, nothingYet, type NodeView, type ProgressView, type State } from '../dashboard/state.ts';
import { inWords } from '../device.ts';
import type { Event, Listener } from '../events.ts';
import { count, duration, number, rate, wholeDuration } from './format.ts';
import { createPaint, type Paint } from './paint.ts';
import { detailOf, nameWidth } from './rows.ts';
import { lastLine, summaryBlocks } from './summary.ts';
import { oneLine, padEnd } from './width.ts';

/** A progress line needs another tenth of the node's work, and this many seconds since the line before. */
const QUIET_SECONDS = 2;
const WIDE = 1000;

/** Writes lines without their newline. */
export function plainReporter(write: (line: string) => void, { color }: { readonly color: boolean }): Listener {
  const paint = createPaint(color);
  const told = new Map<string, Told>();
  const keep = createKeeper();
  return (event) => {
    if (event.event === 'node-progress') {
      const node = keep.now(event).nodes.get(event.node);
      if (node && isNews(told, node, event)) write(progressLine(node, event.time, keep.nameWidth(), paint));
      return;
    }
    keep.later(event);
    const line = lineOf(event, keep, paint);
    if (line !== undefined) write(line);
    if (event.event === 'node-started') told.set(event.node, { tenth: 0, time: event.time });
    if (event.event === 'run-finished') for (const end of endLines(keep.now(), paint)) write(end);
  };
}

interface Told {
  readonly tenth: number;
  readonly time: number;
}

/** The state, brought up to date only when somebody looks: thousands of cached nodes cost one copy. */
function createKeeper() {
  let state: State = nothingYet;
  let pending: Event[] = [];
  let names: number | undefined;
  const now = (event?: Event): State => {
    state = reduceAll(state, pending);
    pending = [];
    if (event) state = reduce(state, event);
    return state;
  };
  return { now, later: (event: Event) => void pending.push(event), nameWidth: () => (names ??= nameWidth(now(), WIDE)) };
}

function isNews(told: Map<string, Told>, { name, progress }: NodeView, { time }: Event): boolean {
  const last = told.get(name) ?? { tenth: 0, time };
  const tenth = Math.floor((10 * (progress?.done ?? 0)) / Math.max(1, progress?.total ?? 1));
  if (tenth >= 10 || tenth <= last.tenth || time - last.time < QUIET_SECONDS * 1000) return false;
  told.set(name, { tenth, time });
  return true;
}

function lineOf(event: Event, keep: ReturnType<typeof createKeeper>, paint: Paint): string | undefined {
  const say = (verb: string, node: string, text: string): string => row(verb, node, text, keep.nameWidth());
  switch (event.event) {
    case 'run-started':
      return `${event.pipeline}: ${count(event.nodes.length, 'node')}, ${count(event.jobs, 'job')}, ${count(event.threads, 'thread')}, device ${inWords(event)}`;
    case 'node-waiting':
      return paint.faint(say('waiting', event.node, `for ${oneLine(event.for)}`));
    case 'node-cached':
      return paint.faint(say(event.summary?.accepted ? 'accepted' : 'cached', event.node, oneLine(event.summary?.line ?? '')));
    case 'node-started':
      return say('started', event.node, oneLine(event.reason.text));
    case 'node-finished':
      return paint.good(say('finished', event.node, after(event)));
    case 'node-retried': {
      const { node, attempt, of, pause, failure } = event;
      return paint.warn(say('retrying', node, `${attempt} of ${of} failed: ${oneLine(failure.headline)} Again in ${duration(pause)}`));
    }
    case 'node-failed':
      return paint.bad(say('failed', event.node, `after ${duration(event.seconds)}: ${oneLine(event.failure.headline)}`));
    case 'node-skipped':
      return paint.faint(say('skipped', event.node, `needs ${event.because}, which did not finish`));
    case 'node-interrupted':
      return paint.warn(say('stopped', event.node, `after ${duration(event.seconds)}`));
    case 'warning':
      return paint.warn(`warning: ${oneLine(event.text)}`);
    default:
      return undefined;
  }
}

function after({ seconds, bytes, summary }: Event & { event: 'node-finished' }): string {
  const detail = detailOf({ phase: 'done', bytes, ...(summary ? { summary } : {}) });
  return `in ${duration(seconds)}${detail ? `: ${detail}` : ''}`;
}

function progressLine({ name, progress }: NodeView, time: number, nameCells: number, paint: Paint): string {
  return paint.faint(row('progress', name, progress ? progressText(progress, time) : '', nameCells));
}

/** `epoch 12/56, loss 4.81, 7,012 images/s, 21 s left` */
function progressText({ unit, done, total, metrics, throughput, pace }: ProgressView, time: number): string {
  const left = secondsLeft(pace, total, time);
  return [
    `${unit} ${number(done)}/${number(total)}`,
    ...Object.entries(metrics ?? {}).map(([metric, value]) => `${metric} ${number(value)}`),
    ...(throughput ? [rate(throughput.perSecond, throughput.of)] : []),
    ...(left === undefined ? [] : [`${wholeDuration(left)} left`]),
  ].join(', ');
}

function row(verb: string, node: string, text: string, nameCells: number): string {
  return `${padEnd(verb, 8)}  ${padEnd(node, nameCells)}  ${text}`.trimEnd();
}

function endLines(state: State, paint: Paint): string[] {
  return [...summaryBlocks(state, { paint }).flatMap((block) => ['', ...block]), '', lastLine(state, { paint })];
}
