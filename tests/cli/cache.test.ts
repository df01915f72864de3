// What a user types to look after the cache: gc, verify, cache stats, runs, replay.
import { appendFileSync, existsSync, readdirSync, readFileSync, rmSync, statSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { expect, test } from 'vitest';
import { DIAMOND_FILES, FILLER } from '../engine/puppets.ts';
import { executed, testProject, type TestProject } from '../rig.ts';

const filesIn = ({ folder }: TestProject): string[] =>
  readdirSync(join(folder, '.kith'), { recursive: true, encoding: 'utf8' })
    .filter((name) => statSync(join(folder, '.kith', name)).isFile())
    .sort();

interface GcAnswer {
  readonly bytesBefore: number;
  readonly bytesAfter: number;
  readonly removals: readonly { readonly what: string; readonly node?: string; readonly bytes: number }[];
}

test('gc --dry-run says what would go and why, and changes nothing; gc does it, and the next run hits', async () => {
  const project = testProject({ 'pipeline.ts': FILLER });
  for (const value of [2, 3, 1]) await project.events('--set', `x.value=${value}`);
  const before = filesIn(project);
  const dry = await project.kith('gc', '--dry-run', '--max-size', '300kB');
  expect(dry.code).toBe(0);
  expect(dry.stdout).toMatch(/what goes\s+size\s+made\s+to make again\s+why/);
  expect(dry.stdout).toMatch(/x\s+20\d kB\s.*over the cap, .* s of work per MB/);
  expect(dry.stdout).toMatch(/total\s+40\d kB\s+\d/);
  expect(dry.stdout).toMatch(/Would free 40\d kB of 6\d\d kB/);
  expect(dry.stdout).toContain('Nothing was changed');
  expect(filesIn(project)).toEqual(before);
  const wet = JSON.parse((await project.kith('gc', '--max-size', '300kB', '--json')).stdout) as GcAnswer;
  expect(wet.bytesAfter).toBeLessThanOrEqual(300_000);
  expect(wet.removals.filter(({ node }) => node === 'x')).toHaveLength(2);
  expect(executed(await project.events('--set', 'x.value=1'))).toEqual([]);
  expect(executed(await project.events('--set', 'x.value=2'))).toContain('x');
});

test('what the latest run of any pipeline used stays, unless --all is said; then it is made again', async () => {
  const project = testProject({ 'pipeline.ts': FILLER, 'other.ts': FILLER.replace('.default(1)', '.default(9)') });
  await project.events();
  await project.events('other.ts');
  const { stdout } = await project.kith('gc', '--max-size', '0MB');
  expect(stdout).toContain('over the cap still');
  expect(executed(await project.events())).toEqual([]);
  expect(executed(await project.events('other.ts'))).toEqual([]);
  const all = JSON.parse((await project.kith('gc', '--max-size', '0MB', '--all', '--json')).stdout) as GcAnswer;
  expect(all.removals.filter(({ what }) => what === 'result')).toHaveLength(4);
  expect(executed(await project.events())).toEqual(['x', 'y']);
});

test('variants stay while the newest run is theirs, and are let go after another run', async () => {
  const project = testProject({ 'pipeline.ts': FILLER });
  await project.events();
  const freed = async (): Promise<number> => {
    const { stdout } = await project.kith('gc', '--dry-run', '--max-size', '0', '--json');
    return (JSON.parse(stdout) as GcAnswer).removals.filter(({ what }) => what === 'result').length;
  };
  await project.events('--set', 'x.value=2,3');
  expect(await freed()).toBe(2); // What the first run made: x and y of the value 1.
  await project.events('y');
  expect(await freed()).toBe(4); // What the variants made.
});

test('gc leaves alone what a run under way has made or found, even with --all', async () => {
  const project = testProject({
    'pipeline.ts': FILLER.replace(
      'run: async ({ inputs }) => (',
      `run: async ({ inputs, log }) => { log('waiting'); while (!existsSync('go')) await new Promise((done) => setImmediate(done)); return (`,
    )
      .replace('data[0]! }) })', 'data[0]! }) } })')
      .replace('import {', "import { existsSync } from 'node:fs';\nimport {"),
  });
  const run = project.start('run', '--json');
  let printed = '';
  run.stdout!.on('data', (chunk: Buffer) => (printed += chunk.toString()));
  const ended = new Promise((done) => run.once('close', done));
  while (!printed.includes('"line":"waiting"')) await new Promise((done) => run.stdout!.once('data', done));
  const { bytesAfter } = JSON.parse((await project.kith('gc', '--all', '--max-size', '0', '--json')).stdout) as GcAnswer;
  project.write('go', '');
  await ended;
  expect(bytesAfter).toBeGreaterThan(200_000);
  expect(JSON.parse(printed.trim().split('\n').at(-1)!)).toMatchObject({ executed: 2, failed: 0 });
  expect(executed(await project.events())).toEqual([]);
});

test('gc knows only sizes, and nothing to free is said', async () => {
  const project = testProject({ 'pipeline.ts': FILLER });
  for (const size of ['much', '5XB', '-1GB', 'iB', '']) {
    const { stderr, code } = await project.kith('gc', '--max-size', size);
    expect(code, size).toBe(2);
    expect(stderr, size).toMatch(/is not a size[\s\S]*5GB/);
  }
  expect((await project.kith('gc')).stdout).toMatch(/Nothing to free: 0 B stay, the cap is 10 GB/);
});

test('verify passes a sound cache, and finds a flipped bit with exit code 1; the next run mends it', async () => {
  const project = testProject({ 'pipeline.ts': FILLER });
  await project.events();
  const sound = await project.kith('verify');
  expect(sound).toMatchObject({ code: 0, stdout: expect.stringContaining('all of them are sound') });
  const blob = filesIn(project).find((name) => name.startsWith('cas') && statSync(join(project.folder, '.kith', name)).size === 200_000)!;
  const path = join(project.folder, '.kith', blob);
  const bytes = readFileSync(path);
  bytes[77]! ^= 4;
  writeFileSync(path, bytes);
  const damaged = await project.kith('verify', '--json');
  expect(damaged.code).toBe(1);
  expect(JSON.parse(damaged.stdout)).toMatchObject({ damaged: [{ what: 'blob', nodes: ['x'] }], incomplete: [{ node: 'x' }] });
  expect((await project.kith('verify')).code).toBe(0);
  await project.events('--set', 'x.value=1', '--force', 'x');
  expect(JSON.parse((await project.kith('verify', '--json')).stdout)).toMatchObject({ damaged: [], incomplete: [] });
});

test('cache stats counts results by node, blobs, runs, and what sharing saved', async () => {
  const project = testProject({ 'pipeline.ts': FILLER });
  await project.events();
  await project.events('--set', 'x.value=2');
  const stats: unknown = JSON.parse((await project.kith('cache', 'stats', '--json')).stdout);
  expect(stats).toMatchObject({
    records: { count: 4 },
    blobs: { count: 6 },
    runs: { count: 2 },
    checkpoints: { count: 0 },
    sharedBytes: 0,
    nodes: [
      { node: 'x', kind: 'fill', results: 2 },
      { node: 'y', kind: 'mean', results: 2 },
    ],
  });
  expect((await project.kith('cache', 'stats')).stdout).toMatch(/x\s+fill\s+2\s+40\d kB/);
});

test('runs lists past runs, the newest first; one that was cut off is no run that finished', async () => {
  const project = testProject({
    ...DIAMOND_FILES,
    'broken.ts': DIAMOND_FILES['pipeline.ts'].replace('unrelated(inputs.x.value)', 'missing()'),
  });
  expect((await project.kith('runs')).stdout).toContain('no run yet');
  await project.events();
  await project.events();
  await project.events('broken.ts');
  const { runs } = JSON.parse((await project.kith('runs', '--json')).stdout) as { runs: { run: string }[] };
  expect(runs).toMatchObject([
    { pipeline: 'broken.ts', state: 'failed', failed: 1 },
    { pipeline: 'pipeline.ts', state: 'finished', executed: 0, cached: 4 },
    { pipeline: 'pipeline.ts', state: 'finished', executed: 4, cached: 0 },
  ]);
  const journal = join(project.folder, '.kith', 'runs', runs[2]!.run, 'events.jsonl');
  const lines = readFileSync(journal, 'utf8').trim().split('\n');
  writeFileSync(journal, lines.slice(0, -1).join('\n') + '\n{"time":17,"eve');
  const again = JSON.parse((await project.kith('runs', '--json')).stdout) as { runs: { run: string }[] };
  expect(again.runs[2]).toMatchObject({ state: 'killed', executed: 4 });
  expect((await project.kith('runs')).stdout).toMatch(/broken\.ts\s+failed/);
});

test('replay shows a past run as it was, ignores a torn last line, and --json prints the events', async () => {
  const project = testProject(DIAMOND_FILES);
  const live = await project.kith('run');
  const events = await project.events('--set', 'b.amount=5');
  const { runs } = JSON.parse((await project.kith('runs', '--json')).stdout) as { runs: { run: string }[] };
  expect((await project.kith('replay', runs[1]!.run)).stdout).toBe(live.stdout);
  const replayed = (await project.kith('replay', '--json')).stdout;
  expect(
    replayed
      .trim()
      .split('\n')
      .map((line) => JSON.parse(line) as unknown),
  ).toEqual(events);
  appendFileSync(join(project.folder, '.kith', 'runs', runs[0]!.run, 'events.jsonl'), '{"time":1,"event":"node-st');
  expect((await project.kith('replay', runs[0]!.run, '--json')).stdout).toBe(replayed);
  expect(await project.kith('replay', 'nowhere')).toMatchObject({ code: 2, stderr: expect.stringContaining('There is no run nowhere') });
  expect((await project.kith('replay', '2')).stderr).toContain('2 runs begin with 2');
});

test('log, runs, gc, verify and replay need no cache', async () => {
  const project = testProject(DIAMOND_FILES);
  rmSync(join(project.folder, '.kith'), { recursive: true, force: true });
  expect((await project.kith('log', 'b')).stderr).toContain('has not run yet');
  expect((await project.kith('replay')).code).toBe(2);
  expect((await project.kith('verify')).code).toBe(0);
  expect((await project.kith('cache', 'stats')).code).toBe(0);
  expect(existsSync(join(project.folder, '.kith', 'cas'))).toBe(false);
});
