// The trials of a sweep as far as a run has brought them: scores, the best so far over time, stages with those that other trials share, the end.
import type { Plain } from '../../cache/array.ts';
import { secondsForTrials, secondsLeft, seenAtOnce } from '../sweep/estimate.ts';
import { hasEnded, type NodeView, type Phase, type State, type SweepView } from './state.ts';

export interface TrialView {
  readonly trial: number;
  readonly params: { readonly [path: string]: Plain };
  /** Mean over seeds, and the population's deviation. */
  readonly score?: number;
  readonly deviation?: number;
  readonly failed?: boolean;
  /** Of a trial of this run that has not ended. */
  readonly stages?: readonly StageView[];
}

/** A node of the pipeline in a trial, over its seeds. */
export interface StageView {
  readonly name: string;
  /** Of the seed that has come least far. */
  readonly phase: Phase;
  /** Whether other trials use the same results. */
  readonly shared: boolean;
}

export interface TrialsView {
  /** Those with a score, the best first. */
  readonly done: readonly TrialView[];
  /** Those of this run that have not ended, those at work first. */
  readonly open: readonly TrialView[];
  readonly failed: number;
  /** The best score after each trial that was done. */
  readonly course: readonly number[];
  /** Until the sweep has ended; absent where nobody can know. */
  readonly secondsLeft?: number;
}

/** `now`: milliseconds since 1970. */
export function trialsOf(state: State, sweep: SweepView, now: number): TrialsView {
  const isBetter = (a: number, b: number): boolean => (sweep.objective.goal === 'max' ? a > b : a < b);
  const ends = new Map(state.history.flatMap((entry, at) => (entry.entry === 'node' ? [[entry.name, at] as const] : [])));
  const users = usersOf(sweep);
  const views = sweep.trials.map((trial) => {
    const runs = sweep.names.filter((_, at) => sweep.runs[at]!.trial === trial.trial);
    const { failed, ...known } = trial;
    if (runs.length === 0) return { view: { ...known, ...(failed === undefined ? {} : { failed: true }) } as TrialView, end: -1 };
    const nodes = runs.map((names) => state.nodes.get(names[sweep.objective.node]!));
    const values = nodes.flatMap((node) => node?.summary?.metrics?.[sweep.objective.metric] ?? []);
    const end = Math.max(...nodes.map((node) => ends.get(node?.name ?? '') ?? -1));
    const isFailed = nodes.some((node) => node && hasEnded(node) && node.summary?.metrics?.[sweep.objective.metric] === undefined);
    const view: TrialView = isFailed
      ? { ...known, failed: true }
      : values.length === runs.length
        ? { ...known, ...spread(values) }
        : { ...known, stages: stagesOf(runs, users, state) };
    return { view, end };
  });
  const scored = views.filter(({ view }) => view.score !== undefined);
  const order = [...scored].sort((a, b) => a.end - b.end);
  const course = order.reduce<number[]>((bests, { view: { score } }) => {
    const before = bests.at(-1);
    return [...bests, before === undefined || isBetter(score!, before) ? score! : before];
  }, []);
  const isAtWork = ({ stages = [] }: TrialView): boolean => stages.some(({ phase }) => phase === 'running');
  const open = views.flatMap(({ view }) => (view.stages ? [view] : []));
  const left = end(state, sweep, now, order.filter(({ end: at }) => at >= 0).length); // prettier-ignore
  return {
    done: scored
      .map(({ view }) => view)
      .sort((a, b) => (isBetter(a.score!, b.score!) ? -1 : isBetter(b.score!, a.score!) ? 1 : a.trial - b.trial)),
    open: [...open.filter(isAtWork), ...open.filter((view) => !isAtWork(view))],
    failed: views.filter(({ view }) => view.failed).length,
    course,
    ...(left === undefined ? {} : { secondsLeft: left }),
  };
}

function spread(values: readonly number[]): { readonly score: number; readonly deviation: number } {
  const score = values.reduce((sum, value) => sum + value, 0) / values.length;
  return { score, deviation: Math.sqrt(values.reduce((sum, value) => sum + (value - score) ** 2, 0) / values.length) };
}

/** Node → the trials of this run that use it. */
function usersOf({ names, runs }: SweepView): Map<string, Set<number>> {
  const users = new Map<string, Set<number>>();
  for (const [at, { trial }] of runs.entries())
    for (const name of Object.values(names[at]!)) users.set(name, (users.get(name) ?? new Set()).add(trial));
  return users;
}

/** From what has come least far to what is over. */
const ORDER: readonly Phase[] = ['failed', 'skipped', 'interrupted', 'running', 'waiting', 'done', 'cached'];

function stagesOf(runs: SweepView['names'], users: ReadonlyMap<string, ReadonlySet<number>>, { nodes }: State): StageView[] {
  return Object.keys(runs[0]!).map((name) => {
    const all = runs.map((names) => names[name]!);
    const phases = all.flatMap((node) => nodes.get(node)?.phase ?? []);
    const phase = ORDER.find((each) => phases.includes(each)) ?? 'waiting';
    return { name, phase, shared: all.some((node) => users.get(node)!.size > 1) };
  });
}

/** What is left of the run, and then the trials that nobody has proposed yet. */
function end(state: State, { limit, trials }: SweepView, now: number, done: number): number | undefined {
  const all = [...state.nodes.values()];
  const recorded = new Map<string, number[]>();
  for (const { kind, seconds, lastSeconds, phase } of all) {
    const took = phase === 'done' ? seconds : lastSeconds;
    if (took !== undefined) recorded.set(kind, [...(recorded.get(kind) ?? []), took]);
  }
  const spans = all.flatMap(({ phase, startedAt, seconds }) =>
    phase === 'done' && startedAt !== undefined ? [{ start: startedAt, end: startedAt + seconds! * 1000 }] : [],
  );
  const work = (node: NodeView) => (node.startedAt === undefined ? node : { ...node, spent: (now - node.startedAt) / 1000 });
  const own = secondsLeft(all.filter((node) => !hasEnded(node)).map(work), recorded, seenAtOnce(spans) ?? state.jobs); // prettier-ignore
  const more = secondsForTrials(Math.max(0, (limit ?? trials.length) - trials.length), done, (now - state.startedAt) / 1000);
  return own === undefined || more === undefined ? undefined : own + more;
}
