// Derivatives: each operation's against differences and, on every executor that is here, against the JS backend's.
import { expect, test } from 'vitest';
import { ndarray, type NdArray } from '../../../cache/array.ts';
import { type Case, derivativeOf, stepOf, weighed } from './cases/case.ts';
import { DERIVATIVES } from './cases/derivatives.ts';
import { EXECUTORS } from './executors.ts';
import { compiled, eagerly, exactly, farthest, numbers } from './parity.ts';

/** Norm-wise: forward and backward of one operation, in float32. */
const TOLERANCE = 1e-5;
/** Of central differences in float64, and how near they come: tfjs' erf is a formula good to 1.5e-7. */
const STEP = 1e-5;
const DIFFERENCE = 1e-6;

for (const it of DERIVATIVES) {
  test(`the derivative of ${it.name} is that of differences, on every executor`, async () => {
    expect(await awayFromDifferences(it)).toBeLessThan(DIFFERENCE);
    const step = stepOf(derivativeOf(it));
    const expected = await eagerly(step, {}, it.feeds);
    for (const { name, executor } of EXECUTORS) {
      const { results } = await compiled(step, {}, it.feeds, executor);
      expect(farthest(results, expected.results), name).toBeLessThan(TOLERANCE);
    }
  });
}

/** How far the derivative along a line through all fractions together is from (f(x + hd) − f(x − hd))/2h, as a share of its terms. */
async function awayFromDifferences(it: Case): Promise<number> {
  const moving = Object.keys(it.feeds).filter((name) => it.feeds[name]!.dtype === 'float32');
  const direction = moving.map((name, i) => numbers(90 + i, it.feeds[name]!.shape));
  const { results } = await exactly(stepOf(derivativeOf(it)), {}, it.feeds);
  const terms = direction.flatMap(({ data }, i) => Array.from(data, (d, k) => d * results[`out${i}`]!.data[k]!));
  const analytic = terms.reduce((sum, term) => sum + term, 0);
  const at = async (h: number): Promise<number> => {
    const moved = moving.map((name, i) => [name, along(it.feeds[name]!, direction[i]!, h)] as const);
    return (
      await exactly(
        stepOf((x) => weighed(it.body(x))),
        {},
        { ...it.feeds, ...Object.fromEntries(moved) },
      )
    ).results['out0']!.data[0]!;
  };
  const numeric = ((await at(STEP)) - (await at(-STEP))) / (2 * STEP);
  return (
    Math.abs(analytic - numeric) /
    Math.max(
      1e-3,
      terms.reduce((sum, term) => sum + Math.abs(term), 0),
    )
  );
}

const along = ({ shape, data }: NdArray, direction: NdArray, h: number): NdArray =>
  ndarray(
    'float64',
    shape,
    Float64Array.from(data, (x, k) => x + h * direction.data[k]!),
  );
