// Every kind of file that a cache holds is damaged, and the next run mends what it needs. `npm run bench -- faults` does more of it.
import { expect, test } from 'vitest';
import { temporaryFolder } from '../rig.ts';
import { damageFiles } from './damage.ts';
import { createVictim } from './victim.ts';

test('a damaged file of any kind is a miss or a lost hint: no wrong value, no crash, no help needed', async () => {
  const { wrong, damaged } = await damageFiles(createVictim(temporaryFolder()), { seed: 3, times: 1 });
  expect(wrong).toEqual([]);
  expect(Object.keys(damaged)).toEqual(expect.arrayContaining(['ac/*', 'cas/*', 'format', 'history/*', 'runs/*/events.jsonl']));
}, 300_000);
