// All that the dashboard shows, as a pure function of the events so far. Knows no terminal and no clock: times come from the events.
import type { Event, Failure, NodeState, PlannedNode, Progress, Reason, Summary, SweepPart } from '../events.ts';
import { emptyCourse, extend, type Course } from './course.ts';
import { startPace, updatePace, type Pace } from './pace.ts';

export type Phase = 'waiting' | 'cached' | 'running' | 'done' | 'failed' | 'skipped' | 'interrupted';

/** A node as far as it has come. */
export interface NodeView {
  readonly name: string;
  readonly kind: string;
  readonly inputs: readonly string[];
  /** Seconds that it took the last time. */
  readonly lastSeconds?: number;
  readonly phase: Phase;
  /** Why it runs, once it does. */
  readonly reason?: Reason;
  /** Whom it waits for, when another process makes the same result. */
  readonly waitsFor?: string;
  /** Milliseconds since 1970. */
  readonly startedAt?: number;
  readonly progress?: ProgressView;
  /** Seconds it took; of a cached node, those it took when it ran. */
  readonly seconds?: number;
  /** Bytes of its artifact. */
  readonly bytes?: number;
  /** Whether it continued from a checkpoint. */
  readonly resumed?: boolean;
  readonly summary?: Summary;
  readonly failure?: Failure;
  /** The node whose end kept it from running. */
  readonly because?: string;
}

export interface ProgressView extends Progress {
  /** The first metric so far. */
  readonly course: Course;
  readonly pace: Pace;
}

/** What scrolls by, in order. */
export type Entry = { readonly entry: 'node'; readonly name: string } | { readonly entry: 'warning'; readonly text: string };

export interface State {
  readonly run: string;
  readonly pipeline: string;
  readonly jobs: number;
  readonly threads: number;
  readonly device: string;
  /** Why it is that one, where none was asked for. */
  readonly deviceReason?: string;
  /** Milliseconds since 1970 of the first and the latest event. */
  readonly startedAt: number;
  readonly time: number;
  /** By name, in the order of the plan. */
  readonly nodes: ReadonlyMap<string, NodeView>;
  /** What the plan expected. */
  readonly planned: { readonly cached: number };
  readonly history: readonly Entry[];
  /** Bytes that all processes hold together, and how many of them are workers, as last told. */
  readonly usage?: { readonly memory: number; readonly workers: number };
  /** The sweep that the run is a part of. */
  readonly sweep?: SweepView;
  /** Set when the run is over. */
  readonly finished?: { readonly seconds: number; readonly interrupted: boolean };
}

/** What the run tells of its sweep; `names`: what each of its runs calls the nodes of the pipeline. */
export interface SweepView extends SweepPart {
  readonly names: readonly { readonly [name: string]: string }[];
}

/** Before `run-started`. */
export const nothingYet: State = {
  run: '',
  pipeline: '',
  jobs: 0,
  threads: 0,
  device: '',
  startedAt: 0,
  time: 0,
  nodes: new Map(),
  planned: { cached: 0 },
  history: [],
};

/** The state after one more event. */
export function reduce(state: State, event: Event): State {
  return reduceAll(state, [event]);
}

/** The state after several more events; copies the state once, so a burst of thousands is cheap. */
export function reduceAll(state: State, events: readonly Event[]): State {
  if (events.length === 0) return state;
  const draft: Draft = { ...state, nodes: new Map(state.nodes), history: [...state.history] };
  for (const event of events) apply(draft, event);
  return draft;
}

type Draft = { -readonly [K in keyof State]: State[K] } & { nodes: Map<string, NodeView>; history: Entry[] };

function apply(draft: Draft, event: Event): void {
  draft.time = Math.max(draft.time, event.time);
  if (event.event === 'run-started') return start(draft, event);
  if (event.event === 'run-finished') return finish(draft, event);
  if (event.event === 'warning') return void draft.history.push({ entry: 'warning', text: event.text });
  if (event.event === 'usage') return void (draft.usage = { memory: event.memory, workers: event.workers });
  const before = draft.nodes.get(event.node);
  if (!before) return;
  const after = advance(before, event);
  draft.nodes.set(event.node, after);
  if (hasEnded(after) && !hasEnded(before)) draft.history.push({ entry: 'node', name: after.name });
}

