// A sweep as a leaderboard: the best trials first, what they set, how far they vary over seeds, and which params mattered.
import type { Table } from '../events.ts';
import { importance } from '../sweep/importance.ts';
import { trialsOf, type Ledger } from '../sweep/ledger.ts';
import type { Trial } from '../sweep/strategy.ts';
import { count, number, percent } from './format.ts';

export function sweepTable(ledger: Ledger, state = ''): Table {
  const { spec, lines } = ledger;
  const trials = trialsOf(ledger);
  const paths = Object.keys(spec.space);
  const deviations = new Map(lines.flatMap((line) => (line.event === 'done' ? [[line.trial, line.deviation] as const] : [])));
  const why = new Map(lines.flatMap((line) => (line.event === 'failed' ? [[line.trial, line.why] as const] : [])));
  const sign = spec.objective.goal === 'max' ? -1 : 1;
  const order = (trial: Trial): number => trial.score ?? Infinity;
  const rows = [...trials].sort((a, b) => (order(a) === order(b) ? a.number - b.number : order(a) - order(b)));
  const shown = (trial: Trial): string => {
    if (trial.score === undefined) return trial.state === 'failed' ? `failed: ${why.get(trial.number) ?? ''}` : 'not ended';
    const score = number(sign * trial.score);
    return spec.seeds.length > 1 ? `${score} ± ${number(deviations.get(trial.number) ?? 0)}` : score;
  };
  const done = trials.filter(({ state: each }) => each === 'done').length;
  const mattered = done < 4 ? [] : importance(spec.space, trials).map(({ path, share }) => `${path} ${percent(share)}`);
  const about = mattered.length > 0 ? `; of the variance: ${mattered.join(', ')}` : '';
  const { node, metric, goal } = spec.objective;
  return {
    title: `${spec.name}: ${done} of ${count(trials.length, 'trial')} done by ${spec.strategy}${state}, ${goal === 'min' ? 'lowest' : 'highest'} ${node}.${metric} first${about}`,
    columns: ['trial', ...paths, metric],
    rows: rows.map((trial) => [
      trial.number,
      ...paths.map((path) =>
        trial.params[path] === undefined
          ? '–'
          : typeof trial.params[path] === 'string'
            ? trial.params[path]
            : JSON.stringify(trial.params[path]),
      ),
      shown(trial),
    ]),
  };
}
