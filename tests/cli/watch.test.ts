// kith watch with real files that are really saved: what runs, what goes on, what is ended. Waits for events, never for time.
import type { ChildProcess } from 'node:child_process';
import { once } from 'node:events';
import { existsSync, renameSync } from 'node:fs';
import { join } from 'node:path';
import { onTestFinished, expect, test } from 'vitest';
import { DIAMOND_FILES } from '../engine/puppets.ts';
import { executed, testProject, type TestEvent, type TestProject } from '../rig.ts';

interface Watching {
  readonly child: ChildProcess;
  /** The events from the last call of this on, to the first that fits. */
  until(fits: (event: TestEvent) => boolean): Promise<TestEvent[]>;
  /** Ctrl-C; the exit code. */
  stop(): Promise<number | null>;
}

/** Starts `kith watch --json` and reads its events. */
function watching(project: TestProject, ...words: string[]): Watching {
  const child = project.start('watch', ...words, '--json');
  onTestFinished(() => void child.kill('SIGKILL'));
  const events: TestEvent[] = [];
  let rest = '';
  let taken = 0;
  let look = (): void => {};
  child.stdout!.setEncoding('utf8').on('data', (text: string) => {
    const lines = (rest + text).split('\n');
    rest = lines.pop()!;
    events.push(...lines.map((line) => JSON.parse(line) as TestEvent));
    look();
  });
  return {
    child,
    until: (fits) =>
      new Promise((resolve) => {
        look = () => {
          const at = events.findIndex((event, index) => index >= taken && fits(event));
          if (at < 0) return;
          look = () => {};
          resolve(events.slice(taken, (taken = at + 1)));
        };
        look();
      }),
    async stop() {
      const over = once(child, 'exit') as Promise<[number | null]>;
      process.kill(-child.pid!, 'SIGINT');
      return (await over)[0];
    },
  };
}

const isOver = ({ event }: TestEvent): boolean => event === 'run-finished';
const starts =
  (name: string) =>
  ({ event, node }: TestEvent): boolean =>
    event === 'node-started' && node === name;

test('a saved helper runs what reads it, a comment runs nothing, a mistake is told and mended, and Ctrl-C is the end', async () => {
  const project = testProject(DIAMOND_FILES);
  const { child, until, stop } = watching(project);
  expect(executed(await until(isOver))).toHaveLength(4);

  project.write('unrelated.ts', `// Odd or even.\n${DIAMOND_FILES['unrelated.ts']}`);
  project.write('helper.new', 'export const add = (left: number, right: number): number => left + right + 1;\n');
  // As editors save: another file takes its place.
  renameSync(join(project.folder, 'helper.new'), join(project.folder, 'helper.ts'));
  expect(executed(await until(isOver))).toEqual(['b', 'd']);

  const told = once(child.stderr!.setEncoding('utf8'), 'data') as Promise<[string]>;
  project.write('helper.ts', 'export const add = (left: number, right: number): number => left + ;\n');
  expect((await told)[0]).toContain('helper.ts has a syntax error');
  project.write('helper.ts', 'export const add = (left: number, right: number): number => left + right + 2;\n');
  expect(executed(await until(isOver))).toEqual(['b', 'd']);
  expect(await stop()).toBe(0);
});

/** Two nodes that run until files are there, and one that reads the second. */
const SLOW = `
import { defineNode, input, pipeline, z } from 'kith';
import { existsSync, renameSync } from 'node:fs';
import { wait } from './wait.ts';
const steady = defineNode({ kind: 'steady', inputs: {}, params: z.object({}), run: async ({ path, signal }) => wait(() => existsSync(path('go')), signal) });
const edited = defineNode({ kind: 'edited', inputs: {}, params: z.object({}), run: async ({ path }) => wait(() => existsSync(path('never')), undefined, 1) });
const after = defineNode({ kind: 'after', inputs: { x: input<{ value: number }>() }, params: z.object({}), run: async ({ inputs }) => ({ value: inputs.x.value + 1 }) });
const slow = edited({});
export default pipeline({ steady: steady({}), slow, after: after({ x: slow }) });
`;
const WAIT = `
export async function wait(over: () => boolean, signal?: AbortSignal, value = 0) {
  while (!over()) { signal?.throwIfAborted(); await new Promise((resolve) => setTimeout(resolve, 5)); }
  return { value };
}
`;

