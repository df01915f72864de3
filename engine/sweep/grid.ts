// Every combination, in order: the last param varies fastest, so that what comes early in the pipeline is shared the longest.
import type { Overrides } from '../graph.ts';
import { type Space, valuesOf } from './domain.ts';
import { applicable, identityOf, type Strategy } from './strategy.ts';

/** All combinations; a range counts `steps` values. */
export function grid(space: Space, steps = 5): Strategy {
  const all = Object.entries(space).reduce<Overrides[]>(
    (combinations, [path, domain]) => combinations.flatMap((one) => valuesOf(domain, steps).map((value) => ({ ...one, [path]: value }))),
    [{}],
  );
  const distinct = [...new Map(all.map((params) => applicable(space, params)).map((params) => [identityOf(params), params])).values()];
  return {
    next(trials, most) {
      const tried = new Set(trials.map(({ params }) => identityOf(params)));
      const left = distinct.filter((params) => !tried.has(identityOf(params)));
      return left.slice(0, most).map((params) => ({ params }));
    },
  };
}
