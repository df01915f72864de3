// The tree-structured Parzen estimator (Bergstra et al., NeurIPS 2011): one density of the params of good trials, l, one of the others, g; of
// some draws from l the one with the largest l/g is tried next. Params are taken as independent. Running trials count among the others, so
// that several at once do not crowd.
import type { Plain } from '../../cache/array.ts';
import type { Overrides } from '../graph.ts';
import { uniform } from './chance.ts';
import { type Domain, type Space, unitOf, valueAt } from './domain.ts';
import { drawn } from './random-search.ts';
import { applicable, type Strategy, type Trial } from './strategy.ts';

/** Trials drawn at random before the first estimate. */
const FIRST = 10;
/** Draws from l for each trial. */
const DRAWS = 24;

export function tpe(space: Space, seed: number): Strategy {
  return {
    next(trials, most) {
      const known: Trial[] = [...trials];
      return Array.from({ length: most }, (_, at) => {
        const number = trials.length + at;
        const params = estimate(space, seed, number, known);
        known.push({ number, params, state: 'running' });
        return { params };
      });
    },
  };
}

function estimate(space: Space, seed: number, number: number, trials: readonly Trial[]): Overrides {
  const done = trials.filter(({ score }) => score !== undefined).sort((a, b) => a.score! - b.score! || a.number - b.number);
  if (done.length < FIRST) return drawn(space, seed, number);
  // A quarter of the square root would be two of sixty-four: a tenth, as Optuna takes, learns faster from few trials.
  const good = done.slice(0, Math.min(25, Math.ceil(done.length / 10)));
  const others = trials.filter((trial) => trial.state !== 'failed' && !good.includes(trial));
  const params = Object.entries(space).map(([path, domain]): [string, Plain] => {
    const [l, g] = [good, others].map((group) => density(domain, valuesOf(group, path))) as [Density, Density];
    const draws = Array.from({ length: DRAWS }, (_, draw) => l.draw((what) => uniform(seed, path, number, draw, what)));
    const ratio = (u: number): number => Math.log(l.at(u)) - Math.log(g.at(u));
    return [
      path,
      valueAt(
        domain,
        draws.reduce((best, u) => (ratio(u) > ratio(best) ? u : best)),
      ),
    ];
  });
  return applicable(space, Object.fromEntries(params));
}

const valuesOf = (trials: readonly Trial[], path: string): Plain[] =>
  trials.flatMap(({ params }) => (params[path] === undefined ? [] : [params[path]]));

/** A density over the unit interval. */
interface Density {
  at(u: number): number;
  draw(chance: (what: string) => number): number;
}

/** Of a list: the share of each value, one of each added. Of a range: normal humps at the values and one over all, cut to the interval. */
function density(domain: Domain, values: readonly Plain[]): Density {
  const units = values.flatMap((value) => unitOf(domain, value) ?? []);
  return domain.of === 'choice' ? shares(domain.values.length, units) : humps(units);
}

function shares(count: number, units: readonly number[]): Density {
  const place = (u: number): number => Math.min(count - 1, Math.floor(u * count));
  const weights = new Array<number>(count).fill(1);
  for (const u of units) weights[place(u)]! += 1;
  const total = weights.reduce((sum, weight) => sum + weight, 0);
  return {
    at: (u) => (weights[place(u)]! / total) * count,
    draw(chance) {
      let left = chance('value') * total;
      const at = weights.findIndex((weight) => (left -= weight) < 0);
      return (Math.max(0, at) + 0.5) / count;
    },
  };
}

const NARROWEST = 0.02;

/** Each hump is as wide as the way to its farther neighbour, so that dense places are known sharply. */
function humps(units: readonly number[]): Density {
  const sorted = [...units].sort((a, b) => a - b);
  const all = [
    { centre: 0.5, width: 1 },
    ...sorted.map((centre, at) => {
      const [before, after] = [sorted[at - 1] ?? 0, sorted[at + 1] ?? 1];
      return { centre, width: Math.min(1, Math.max(NARROWEST, 1 / (1 + sorted.length) / 2, centre - before, after - centre)) };
    }),
  ];
  return {
    at: (u) => all.reduce((sum, { centre, width }) => sum + normal(u, centre, width), 0) / all.length,
    draw(chance) {
      const { centre, width } = all[Math.min(all.length - 1, Math.floor(chance('hump') * all.length))]!;
      const [low, high] = [cumulative((0 - centre) / width), cumulative((1 - centre) / width)];
      return Math.min(1 - Number.EPSILON, Math.max(0, centre + width * quantile(low + chance('place') * (high - low))));
    },
  };
}

/** The normal density cut to [0, 1]. */
function normal(u: number, centre: number, width: number): number {
  const z = (u - centre) / width;
  const mass = cumulative((1 - centre) / width) - cumulative((0 - centre) / width);
  return Math.exp(-z * z / 2) / (width * Math.sqrt(2 * Math.PI) * mass); // prettier-ignore
}

/** Φ, by the error function of Abramowitz and Stegun 7.1.26; error below 2e-7. */
function cumulative(z: number): number {
  const x = Math.abs(z) / Math.SQRT2;
  const t = 1 / (1 + 0.3275911 * x);
  const series = t * (0.254829592 + t * (-0.284496736 + t * (1.421413741 + t * (-1.453152027 + t * 1.061405429))));
  const erf = 1 - series * Math.exp(-x * x);
  return z < 0 ? (1 - erf) / 2 : (1 + erf) / 2;
}

/** Φ⁻¹ by bisection: exact enough, and nothing to get wrong. */
function quantile(p: number): number {
  let [low, high] = [-8, 8];
  for (let step = 0; step < 50; step++) {
    const middle = (low + high) / 2;
    if (cumulative(middle) < p) low = middle;
    else high = middle;
  }
  return (low + high) / 2;
}
