// A sweep as a run tells of it: what it looks for, what is known of every trial, and which trial each variant of the run is.
import type { SweepPart, SweepTrial } from '../events.ts';
import type { Ledger } from './ledger.ts';

export function partOf({ spec, lines }: Pick<Ledger, 'spec' | 'lines'>, runs: SweepPart['runs']): SweepPart {
  const trials = new Map<number, SweepTrial>();
  const underWay = new Set(runs.map(({ trial }) => trial));
  for (const line of lines) {
    if (line.event === 'started') trials.set(line.trial, { trial: line.trial, params: line.params });
    const trial = 'trial' in line && !underWay.has(line.trial) ? trials.get(line.trial) : undefined;
    if (!trial) continue;
    if (line.event === 'done') trials.set(line.trial, { ...trial, score: line.score, deviation: line.deviation });
    if (line.event === 'failed') trials.set(line.trial, { ...trial, failed: line.why });
  }
  return {
    name: spec.name,
    strategy: spec.strategy,
    objective: spec.objective,
    // A grid is there as a whole from its start; how many trials ASHA promotes, nobody knows before.
    ...(spec.strategy === 'asha' ? {} : { limit: Math.max(spec.trials ?? 0, trials.size) }),
    trials: [...trials.values()].sort((a, b) => a.trial - b.trial),
    runs,
  };
}
