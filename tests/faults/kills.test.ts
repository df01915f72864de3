// A small batch of the kills that `npm run bench -- faults` does by the thousand.
import { expect, test } from 'vitest';
import { temporaryFolder } from '../rig.ts';
import { killRuns } from './kills.ts';
import { createVictim } from './victim.ts';

test('after kill -9 of engine or worker at any moment nothing is lost, wrong, made twice at once or left behind', async ({ skip }) => {
  if (process.platform !== 'linux') skip('workers are found, and lives told apart, by /proc');
  const reports = await Promise.all([1, 2].map((seed) => killRuns(createVictim(temporaryFolder()), { seed, kills: 20 })));
  for (const { kills, lost, wrong, twice, left } of reports) {
    expect({ lost, wrong, twice, left }).toEqual({ lost: [], wrong: [], twice: [], left: [] });
    expect(Object.values(kills).reduce((sum, count) => sum + count)).toBe(20);
  }
}, 300_000);
