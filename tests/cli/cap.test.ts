// A cache has a cap that holds by itself, and pins that hold against it; as a user types it.
import { readdirSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { expect, test } from 'vitest';
import { takeInventory } from '../../cache/inventory.ts';
import { FILLER } from '../engine/puppets.ts';
import { testProject, typed, type TestEvent, type TestProject } from '../rig.ts';

/** A project whose cache may hold two of its large arrays. */
const capped = (cacheSize = '500kB'): TestProject =>
  testProject({ 'pipeline.ts': FILLER, 'package.json': JSON.stringify({ type: 'module', kith: { cacheSize } }) });

const run = async (project: TestProject, value: number): Promise<TestEvent[]> => {
  const { stdout, stderr } = await typed(project, 'run', '--json', '--set', `x.value=${value}`);
  if (!stdout) throw new Error(stderr);
  return stdout
    .trim()
    .split('\n')
    .map((line) => JSON.parse(line) as TestEvent);
};

const warnings = (events: readonly TestEvent[]): string[] =>
  events.filter(({ event }) => event === 'warning').map(({ text }) => text as string);
const started = (events: readonly TestEvent[]): unknown[] => events.filter(({ event }) => event === 'node-started').map(({ node }) => node);
const large = ({ folder }: TestProject): number =>
  [...takeInventory(join(folder, '.kith')).blobs.values()].filter(({ bytes }) => bytes === 200_000).length;

test('a run that takes the cache over its cap lets go what is cheapest to make again, says so, and keeps what it used', async () => {
  const project = capped();
  for (const value of [1, 2]) expect(warnings(await run(project, value))).toEqual([]);
  const [warning = '', ...others] = warnings(await run(project, 3));
  expect(others).toEqual([]);
  expect(warning).toMatch(/^The cache was over its cap of 500 kB: \d+ kB went, \d results? among it/);
  expect(large(project)).toBeLessThan(3);
  expect(started(await run(project, 3))).toEqual([]);
  for (let value = 4; value < 7; value++) await run(project, value);
  const { blobs, records } = takeInventory(join(project.folder, '.kith'));
  expect([...blobs.values(), ...records.values()].reduce((sum, { bytes = 0 }) => sum + bytes, 0)).toBeLessThan(1_000_000);
  expect(large(project)).toBeLessThanOrEqual(2);
});

test('where everything is in use or pinned the cap gives way, and the run says what to do', async () => {
  const project = capped('100kB');
  expect(warnings(await run(project, 1))).toMatchObject([/still is.*kith\.cacheSize.*gc --dry-run/]);
  expect(started(await run(project, 1))).toEqual([]);
});

test('what is pinned stays, is listed by pin and by gc, and goes once it is let go', async () => {
  const project = capped('none');
  expect((await typed(project, 'pin')).stdout).toContain('Nothing is pinned');
  await run(project, 1);
  const pinned = await typed(project, 'pin', 'x', '--set', 'x.value=1');
  expect(pinned.stdout).toMatch(/^Pinned x@[0-9a-f]{8}: 1 result, 20\d kB stay until kith unpin x@/);
  await run(project, 2);
  const [second] = readdirSync(join(project.folder, '.kith', 'runs'))
    .sort()
    .reverse();
  expect((await typed(project, 'pin', second!.slice(0, -1))).stdout).toMatch(/^Pinned \S+: 2 results, 20\d kB/);
  await run(project, 3);
  expect((await typed(project, 'pin')).stdout).toMatch(/pin\s+keeps\s+since\nx@[0-9a-f]{8}\s+1 result.*\n\d{8}-\S+\s+2 results/);
  const gc = await typed(project, 'gc', '--max-size', '0', '--all');
  expect(gc.stdout).toMatch(/40\d kB of that is pinned, until kith unpin: x@[0-9a-f]{8}, \d{8}-/);
  expect(large(project)).toBe(2);
  expect(started(await run(project, 2))).toEqual([]);
  expect(started(await run(project, 1))).toEqual(['y']);
  for (const pin of ['x', second!]) expect((await typed(project, 'unpin', pin)).stdout).toMatch(/^Unpinned /);
  await typed(project, 'gc', '--max-size', '0', '--all');
  expect(large(project)).toBe(0);
});

test('a damaged pin stops every result from going, and says how to go on', async () => {
  const project = capped('none');
  await run(project, 1);
  await typed(project, 'pin', 'x', '--set', 'x.value=1');
  const pins = join(project.folder, '.kith', 'pins');
  writeFileSync(join(pins, readdirSync(pins)[0]!), 'nonsense');
  const gc = await typed(project, 'gc', '--max-size', '0', '--all');
  expect(gc.stdout).toContain('A pin is damaged, so no result goes');
  expect(large(project)).toBe(1);
  expect((await typed(project, 'pin')).stderr).toContain('A pin is damaged');
});

test('what cannot be pinned or let go is refused with a sentence', async () => {
  const project = capped('none');
  expect(await typed(project, 'pin', 'x')).toMatchObject({ code: 2, stderr: expect.stringContaining('"x" has no result to keep') });
  expect(await typed(project, 'pin', 'z')).toMatchObject({ code: 2, stderr: expect.stringContaining('no node "z"') });
  expect(await typed(project, 'pin', '20200101-000000000-1')).toMatchObject({
    code: 2,
    stderr: expect.stringContaining('There is no run 20200101'),
  });
  expect(await typed(project, 'unpin', 'x')).toMatchObject({ code: 2, stderr: expect.stringContaining('Nothing is pinned as x') });
});
