// The trials of a sweep as far as a run has brought them: scores, the best so far over time, stages with those that other trials share, the end.
import type { Plain } from '../../cache/array.ts';
import { figureOf } from '../figure.ts';
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
export function viewTrials(state: State, sweep: SweepView, now: number): TrialsView {
  const isBetter = (a: number, b: number): boolean => (sweep.objective.goal === 'max' ? a > b : a < b);
  const runs = runsOf(sweep);
  const users = usersOf(sweep);
  const views = sweep.trials.map((trial) => viewTrial(trial, runs.get(trial.trial), users, sweep, state));
  const scored = views.filter(({ score }) => score !== undefined);
  const ended = inOrderOfEnd(scored, runs, sweep, state);
  const open = views.filter(({ stages }) => stages);
  const left = end(state, sweep, now, scored.filter(({ trial }) => runs.has(trial)).length);
  return {
    done: scored.sort((a, b) => Number(isBetter(b.score!, a.score!)) - Number(isBetter(a.score!, b.score!)) || a.trial - b.trial),
    open: [...open.filter(isAtWork), ...open.filter((view) => !isAtWork(view))],
    failed: views.filter(({ failed }) => failed).length,
    course: bestSoFar(ended, isBetter),
    ...(left === undefined ? {} : { secondsLeft: left }),
  };
}

/** The names of one run's nodes, by those of the pipeline. */
type Names = SweepView['names'][number];

/** Trial → its runs in this run of the sweep, one a seed. */
function runsOf({ names, runs }: SweepView): Map<number, Names[]> {
  const of = new Map<number, Names[]>();
  for (const [at, { trial }] of runs.entries()) {
    const known = of.get(trial);
    if (known) known.push(names[at]!);
    else of.set(trial, [names[at]!]);
  }
  return of;
}

function viewTrial(
  { failed, ...known }: SweepView['trials'][number],
  runs: readonly Names[] | undefined,
  users: ReadonlyMap<string, ReadonlySet<number>>,
  { objective }: SweepView,
  state: State,
): TrialView {
  if (!runs) return { ...known, ...(failed === undefined ? {} : { failed: true }) };
  const scoring = runs.map((names) => state.nodes.get(names[objective.node]!));
  const values = scoring.map((node) => node?.summary?.metrics?.[objective.metric]);
  if (scoring.some((node, at) => node && hasEnded(node) && values[at] === undefined)) return { ...known, failed: true };
  const figure = values.includes(undefined) ? undefined : figureOf(values as number[]);
  return figure ? { ...known, score: figure.mean, deviation: figure.deviation } : { ...known, stages: stagesOf(runs, users, state) };
}

/** Those that were done before this run, then the others as the last of their seeds ended. */
function inOrderOfEnd(
  scored: readonly TrialView[],
  runs: ReadonlyMap<number, readonly Names[]>,
  { objective }: SweepView,
  { history }: State,
): TrialView[] {
  const ends = new Map(history.flatMap((entry, at) => (entry.entry === 'node' ? [[entry.name, at] as const] : [])));
  const endOf = ({ trial }: TrialView): number =>
    Math.max(-1, ...(runs.get(trial) ?? []).map((names) => ends.get(names[objective.node]!) ?? -1));
  const at = new Map(scored.map((view) => [view, endOf(view)]));
  return [...scored].sort((a, b) => at.get(a)! - at.get(b)!);
}

function bestSoFar(scored: readonly TrialView[], isBetter: (a: number, b: number) => boolean): number[] {
  const course: number[] = [];
  for (const { score } of scored) {
    const before = course.at(-1);
    course.push(before === undefined || isBetter(score!, before) ? score! : before);
  }
  return course;
}

const isAtWork = ({ stages = [] }: TrialView): boolean => stages.some(({ phase }) => phase === 'running');

/** Node → the trials of this run that use it. */
function usersOf({ names, runs }: SweepView): Map<string, Set<number>> {
  const users = new Map<string, Set<number>>();
  for (const [at, { trial }] of runs.entries())
    for (const name of Object.values(names[at]!)) users.set(name, (users.get(name) ?? new Set()).add(trial));
  return users;
}

/** From what has come least far to what is over. */
const ORDER: readonly Phase[] = ['failed', 'skipped', 'interrupted', 'running', 'waiting', 'done', 'cached'];

function stagesOf(runs: readonly Names[], users: ReadonlyMap<string, ReadonlySet<number>>, { nodes }: State): StageView[] {
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
    if (took === undefined) continue;
    const known = recorded.get(kind);
    if (known) known.push(took);
    else recorded.set(kind, [took]);
  }
  const spans = all.flatMap(({ phase, startedAt, seconds }) =>
    phase === 'done' && startedAt !== undefined ? [{ start: startedAt, end: startedAt + seconds! * 1000 }] : [],
  );
  const work = (node: NodeView) => (node.startedAt === undefined ? node : { ...node, spent: (now - node.startedAt) / 1000 });
  const own = secondsLeft(all.filter((node) => !hasEnded(node)).map(work), recorded, seenAtOnce(spans) ?? state.jobs); // prettier-ignore
  const more = secondsForTrials(Math.max(0, (limit ?? trials.length) - trials.length), done, (now - state.startedAt) / 1000);
  return own === undefined || more === undefined ? undefined : own + more;
}
