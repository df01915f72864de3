// A sweep as it is told afterwards: its trials with their figures, what each stage was made for and cost, and what sharing saved. From its ledger
// and the stories of its runs alone.
import type { Plain } from '../../cache/array.ts';
import { figureOf, type Figure } from '../figure.ts';
import { importance, type Importance } from '../sweep/importance.ts';
import { trialsOf, type Ledger, type Line, type Spec } from '../sweep/ledger.ts';
import { bestFirst, statusOf } from '../sweep/status.ts';
import type { Trial } from '../sweep/strategy.ts';
import type { NodeStory, Story } from './story.ts';

export interface SweepStory {
  readonly name: string;
  readonly pipeline: string;
  readonly strategy: string;
  readonly objective: Spec['objective'];
  readonly seeds: readonly number[];
  /** Params that vary. */
  readonly params: readonly string[];
  /** Figures that differ between trials, the objective first, then from the last node back. */
  readonly metrics: readonly string[];
  /** The best first; those without a score at the end. */
  readonly trials: readonly TrialStory[];
  readonly importance: readonly Importance[];
  /** The trials in the order in which they were done. */
  readonly course: readonly Step[];
  readonly stages: readonly StageStory[];
  /** Each distinct result once, in the order of the stages. */
  readonly results: readonly ResultStory[];
  readonly cost: Cost;
  readonly sessions: readonly Session[];
}

export interface TrialStory {
  readonly trial: number;
  readonly params: { readonly [path: string]: Plain };
  readonly state: Trial['state'];
  /** Mean of the objective over seeds, as it was measured. */
  readonly score?: number;
  readonly deviation?: number;
  readonly why?: string;
  /** By `node.metric`, over seeds. */
  readonly metrics: { readonly [path: string]: Figure };
  /** Seconds that its results took, and the part of them that no other trial uses. */
  readonly seconds: number;
  readonly ownSeconds: number;
  /** Stage → how many trials use its results, where others do. */
  readonly shared: { readonly [stage: string]: number };
}

/** A trial that was done: after so many seconds of work, with this score; `best` is the best score until then. */
export interface Step {
  readonly seconds: number;
  readonly trial: number;
  readonly score: number;
  readonly best: number;
}

/** A node of the pipeline over all trials and seeds. `alone`: the seconds if each of its `uses` had made its own. */
export interface StageStory {
  readonly name: string;
  readonly inputs: readonly string[];
  readonly results: number;
  readonly executed: number;
  readonly failed: number;
  readonly uses: number;
  readonly seconds: number;
  readonly alone: number;
}

/** A result, and the trials and seeds that use it. */
export interface ResultStory extends Omit<NodeStory, 'ran'> {
  readonly stage: string;
  readonly uses: readonly { readonly trial: number; readonly seed: number }[];
  /** When it was made, in seconds of the sweep's work. */
  readonly ran?: { readonly from: number; readonly to: number };
}

export interface Cost {
  /** Executions in the runs of this sweep. */
  readonly executed: number;
  readonly results: number;
  /** Results that there would be if nothing were shared. */
  readonly uses: number;
  /** Seconds that the results took, each once; and if nothing were shared. */
  readonly seconds: number;
  readonly alone: number;
  /** Seconds that the runs took, from start to end. */
  readonly work: number;
}

/** One run of the sweep; `from` in seconds of the sweep's work. */
export type Session = Pick<Story, 'run' | 'started' | 'seconds' | 'ended' | 'jobs' | 'threads' | 'device' | 'deviceReason'> & {
  readonly from: number;
};

type Draft = { -readonly [F in keyof ResultStory]: ResultStory[F] } & { uses: { readonly trial: number; readonly seed: number }[] };

