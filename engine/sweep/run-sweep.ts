// A sweep at work: the strategy names trials, each trial is a variant of one shared graph at each seed, and what comes of it goes into the
// ledger as it comes. A strategy that needs no results gets one run of all its trials; others as many as work at once, again and again.
import type { Event } from '../events.ts';
import { figureOf } from '../figure.ts';
import type { Overrides } from '../graph.ts';
import { withVariants, type Project } from '../project.ts';
import { runProject, type ProjectRun } from '../run-project.ts';
import { asha } from './asha.ts';
import { grid } from './grid.ts';
import { type Ledger, type Line, type Spec, trialsOf } from './ledger.ts';
import { partOf } from './part.ts';
import { randomSearch, sobolSearch } from './random-search.ts';
import type { Strategy, Trial } from './strategy.ts';
import { tpe } from './tpe.ts';

export interface SweepRun extends Omit<ProjectRun, 'targets' | 'forced' | 'keepGoing' | 'sweep'> {
  /** Trials that run at once where the strategy waits for results. */
  readonly atOnce: number;
  /** Told of every line of the ledger. */
  readonly tell: (line: Line) => void;
}

/** Runs to the end of the sweep, or until it is interrupted. A trial that fails is a row, not the end. */
export async function runSweep(project: Project, ledger: Ledger, { atOnce, tell, ...options }: SweepRun): Promise<0 | 130> {
  const { spec } = ledger;
  const strategy = strategyOf(spec);
  const note = (line: Line): void => {
    ledger.append(line);
    tell(line);
  };
  const clock = options.clock ?? Date.now;
  for (;;) {
    const trials = trialsOf(ledger);
    const begun = trials.filter(({ state }) => state === 'running');
    const wanted = spec.strategy === 'tpe' || spec.strategy === 'asha' ? atOnce : Infinity;
    const batch = begun.length > 0 ? begun : propose(strategy, spec, trials, wanted);
    if (batch.length === 0) return 0;
    for (const { number, params, parent } of begun.length > 0 ? [] : batch)
      note({ time: clock(), event: 'started', trial: number, params, ...(parent === undefined ? {} : { parent }) });
    const runs = batch.flatMap((trial) =>
      spec.seeds.map((seed) => ({ trial, seed, overrides: { ...spec.fixed, ...trial.params, seed } as Overrides })),
    );
    const varied = withVariants(project, runs.map(({ overrides }) => overrides)); // prettier-ignore
    const watch = watcher(spec, runs.map(({ trial, seed }, at) => ({ trial, seed, names: varied.variants[at]!.names })), note); // prettier-ignore
    const { exitCode } = await runProject(varied, {
      ...options,
      keepGoing: true,
      sweep: partOf(ledger, runs.map(({ trial, seed }) => ({ trial: trial.number, seed }))), // prettier-ignore
      listener: (event, line) => {
        options.listener(event, line);
        watch(event);
      },
    });
    if (exitCode === 130) return 130;
  }
}

function propose(strategy: Strategy, { trials: limit = Infinity, strategy: name }: Spec, known: readonly Trial[], most: number): Trial[] {
  // ASHA counts the trials of its first rung itself.
  const left = name === 'asha' ? most : Math.min(most, limit - known.length);
  if (left <= 0) return [];
  const asked = Number.isFinite(left) ? left : 1e6;
  return strategy.next(known, asked).map((proposal, at): Trial => ({ ...proposal, number: known.length + at, state: 'running' }));
}

export function strategyOf({ strategy, space, seed, steps, rungs, trials = 0 }: Spec): Strategy {
  if (strategy === 'grid') return grid(space, steps);
  if (strategy === 'random') return randomSearch(space, seed);
  if (strategy === 'sobol') return sobolSearch(space, seed);
  return strategy === 'tpe' ? tpe(space, seed) : asha(space, seed, rungs!, trials);
}

interface Run {
  readonly trial: Trial;
  readonly seed: number;
  readonly names: { readonly [name: string]: string };
}

/** Notes what the events say of the trials: a figure at a seed, the score when all seeds have one, a failure when a node that leads to it failed. */
function watcher({ objective }: Spec, runs: readonly Run[], note: (line: Line) => void): (event: Event) => void {
  const scores = new Map<number, Map<number, number>>();
  const over = new Set<number>();
  const seeds = new Map<number, number>();
  for (const { trial } of runs) seeds.set(trial.number, (seeds.get(trial.number) ?? 0) + 1);
  const byNode = new Map<string, Run[]>();
  for (const run of runs) byNode.set(run.names[objective.node]!, [...(byNode.get(run.names[objective.node]!) ?? []), run]);
  const fail = (time: number, number: number, why: string): void => {
    if (over.has(number)) return;
    over.add(number);
    note({ time, event: 'failed', trial: number, why });
  };
  return (event) => {
    if (event.event === 'run-started') note({ time: event.time, event: 'session', run: event.run, pid: process.pid });
    if (!('node' in event)) return;
    for (const { trial, seed } of byNode.get(event.node) ?? []) {
      const { number } = trial;
      if (over.has(number)) continue;
      if (event.event === 'node-skipped') fail(event.time, number, `${event.because} failed`);
      if (event.event === 'node-failed') fail(event.time, number, event.failure.headline);
      if (event.event !== 'node-finished' && event.event !== 'node-cached') continue;
      const metrics = event.summary?.metrics ?? {};
      const value = metrics[objective.metric];
      note({ time: event.time, event: 'measured', trial: number, seed, metrics });
      if (value === undefined || !Number.isFinite(value)) fail(event.time, number, `${objective.node} has no figure ${objective.metric}`);
      else {
        const own = (scores.get(number) ?? new Map<number, number>()).set(seed, value);
        scores.set(number, own);
        if (own.size < seeds.get(number)!) continue;
        over.add(number);
        const { mean, deviation } = figureOf([...own.values()])!;
        note({ time: event.time, event: 'done', trial: number, score: mean, deviation });
      }
    }
  };
}
