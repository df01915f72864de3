// Independent draws (Bergstra and Bengio, 2012), and the points of a Sobol sequence, which leave smaller holes.
import type { Overrides } from '../graph.ts';
import { uniform } from './chance.ts';
import { type Space, valueAt } from './domain.ts';
import { sobol } from './sobol.ts';
import { applicable, type Strategy } from './strategy.ts';

/** The params at a point of the unit cube. */
export function paramsAt(space: Space, point: (dimension: number, path: string) => number): Overrides {
  const params = Object.fromEntries(Object.entries(space).map(([path, domain], at) => [path, valueAt(domain, point(at, path))]));
  return applicable(space, params);
}

/** Trial n of a random search. */
export const drawn = (space: Space, seed: number, number: number): Overrides => paramsAt(space, (_, path) => uniform(seed, path, number));

const numbered = (make: (number: number) => Overrides): Strategy => ({
  next: (trials, most) => Array.from({ length: most }, (_, at) => ({ params: make(trials.length + at) })),
});

export const randomSearch = (space: Space, seed: number): Strategy => numbered((number) => drawn(space, seed, number));

/** Quasi-random: a Sobol sequence, shifted digit by digit by the seed. */
export function sobolSearch(space: Space, seed: number): Strategy {
  const shifts = Object.keys(space).map((path) => Math.floor(uniform(seed, path) * 2 ** 32) >>> 0);
  return numbered((number) => {
    const point = sobol(number, shifts.length);
    return paramsAt(space, (at) => ((point[at]! ^ shifts[at]!) >>> 0) / 2 ** 32);
  });
}