/** `stories`: those of the ledger's runs that are still there, the oldest first. */
export function tellSweep(ledger: Pick<Ledger, 'spec' | 'lines'>, stories: readonly Story[]): SweepStory {
  const { spec } = ledger;
  const sessions = sessionsOf(stories);
  const results = resultsOf(stories, sessions);
  const trials = trialsOf(ledger);
  const told = tellTrials(ledger, results);
  const stages = stagesOf(stories, results);
  const sum = (of: (stage: StageStory) => number): number => stages.reduce((total, stage) => total + of(stage), 0);
  return {
    name: spec.name,
    pipeline: spec.pipeline,
    strategy: spec.strategy,
    objective: spec.objective,
    seeds: spec.seeds,
    params: paramsOf(spec, trials),
    metrics: metricsOf(spec, told),
    trials: told,
    importance: importance(spec.space, trials),
    course: courseOf(ledger, told, sessions),
    stages,
    results,
    cost: {
      executed: sum((stage) => stage.executed),
      results: sum((stage) => stage.results),
      uses: sum((stage) => stage.uses),
      seconds: sum((stage) => stage.seconds),
      alone: sum((stage) => stage.alone),
      work: sessions.reduce((total, { seconds }) => total + seconds, 0),
    },
    sessions,
  };
}

/** The runs one after the other, without the pauses between them. */
function sessionsOf(stories: readonly Story[]): Session[] {
  let from = 0;
  return stories.map(({ run, started, seconds, ended, jobs, threads, device, deviceReason }) => {
    const session = { run, started, seconds, ended, jobs, threads, device, ...(deviceReason === undefined ? {} : { deviceReason }), from };
    from += seconds;
    return session;
  });
}

/** What the trials of a run call each node of the pipeline. */
function variantsOf({
  sweep,
  variants,
  nodes,
}: Story): { readonly trial: number; readonly seed: number; readonly names: readonly [string, string][] }[] {
  const own = nodes.map(({ name }) => [name, name] as [string, string]);
  return (sweep?.runs ?? []).map((run, at) => ({ ...run, names: variants ? Object.entries(variants[at] ?? {}) : own }));
}

const hasResult = ({ state }: Pick<NodeStory, 'state'>): boolean => state === 'executed' || state === 'cached';

/** Each key once: as it was made where one of the runs made it, else as it was found. What failed and was made later is made. */
function resultsOf(stories: readonly Story[], sessions: readonly Session[]): ResultStory[] {
  const drafts = new Map<string, Draft>();
  for (const [at, story] of stories.entries()) {
    const { from } = sessions[at]!;
    const nodes = new Map(story.nodes.map((node) => [node.name, node]));
    for (const { trial, seed, names } of variantsOf(story)) {
      for (const [stage, name] of names) {
        const { ran, ...node } = nodes.get(name)!;
        if (!hasResult(node) && node.state !== 'failed') continue;
        const identity = `${stage} ${node.key}`;
        const known = drafts.get(identity);
        const times = ran ? { ran: { from: from + ran.from, to: from + ran.to } } : {};
        const isNews = !known || (known.state !== 'executed' && node.state !== known.state && node.state !== 'failed');
        if (isNews) drafts.set(identity, { ...node, ...times, stage, uses: known?.uses ?? [] });
        const { uses } = drafts.get(identity)!;
        if (!uses.some((use) => use.trial === trial && use.seed === seed)) uses.push({ trial, seed });
      }
    }
  }
  return [...drafts.values()];
}

function stagesOf(stories: readonly Story[], results: readonly ResultStory[]): StageStory[] {
  const inputs = new Map<string, readonly string[]>();
  for (const story of stories) {
    const nodes = new Map(story.nodes.map((node) => [node.name, node]));
    for (const { names } of variantsOf(story).slice(0, 1)) {
      const stageOf = new Map(names.map(([stage, name]) => [name, stage]));
      for (const [stage, name] of names)
        inputs.set(
          stage,
          nodes.get(name)!.inputs.flatMap((input) => stageOf.get(input) ?? []),
        );
    }
  }
  return [...inputs].map(([name, read]) => {
    const own = results.filter(({ stage }) => stage === name);
    const made = own.filter(hasResult);
    const sum = (of: (result: ResultStory) => number): number => made.reduce((total, result) => total + of(result), 0);
    return {
      name,
      inputs: read,
      results: made.length,
      executed: made.filter(({ state }) => state === 'executed').length,
      failed: own.length - made.length,
      uses: sum(({ uses }) => uses.length),
      seconds: sum(({ seconds = 0 }) => seconds),
      alone: sum(({ uses, seconds = 0 }) => seconds * uses.length),
    };
  });
}