function start(draft: Draft, event: Event & { event: 'run-started' }): void {
  const { time, run, pipeline, jobs, threads, device, deviceReason, nodes, variants, sweep } = event;
  Object.assign(draft, {
    run,
    pipeline,
    jobs,
    threads,
    device,
    ...(deviceReason === undefined ? {} : { deviceReason }),
    startedAt: time,
    planned: { cached: nodes.filter(({ state }) => state === 'cached').length },
    ...(sweep ? { sweep: { ...sweep, names: variants ?? [Object.fromEntries(nodes.map(({ name }) => [name, name]))] } } : {}),
  });
  for (const planned of nodes) draft.nodes.set(planned.name, waiting(planned));
}

function waiting({ name, kind, inputs, lastSeconds }: PlannedNode): NodeView {
  return { name, kind, inputs, phase: 'waiting', ...(lastSeconds === undefined ? {} : { lastSeconds }) };
}

/** Nodes that ended without an event of their own (below an interrupted one) get their end here. */
function finish(draft: Draft, { seconds, interrupted, nodes }: Event & { event: 'run-finished' }): void {
  draft.finished = { seconds, interrupted };
  for (const [name, { state }] of Object.entries(nodes)) {
    const node = draft.nodes.get(name);
    if (node && !hasEnded(node)) draft.nodes.set(name, { ...node, phase: phaseOf[state] });
  }
}

const phaseOf: { readonly [S in NodeState]: Phase } = {
  executed: 'done',
  cached: 'cached',
  failed: 'failed',
  skipped: 'skipped',
  interrupted: 'interrupted',
};

type NodeEvent = Extract<Event, { readonly node: string }>;

function advance(node: NodeView, event: NodeEvent): NodeView {
  switch (event.event) {
    case 'node-waiting':
      return { ...node, waitsFor: event.for };
    case 'node-cached':
      return { ...node, phase: 'cached', seconds: event.seconds, ...summaryOf(event) };
    case 'node-started':
      return { ...node, phase: 'running', startedAt: event.time, reason: event.reason };
    case 'node-progress':
      return { ...node, progress: progressed(node, event) };
    case 'node-log':
      return node;
    case 'node-finished':
      return { ...node, phase: 'done', seconds: event.seconds, bytes: event.bytes, resumed: event.resumed, ...summaryOf(event) };
    case 'node-retried': {
      const { progress: _, ...rest } = node;
      return { ...rest, phase: 'waiting' };
    }
    case 'node-failed':
      return { ...node, phase: 'failed', seconds: event.seconds, failure: event.failure };
    case 'node-skipped':
      return { ...node, phase: 'skipped', because: event.because };
    case 'node-interrupted':
      return { ...node, phase: 'interrupted', seconds: event.seconds };
  }
}

function summaryOf({ summary }: { readonly summary?: Summary }): { summary?: Summary } {
  return summary ? { summary } : {};
}

function progressed({ progress: before, startedAt }: NodeView, event: Event & { event: 'node-progress' }): ProgressView {
  const { time, done, total, unit, metrics, throughput } = event;
  // Another unit or total, or fewer units done: a new phase of the work, so nothing measured before applies.
  const same = before !== undefined && before.unit === unit && before.total === total && before.done <= done;
  const pace = same ? updatePace(before.pace, time, done) : firstPace(time, done, before ? undefined : startedAt);
  const [name, value] = firstMetric(metrics);
  const course = same && firstMetric(before.metrics)[0] === name ? before.course : emptyCourse;
  return {
    done,
    total,
    unit,
    ...(metrics ? { metrics } : {}),
    ...(throughput ? { throughput } : {}),
    course: value === undefined ? course : extend(course, value),
    pace,
  };
}

/** The first unit began when the node did; a first report of more may be a node that continues from a checkpoint. */
function firstPace(time: number, done: number, startedAt: number | undefined): Pace {
  return startedAt !== undefined && done > 0 && done <= 1 ? updatePace(startPace(startedAt, 0), time, done) : startPace(time, done);
}

/** The metric that is drawn: the first. */
export function firstMetric(metrics: Progress['metrics']): readonly [string, number] | readonly [undefined, undefined] {
  return Object.entries(metrics ?? {})[0] ?? [undefined, undefined];
}

export function hasEnded({ phase }: NodeView): boolean {
  return phase !== 'waiting' && phase !== 'running';
}

/** Nodes in one phase, in the order of the plan. */
export function inPhase(state: State, phase: Phase): NodeView[] {
  return [...state.nodes.values()].filter((node) => node.phase === phase);
}

/** How many nodes are in each phase. */
export function totals(state: State): { readonly [P in Phase]: number } {
  const sums = { waiting: 0, cached: 0, running: 0, done: 0, failed: 0, skipped: 0, interrupted: 0 };
  for (const { phase } of state.nodes.values()) sums[phase] += 1;
  return sums;
}
