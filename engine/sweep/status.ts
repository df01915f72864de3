// Where a sweep stands, for programs: every trial with what came of it, and the best so far over time. Scores are as the objective tells them.
import type { Overrides } from '../graph.ts';
import { type Ledger, trialsOf } from './ledger.ts';

export interface TrialStatus {
  readonly number: number;
  readonly params: Overrides;
  readonly state: 'running' | 'done' | 'failed';
  /** Mean of the objective over seeds, and its deviation. */
  readonly score?: number;
  readonly deviation?: number;
  /** Why it failed. */
  readonly why?: string;
  /** All figures of the objective's node, by seed. */
  readonly metrics: { readonly [seed: string]: { readonly [metric: string]: number } };
  /** The trial that it continues with more of the resource. */
  readonly parent?: number;
}

export interface SweepStatus {
  readonly trials: readonly TrialStatus[];
  /** Number of the best trial. */
  readonly best?: number;
  /** Each trial that was the best when it was done; `time` in milliseconds since 1970. */
  readonly course: readonly { readonly time: number; readonly trial: number; readonly score: number }[];
}

/** The best first; those without a score at the end, in their order. */
export function bestFirst<T extends Pick<TrialStatus, 'number' | 'score'>>(trials: readonly T[], goal: 'min' | 'max'): T[] {
  const place = ({ score }: T): number => (score === undefined ? Infinity : goal === 'max' ? -score : score);
  return [...trials].sort((a, b) => (place(a) === place(b) ? a.number - b.number : place(a) - place(b)));
}

export function statusOf(ledger: Pick<Ledger, 'spec' | 'lines'>): SweepStatus {
  const { goal } = ledger.spec.objective;
  const sign = goal === 'max' ? -1 : 1;
  const done = new Map(trialsOf(ledger).map((trial) => [trial.number, trial.state === 'done']));
  const course: { time: number; trial: number; score: number }[] = [];
  const ends = new Map<number, Pick<TrialStatus, 'score' | 'deviation' | 'why'>>();
  const metrics = new Map<number, { [seed: string]: { readonly [metric: string]: number } }>();
  for (const line of ledger.lines) {
    if (line.event === 'measured') metrics.set(line.trial, { ...metrics.get(line.trial), [line.seed]: line.metrics });
    if (line.event === 'failed') ends.set(line.trial, { why: line.why });
    if (line.event !== 'done' || !done.get(line.trial)) continue;
    const { time, trial, score, deviation } = line;
    ends.set(trial, { score, deviation });
    const best = course.at(-1);
    if (!best || sign * score < sign * best.score) course.push({ time, trial, score });
  }
  const trials = trialsOf(ledger).map(({ score: _, ...trial }): TrialStatus => ({
    ...trial,
    ...(trial.state === 'running' ? {} : ends.get(trial.number)),
    metrics: metrics.get(trial.number) ?? {},
  }));
  const best = course.at(-1)?.trial;
  return { trials, ...(best === undefined ? {} : { best }), course };
}
