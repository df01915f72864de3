// What a strategy of search is: from the trials so far to the next ones. Pure: the same trials and seed give the same answer, so that a sweep
// can be stopped anywhere and go on.
import type { Plain } from '../../cache/array.ts';
import type { Overrides } from '../graph.ts';
import type { Space } from './domain.ts';

/** One setting of the params that a sweep varies, and what came of it. */
export interface Trial {
  readonly number: number;
  readonly params: Overrides;
  readonly state: 'running' | 'done' | 'failed';
  /** Mean of the objective over seeds; lower is better (a goal to maximise is negated). Present when done. */
  readonly score?: number;
  /** The trial that it continues with more of the resource. */
  readonly parent?: number;
}

export type Proposal = Pick<Trial, 'params'> & { readonly parent?: number };

export interface Strategy {
  /** At most `most` next trials. None means: ask again when a trial has ended; or, if none is running, that there are no more. */
  next(trials: readonly Trial[], most: number): readonly Proposal[];
}

/** Leaves out the params whose condition does not hold, and those that depend on a param that is left out. */
export function applicable(space: Space, params: Overrides): Overrides {
  const applies = (path: string): boolean =>
    path in params && Object.entries(space[path]?.when ?? {}).every(([other, values]) => applies(other) && holds(params[other], values));
  return Object.fromEntries(Object.entries(params).filter(([path]) => applies(path)));
}

/** Whether a value is one of these. */
export const holds = (value: Plain | undefined, values: readonly Plain[]): boolean =>
  values.some((each) => JSON.stringify(each) === JSON.stringify(value));

/** Equal params are one trial, whatever their order. */
export const identityOf = (params: Overrides): string => JSON.stringify(Object.entries(params).sort(([a], [b]) => (a < b ? -1 : 1)));
