// Two to eight processes on one cache, and clocks that are wrong by hours and years.
import { expect, test } from 'vitest';
import { temporaryFolder } from '../rig.ts';
import { crowd, jumpClocks } from './crowd.ts';
import { createVictim } from './victim.ts';

test('of two to eight processes on one cache each node is executed by one, and all end with the right values', async () => {
  const victim = createVictim(temporaryFolder());
  for (const processes of [2, 4, 8]) expect((await crowd(victim, { round: processes, processes })).wrong).toEqual([]);
}, 300_000);

test('clocks that jump while others run and collect make nothing old, nothing young and nothing twice', async () => {
  expect((await jumpClocks(createVictim(temporaryFolder()), { seed: 5, times: 3 })).wrong).toEqual([]);
}, 300_000);
