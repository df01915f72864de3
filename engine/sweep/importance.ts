// How much each param of a sweep mattered: the share of the score's variance that lies between groups of its values (the correlation ratio η²,
// Pearson, 1905). Each param alone; what two do together is not seen.
import type { Plain } from '../../cache/array.ts';
import type { Space } from './domain.ts';
import type { Trial } from './strategy.ts';

/** Ranges are cut into so many groups of as many trials each. */
const GROUPS = 4;

export interface Importance {
  readonly path: string;
  /** 0 … 1 */
  readonly share: number;
}

/** Fewer trials tell nothing. */
const LEAST = 4;

/** The params from the most important down; nothing where too few trials are done. */
export function importance(space: Space, trials: readonly Trial[]): Importance[] {
  const done = trials.filter(({ score }) => score !== undefined);
  if (done.length < LEAST) return [];
  return Object.keys(space)
    .map((path) => ({ path, share: ratio(groups(done, path, space[path]!.of === 'choice')) }))
    .sort((a, b) => b.share - a.share || (a.path < b.path ? -1 : 1));
}

/** Scores by value of the param, or by quantile; trials to which it does not apply are a group of their own. */
function groups(trials: readonly Trial[], path: string, isChoice: boolean): number[][] {
  const value = ({ params }: Trial): Plain | undefined => params[path];
  const distinct = new Set(trials.map((trial) => JSON.stringify(value(trial))));
  const named = isChoice || distinct.size <= GROUPS;
  const numbers = trials.map(value).filter((each) => typeof each === 'number').sort((a, b) => a - b); // prettier-ignore
  const place = (trial: Trial): string => {
    const own = value(trial);
    if (named || typeof own !== 'number') return String(JSON.stringify(own));
    return String(Math.floor((numbers.indexOf(own) / numbers.length) * GROUPS));
  };
  const found = new Map<string, number[]>();
  for (const trial of trials) found.set(place(trial), [...(found.get(place(trial)) ?? []), trial.score!]);
  return [...found.values()];
}

function ratio(groups: readonly (readonly number[])[]): number {
  const all = groups.flat();
  const centre = mean(all);
  const total = all.reduce((sum, score) => sum + (score - centre) ** 2, 0);
  const between = groups.reduce((sum, group) => sum + group.length * (mean(group) - centre) ** 2, 0);
  return total > 0 ? between / total : 0;
}

const mean = (values: readonly number[]): number =>
  values.length === 0 ? 0 : values.reduce((sum, value) => sum + value, 0) / values.length;
