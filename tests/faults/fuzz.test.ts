// A part of the mutants that `npm run bench -- faults` makes by the hundred thousand.
import { expect, test } from 'vitest';
import { temporaryFolder } from '../rig.ts';
import { fuzzCache } from './fuzz.ts';

test('no mutant of a file of the cache crashes what reads it, or passes for something that it is not', async () => {
  const { wrong, mutants } = await fuzzCache(temporaryFolder(), { seed: 2, mutants: 4000 });
  expect(wrong).toEqual([]);
  expect(Object.values(mutants).reduce((sum, count) => sum + count)).toBe(4000);
});