test('a change ends the node that it puts out of date at once, and lets go on what it does not touch', async () => {
  const project = testProject({ 'pipeline.ts': SLOW, 'wait.ts': WAIT });
  const { until, stop } = watching(project, '--jobs', '2');
  const begun = new Set<string>();
  await until((event) => event.event === 'node-started' && begun.add(event.node!).size === 2);

  // The node that waits for ever never looks at its signal: it is ended all the same.
  project.write('pipeline.ts', SLOW.replace("path('never')), undefined, 1", "path('go')), undefined, 2"));
  await until(({ event, node }) => event === 'node-interrupted' && node === 'slow');
  project.write('go', '');
  const first = await until(isOver);
  expect(executed(first)).toEqual(['steady']);
  expect(first.at(-1)).toMatchObject({ interrupted: true });
  const second = await until(isOver);
  expect(executed(second)).toEqual(['slow', 'after']);
  expect(second.at(-1)).toMatchObject({ cached: 1, executed: 2, interrupted: false });
  expect(await stop()).toBe(0);
});

test('declared files count, also those that are missing at first, and Ctrl-C while something runs is 130', async () => {
  const project = testProject({
    'pipeline.ts': `
import { defineNode, pipeline, z } from 'kith';
import { existsSync, readFileSync } from 'node:fs';
const read = defineNode({ kind: 'read', inputs: {}, params: z.object({}), files: () => ['data/words.txt'], run: async ({ path, signal }) => {
  const words = readFileSync(path('data/words.txt'), 'utf8');
  while (words === 'wait' && !existsSync(path('never'))) { signal.throwIfAborted(); await new Promise((resolve) => setTimeout(resolve, 5)); }
  return { words };
} });
export default pipeline({ read: read({}) });
`,
  });
  const { child, until, stop } = watching(project);
  const [told] = (await once(child.stderr!.setEncoding('utf8'), 'data')) as [string];
  expect(told).toContain('data/words.txt, which is not there');
  project.write('data/words.txt', 'one');
  expect(executed(await until(isOver))).toEqual(['read']);
  project.write('data/words.txt', 'wait');
  await until(starts('read'));
  expect(await stop()).toBe(130);
  expect(existsSync(join(project.folder, '.kith'))).toBe(true);
});

test('people read what changed, and a node that failed does not fail again for a change that is not about it', async () => {
  const project = testProject({ ...DIAMOND_FILES, 'unrelated.ts': `export const unrelated = (): number => { throw new Error('no'); };\n` });
  const child = project.start('watch');
  onTestFinished(() => void child.kill('SIGKILL'));
  let text = '';
  let look = (): void => {};
  child.stdout!.setEncoding('utf8').on('data', (more: string) => {
    text += more;
    look();
  });
  const saying = (what: RegExp): Promise<void> =>
    new Promise((resolve) => {
      look = () => void (what.test(text) && resolve());
      look();
    });
  await saying(/2 executed, 0 cached, 1 failed, 1 skipped[\s\S]*Watching for changes/);
  project.write('helper.ts', `// Adds.\n\n${DIAMOND_FILES['helper.ts']}`);
  await saying(/helper\.ts changed: nothing to run but what failed before \(c, d\); 4 nodes watched/);
  project.write('unrelated.ts', DIAMOND_FILES['unrelated.ts']);
  await saying(/unrelated\.ts changed\n[\s\S]*2 executed, 2 cached/);
});
