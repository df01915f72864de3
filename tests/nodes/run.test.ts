// A run as a program has it: events one by one, stopped by a signal or by leaving the loop.
import { execFileSync } from 'node:child_process';
import { mkdirSync, symlinkSync } from 'node:fs';
import { join, resolve } from 'node:path';
import { pathToFileURL } from 'node:url';
import { expect, test } from 'vitest';
import { run, type Event, type RunOptions } from '../../nodes/library.ts';
import { DIAMOND_FILES } from '../engine/puppets.ts';
import { testProject } from '../rig.ts';

async function all(file: string | URL, options?: RunOptions): Promise<Event[]> {
  const events: Event[] = [];
  for await (const event of run(file, options)) events.push(event);
  return events;
}

const executed = (events: readonly Event[]): string[] =>
  events.flatMap((event) => (event.event === 'node-finished' ? event.node : [])).sort();

test('the events come in their order, typed, and a second run takes everything from the cache', async () => {
  const { folder } = testProject(DIAMOND_FILES);
  const first = await all(pathToFileURL(join(folder, 'pipeline.ts')));
  expect(first.at(0)?.event).toBe('run-started');
  expect(executed(first)).toEqual(['a', 'b', 'c', 'd']);
  const last = first.at(-1)!;
  expect(last.event === 'run-finished' && last.executed).toBe(4);
  // @ts-expect-error: only a finished run has counts
  expect(first[0]!.executed).toBeUndefined();
  expect(executed(await all(join(folder, 'pipeline.ts')))).toEqual([]);
});

test('options choose targets, params and variants', async () => {
  const { folder } = testProject(DIAMOND_FILES);
  const file = join(folder, 'pipeline.ts');
  expect(executed(await all(file, { targets: ['c'] }))).toEqual(['a', 'c']);
  expect(executed(await all(file, { targets: ['b'], set: [{ 'b.amount': 1 }, { 'b.amount': 2 }] }))).toEqual(['b', 'b[b.amount=2]']);
  expect(executed(await all(file, { targets: ['a'], force: ['a'], jobs: 1 }))).toEqual(['a']);
});

const SLOW = `
import { defineNode, pipeline, z } from 'kith';
import { existsSync } from 'node:fs';
const slow = defineNode({ kind: 'slow', inputs: {}, params: z.object({}), run: async ({ signal, checkpoint, path, log }) => {
  if (await checkpoint.load()) return { resumed: true };
  await checkpoint.save({ begun: true });
  log('begun');
  while (!existsSync(path('never'))) { signal.throwIfAborted(); await new Promise((resolve) => setTimeout(resolve, 5)); }
  return { resumed: false };
} });
export default pipeline({ slow: slow({}) });
`;

test('a signal stops the run, whose events end as always; the next run goes on from the checkpoint', async () => {
  const { folder } = testProject({ 'pipeline.ts': SLOW });
  const stop = new AbortController();
  const events: Event[] = [];
  for await (const event of run(join(folder, 'pipeline.ts'), { signal: stop.signal })) {
    events.push(event);
    if (event.event === 'node-log') stop.abort();
  }
  expect(events.at(-1)).toMatchObject({ event: 'run-finished', interrupted: true });
  const again = await all(join(folder, 'pipeline.ts'));
  expect(again.find(({ event }) => event === 'node-finished')).toMatchObject({ resumed: true });
});

test('who leaves the loop has stopped the run when the loop is left', async () => {
  const project = testProject({ 'pipeline.ts': SLOW });
  for await (const event of run(join(project.folder, 'pipeline.ts'))) if (event.event === 'node-log') break;
  const { runs } = JSON.parse((await project.kith('runs', '--json')).stdout) as { runs: { state: string }[] };
  expect(runs.map(({ state }) => state)).toEqual(['interrupted']);
});

test('a wrong file is thrown, a failed node is an event', async () => {
  const { folder } = testProject({
    ...DIAMOND_FILES,
    'unrelated.ts': `export const unrelated = (): number => { throw new Error('no'); };\n`,
  });
  await expect(all(join(folder, 'none.ts'))).rejects.toMatchObject({ headline: expect.stringContaining('no pipeline file') as string });
  await expect(all({ pipeline: true } as never)).rejects.toMatchObject({ headline: 'run takes the file of a pipeline.' });
  expect((await all(join(folder, 'pipeline.ts'))).at(-1)).toMatchObject({ event: 'run-finished', failed: 1 });
});

test('the example runs as it stands, with the package as it is built', () => {
  const project = testProject({});
  const [examples, packages] = [join(project.folder, 'examples'), join(project.folder, 'examples', 'node_modules')];
  for (const file of ['hello.ts', 'from-code.js']) project.copy(`examples/${file}`, `examples/${file}`);
  mkdirSync(packages);
  symlinkSync(resolve(import.meta.dirname, '..', '..'), join(packages, 'kith'));
  const printed = execFileSync(process.execPath, [join(examples, 'from-code.js')], { encoding: 'utf8' });
  expect(printed).toContain('total: the sum is 2870\n');
  expect(printed).toContain('3 executed, 0 cached\n');
});
