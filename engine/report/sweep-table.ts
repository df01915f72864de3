// A sweep as a leaderboard: the best trials first, what they set, how far they vary over seeds, and which params mattered.
import type { Table } from '../events.ts';
import { importance } from '../sweep/importance.ts';
import { trialsOf, type Ledger } from '../sweep/ledger.ts';
import { bestFirst, statusOf, type TrialStatus } from '../sweep/status.ts';
import { count, paramValue, percent, spread } from './format.ts';

export function sweepTable(ledger: Ledger, state = ''): Table {
  const { spec } = ledger;
  const { node, metric, goal } = spec.objective;
  const { trials } = statusOf(ledger);
  const paths = Object.keys(spec.space);
  const done = trials.filter((trial) => trial.state === 'done').length;
  const mattered = importance(spec.space, trialsOf(ledger)).map(({ path, share }) => `${path} ${percent(share)}`);
  const about = mattered.length > 0 ? `; of the variance: ${mattered.join(', ')}` : '';
  return {
    title: `${spec.name}: ${done} of ${count(trials.length, 'trial')} done by ${spec.strategy}${state}, ${goal === 'min' ? 'lowest' : 'highest'} ${node}.${metric} first${about}`,
    columns: ['trial', ...paths, metric],
    rows: bestFirst(trials, goal).map((trial) => [
      trial.number,
      ...paths.map((path) => paramValue(trial.params[path])),
      outcomeOf(trial, spec.seeds.length),
    ]),
  };
}

/** The score over so many seeds, or why there is none. */
export function outcomeOf(
  { score, deviation = 0, state, why = '' }: Omit<TrialStatus, 'number' | 'params' | 'metrics'>,
  seeds: number,
): string {
  if (score !== undefined) return spread({ mean: score, deviation, count: seeds });
  return state === 'failed' ? `failed: ${why}` : 'not ended';
}