function tellTrials(ledger: Pick<Ledger, 'spec' | 'lines'>, results: readonly ResultStory[]): TrialStory[] {
  const byTrial = new Map<number, ResultStory[]>();
  for (const result of results.filter(hasResult))
    for (const trial of new Set(result.uses.map((use) => use.trial))) byTrial.set(trial, [...(byTrial.get(trial) ?? []), result]);
  return bestFirst(statusOf(ledger).trials, ledger.spec.objective.goal).map(({ number, parent: _, metrics: __, ...trial }) => ({
    trial: number,
    ...trial,
    ...usedBy(number, byTrial.get(number) ?? []),
  }));
}

function usedBy(trial: number, results: readonly ResultStory[]): Pick<TrialStory, 'metrics' | 'seconds' | 'ownSeconds' | 'shared'> {
  const values = new Map<string, number[]>();
  const shared: { [stage: string]: number } = {};
  let [seconds, ownSeconds] = [0, 0];
  for (const { stage, uses, summary, seconds: each = 0 } of results) {
    const own = uses.filter((use) => use.trial === trial);
    const users = new Set(uses.map((use) => use.trial)).size;
    seconds += each;
    if (users > 1) shared[stage] = Math.max(shared[stage] ?? 0, users);
    else ownSeconds += each;
    for (const [metric, value] of Object.entries(summary?.metrics ?? {}))
      values.set(`${stage}.${metric}`, [...(values.get(`${stage}.${metric}`) ?? []), ...own.map(() => value)]);
  }
  const figures = [...values].flatMap(([path, each]) => {
    const figure = figureOf(each.filter(Number.isFinite));
    return figure ? [[path, figure] as const] : [];
  });
  return { metrics: Object.fromEntries(figures), seconds, ownSeconds, shared };
}

/** Those of the space, and what ASHA gives out in rungs, which is none. */
const paramsOf = ({ space }: Spec, trials: readonly Trial[]): string[] => [
  ...new Set([...Object.keys(space), ...trials.flatMap(({ params }) => Object.keys(params))]),
];

function metricsOf({ objective }: Spec, trials: readonly TrialStory[]): string[] {
  const first = `${objective.node}.${objective.metric}`;
  const all = [...new Set(trials.flatMap(({ metrics }) => Object.keys(metrics)))].filter((path) => path !== first);
  const differs = (path: string): boolean => new Set(trials.flatMap(({ metrics }) => metrics[path]?.mean ?? [])).size > 1;
  const nodes = [...new Set(all.map((path) => path.slice(0, path.lastIndexOf('.'))))].reverse();
  const sorted = nodes.flatMap((node) => all.filter((path) => path.slice(0, path.lastIndexOf('.')) === node));
  return [first, ...sorted.filter(differs)];
}

/** A trial that was done again, with more seeds, counts when it was done last. */
function courseOf({ spec, lines }: Pick<Ledger, 'spec' | 'lines'>, trials: readonly TrialStory[], sessions: readonly Session[]): Step[] {
  const scored = new Set(trials.flatMap(({ trial, score }) => (score === undefined ? [] : [trial])));
  const ends = new Map(lines.flatMap((line) => (line.event === 'done' && scored.has(line.trial) ? [[line.trial, line] as const] : [])));
  const better = spec.objective.goal === 'max' ? Math.max : Math.min;
  let best: number | undefined;
  return [...ends.values()]
    .sort((a, b) => a.time - b.time)
    .map(({ time, trial, score }: Line & { event: 'done' }) => {
      best = best === undefined ? score : better(best, score);
      return { seconds: workAt(time, sessions), trial, score, best };
    });
}

function workAt(time: number, sessions: readonly Session[]): number {
  const session = sessions.findLast(({ started }) => started <= time);
  return session ? session.from + Math.min(session.seconds, (time - session.started) / 1000) : 0;
}
