// Where two artifacts differ, and by how much.
import { expect, test } from 'vitest';
import { ndarray, type Artifact, type NdArray } from '../../cache/array.ts';
import { differencesBetween } from '../../engine/artifact-difference.ts';
import { seeded } from '../cache/seeded.ts';

const floats = (...values: number[]): NdArray => ndarray('float32', [values.length], Float32Array.from(values));

test('equal artifacts have no difference, NaN and all', () => {
  const artifact = (): Artifact => ({ a: floats(1, NaN, -0, Infinity), b: { c: 'text', d: [1, 2, { e: null }] } });
  expect(differencesBetween(artifact(), artifact())).toEqual([]);
});

test('an array says how many elements differ, the greatest distance, and the greatest one relative to its size', () => {
  const [difference, ...others] = differencesBetween({ w: { k: floats(1, 2, 100, 0) } }, { w: { k: floats(1, 2.5, 110, 0) } });
  expect(others).toEqual([]);
  expect(difference).toMatchObject({ field: 'w.k', elements: { differ: 2, of: 4 }, greatest: 10 });
  expect(difference!.relative).toBeCloseTo(0.2, 10);
});

test('bits count: 0 is not −0, a number is not NaN; neither has a distance', () => {
  expect(differencesBetween({ a: floats(0, 1, 5) }, { a: floats(-0, NaN, 5) })).toEqual([
    { field: 'a', elements: { differ: 2, of: 3 }, greatest: 0, relative: 0 },
  ]);
});

test('another shape, another kind of field, another value, a field too many or too few is said in words', () => {
  const a: Artifact = { shape: floats(1, 2), kind: floats(1), value: 'old', gone: 1, same: 3 };
  const b: Artifact = { shape: floats(1, 2, 3), kind: 1, value: 'new', more: 1, same: 3 };
  expect(differencesBetween(a, b)).toEqual([
    { field: 'gone', text: 'is gone' },
    { field: 'kind', text: 'float32[1] → 1' },
    { field: 'more', text: 'is new' },
    { field: 'shape', text: 'float32[2] → float32[3]' },
    { field: 'value', text: '"old" → "new"' },
  ]);
});

test('random arrays: the figures are those of a plain loop over all pairs', () => {
  const random = seeded(7);
  for (let round = 0; round < 50; round++) {
    const a = Array.from({ length: 20 }, () => Math.fround(random() * 10 - 5));
    const b = a.map((value) => (random() < 0.4 ? Math.fround(value + random() - 0.5) : value));
    const pairs = a.map((value, at) => [value, b[at]!] as const).filter(([x, y]) => x !== y);
    const [difference] = differencesBetween({ a: floats(...a) }, { a: floats(...b) });
    expect(difference?.elements?.differ ?? 0).toBe(pairs.length);
    expect(difference?.greatest ?? 0).toBe(Math.max(0, ...pairs.map(([x, y]) => Math.abs(x - y))));
    expect(difference?.relative ?? 0).toBe(Math.max(0, ...pairs.map(([x, y]) => Math.abs(x - y) / Math.max(Math.abs(x), Math.abs(y)))));
  }
});
