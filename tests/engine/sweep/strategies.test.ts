// Strategies of search on functions whose minimum is known, and against their definitions.
import { describe, expect, test } from 'vitest';
import type { Plain } from '../../../cache/array.ts';
import { asha } from '../../../engine/sweep/asha.ts';
import type { Space } from '../../../engine/sweep/domain.ts';
import { grid } from '../../../engine/sweep/grid.ts';
import { randomSearch, sobolSearch } from '../../../engine/sweep/random-search.ts';
import { sobol } from '../../../engine/sweep/sobol.ts';
import { identityOf, type Strategy, type Trial } from '../../../engine/sweep/strategy.ts';
import { tpe } from '../../../engine/sweep/tpe.ts';

const space: Space = {
  'a.rate': { of: 'log', low: 1e-4, high: 1 },
  'a.size': { of: 'int', low: 1, high: 9 },
  'b.kind': { of: 'choice', values: ['x', 'y', 'z'] },
  'b.slope': { of: 'float', low: -1, high: 1, when: { 'b.kind': ['y'] } },
};

type Score = (params: { readonly [path: string]: Plain }) => number;

/** All trials of a search, `at` a time. */
function search(strategy: Strategy, score: Score, count: number, at = 1): Trial[] {
  let trials: Trial[] = [];
  while (trials.length < count) {
    const proposals = strategy.next(trials, Math.min(at, count - trials.length));
    if (proposals.length === 0) break;
    trials = [
      ...trials,
      ...proposals.map((proposal, i): Trial => ({ number: trials.length + i, ...proposal, state: 'done', score: score(proposal.params) })),
    ];
  }
  return trials;
}

const bowl: Score = (params) =>
  Math.log10((params['a.rate'] as number) / 1e-2) ** 2 + ((params['a.size'] as number) - 4) ** 2 / 9 + (params['b.kind'] === 'y' ? 0 : 0.5);
const best = (trials: readonly Trial[]): number => Math.min(...trials.map(({ score }) => score!));

test('a grid holds every combination once, and a param only where it matters', () => {
  const trials = search(grid(space, 3), () => 0, 1000);
  expect(trials).toHaveLength(3 * 3 * (1 + 3 + 1));
  expect(new Set(trials.map(({ params }) => identityOf(params))).size).toBe(trials.length);
  expect(trials[0]!.params).toEqual({ 'a.rate': 1e-4, 'a.size': 1, 'b.kind': 'x' });
  expect(trials.filter(({ params }) => 'b.slope' in params).every(({ params }) => params['b.kind'] === 'y')).toBe(true);
});

describe.each([
  ['random', randomSearch],
  ['sobol', sobolSearch],
  ['tpe', tpe],
] as const)('%s', (_, make) => {
  test('a search that was stopped goes on as if it had not been', () => {
    const whole = search(make(space, 7), bowl, 30);
    const half = whole.slice(0, 13);
    expect(make(space, 7).next(half, 1)[0]!.params).toEqual(whole[13]!.params);
    expect(search(make(space, 8), bowl, 30)).not.toEqual(whole);
  });

  test('values stay in their ranges', () => {
    for (const { params } of search(make(space, 1), bowl, 60)) {
      expect(params['a.rate']).toBeGreaterThanOrEqual(1e-4);
      expect(params['a.rate']).toBeLessThanOrEqual(1);
      expect(Number.isInteger(params['a.size'])).toBe(true);
      expect('b.slope' in params).toBe(params['b.kind'] === 'y');
    }
  });
});

test('a log range is uniform in its logarithm', () => {
  const rates = search(randomSearch(space, 3), () => 0, 400).map(({ params }) => params['a.rate'] as number);
  for (const [low, high] of [
    [1e-4, 1e-3],
    [1e-3, 1e-2],
    [1e-2, 1e-1],
    [1e-1, 1],
  ] as const) {
    // prettier-ignore
    const share = rates.filter((rate) => rate >= low && rate < high).length / rates.length;
    expect(Math.abs(share - 0.25)).toBeLessThan(0.07);
  }
});

test('the Sobol sequence is that of Joe and Kuo in 21 dimensions', () => {
  // Points 1, 7 and 63 of scipy.stats.qmc.Sobol(21, scramble=False, bits=32), in 32-bit whole numbers.
  expect(sobol(1, 21)).toEqual(new Array(21).fill(2147483648));
  expect(sobol(7, 21)).toEqual(
    [536870912, 2684354560, 1610612736, 536870912, 536870912, 1610612736, 2684354560, 2684354560, 2684354560, 3758096384, 2684354560, 536870912, 2684354560, 1610612736, 536870912, 536870912, 536870912, 536870912, 2684354560, 3758096384, 3758096384], // prettier-ignore
  );
  expect(sobol(63, 21)).toEqual(
    [67108864, 3422552064, 1543503872, 1946157056, 3690987520, 603979776, 2483027968, 603979776, 3556769792, 2483027968, 1811939328, 2885681152, 2348810240, 3288334336, 1409286144, 3288334336, 335544320, 1677721600, 4093640704, 1006632960, 1006632960], // prettier-ignore
  );
  expect(() => sobol(0, 22)).toThrow('A Sobol sequence of 22 dimensions is not available.');
});

test('TPE finds a better minimum than random search, on average over seeds', () => {
  const seeds = Array.from({ length: 8 }, (_, seed) => seed);
  const mean = (make: (space: Space, seed: number) => Strategy): number =>
    seeds.reduce((sum, seed) => sum + best(search(make(space, seed), bowl, 60, 2)), 0) / seeds.length;
  expect(mean(tpe)).toBeLessThan(0.7 * mean(randomSearch));
});

test('ASHA promotes the best third of each rung, and no trial twice', () => {
  const rungs = { resource: 'a.size', least: 1, most: 9, factor: 3 };
  const score: Score = (params) => -Math.log10(params['a.rate'] as number) + 1 / (params['a.size'] as number);
  const trials = search(asha(space, 5, rungs, 27), score, 1000, 2);
  const at = (size: number): Trial[] => trials.filter(({ params }) => params['a.size'] === size);
  expect(at(1)).toHaveLength(27);
  // What was promoted early, among few, may not be among the best third at the end: asynchronous halving promotes a little more.
  for (const [size, least] of [[3, 9], [9, 3]] as const) expect(Math.abs(at(size).length - least - 1.5)).toBeLessThanOrEqual(1.5 + least / 3); // prettier-ignore
  const parents = trials.flatMap(({ parent }) => parent ?? []);
  expect(new Set(parents).size).toBe(parents.length);
  for (const { params, parent } of at(9)) expect({ ...trials[parent!]!.params, 'a.size': 9 }).toEqual(params);
  // The best of all was promoted to the top, whenever it came.
  const first = [...at(1)].sort((a, b) => a.score! - b.score!)[0]!;
  expect(at(9).some(({ params }) => params['a.rate'] === first.params['a.rate'])).toBe(true);
});
