// The command line as a user types it, on small pipelines: what runs, what is cached, what is said.
import { existsSync, readdirSync, readFileSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { expect, test } from 'vitest';
import { DIAMOND, DIAMOND_FILES } from '../engine/puppets.ts';
import { executed, temporaryFolder, testProject } from '../rig.ts';

test('a second run executes nothing, and a changed param runs only what depends on it', async () => {
  const project = testProject(DIAMOND_FILES);
  expect(executed(await project.events()).sort()).toEqual(['a', 'b', 'c', 'd']);
  const second = await project.events();
  expect(executed(second)).toEqual([]);
  expect(second.at(-1)).toMatchObject({ event: 'run-finished', executed: 0, cached: 4, failed: 0 });
  expect(executed(await project.events('--set', 'b.amount=5'))).toEqual(['b', 'd']);
  expect(executed(await project.events('--set', 'b.amount=5'))).toEqual([]);
  expect(executed(await project.events())).toEqual([]);
});

test('editing a comment, a type or the formatting runs nothing; editing a helper runs its users, and why names it', async () => {
  const project = testProject(DIAMOND_FILES);
  await project.events();
  project.write(
    'helper.ts',
    `/* Adds two numbers. */\nexport function add(a: number, b: number): number { const sum = a + b; return sum }\n`,
  );
  project.write(
    'helper.ts',
    `/* Adds two numbers. */\ntype N = number;\nexport function add(left: N, right: N): N { return left + right }\n`,
  );
  expect(executed(await project.events())).toEqual([]);
  project.write('helper.ts', `export function add(left: number, right: number): number {\n  return left + right + 1;\n}\n`);
  const why = await project.kith('why', 'b');
  expect(why.stdout).toContain('helper.ts#add changed');
  expect(executed(await project.events())).toEqual(['b', 'd']);
});

test('the same bytes again stop the wave', async () => {
  const project = testProject(DIAMOND_FILES);
  await project.events();
  // 3 % 2 = 5 % 2, so c comes out the same.
  const events = await project.events('--set', 'a.value=5', '--set', 'b.amount=2');
  expect(executed(events).sort()).toEqual(['a', 'b', 'c']);
  expect(events.at(-1)).toMatchObject({ executed: 3, cached: 1 });
});

test('several values run as variants in one graph and end with a table', async () => {
  const project = testProject(DIAMOND_FILES);
  const { stdout, code } = await project.kith('run', '--set', 'b.amount=4,5,6');
  expect(code).toBe(0);
  expect(stdout).toMatch(/b\.amount\s+value/);
  expect(stdout).toMatch(/6\s+10/);
  const events = await project.events('--set', 'b.amount=4,5,6');
  expect(events.at(-1)).toMatchObject({ executed: 0, cached: 8 });
  const seeds = await project.kith('run', '--set', 'seed=0,1');
  expect(seeds.stdout).toMatch(/mean\s+8/);
  expect(seeds.stdout).toMatch(/deviation\s+0/);
});

test('targets run what they need and nothing else', async () => {
  const project = testProject(DIAMOND_FILES);
  expect(executed(await project.events('pipeline.ts', 'c'))).toEqual(['a', 'c']);
  expect(executed(await project.events('b'))).toEqual(['b']);
  expect(executed(await project.events('b', '--force', 'b'))).toEqual(['b']);
});

test('a node that runs longer than its timeout is stopped with a sentence, and nothing more starts unless told to keep going', async () => {
  const project = testProject({
    'pipeline.ts': `
import { defineNode, input, pipeline, z } from 'kith';
export const endless = defineNode({ kind: 'endless', inputs: {}, params: z.object({}), timeout: 0.2,
  run: async ({ log }) => { log('on and on'); for (;;) {} } });
export const quick = defineNode({ kind: 'quick', inputs: { x: input<{ value: number }>() }, params: z.object({}),
  run: async ({ inputs }) => ({ value: inputs.x.value }) });
export const one = defineNode({ kind: 'one', inputs: {}, params: z.object({}), run: async () => ({ value: 1 }) });
export default pipeline({ endless: endless(), last: quick({ x: quick({ x: one() }) }) }, { settings: { endless: { retries: 1, backoff: 0 } } });
`,
  });
  const { stdout, code } = await project.kith('run', '--jobs', '1', '--no-keep-going');
  expect(code).toBe(1);
  expect(stdout).toContain('"endless" was stopped: it had run for its timeout of 0.2 s.');
  expect(stdout).toMatch(/retrying\s+endless\s+1 of 2 failed/);
  const going = await project.events('--keep-going', '--resource', 'memory=1GB');
  expect(going.at(-1)).toMatchObject({ failed: 1, nodes: { endless: { state: 'failed' } } });
  expect((going.at(-1)!['nodes'] as { last: { state: string } }).last.state).toMatch(/executed|cached/);
  expect(await project.kith('run', '--resource', 'memory=lots')).toMatchObject({ code: 2 });
});

test('plan, why, status, dag, show and log print one JSON object or readable text', async () => {
  const project = testProject(DIAMOND_FILES);
  const before = JSON.parse((await project.kith('plan', '--json')).stdout) as { stale: number; nodes: { name: string; state: string }[] };
  expect(before.nodes.map(({ state }) => state)).toEqual(['stale', 'unknown', 'unknown', 'unknown']);
  await project.events();
  expect(JSON.parse((await project.kith('plan', '--json')).stdout)).toMatchObject({ stale: 0, cached: 4 });
  expect((await project.kith('plan', '--set', 'b.amount=9')).stdout).toMatch(/b\s+stale.*params\.amount 4 → 9/);
  expect(JSON.parse((await project.kith('why', 'b', '--json')).stdout)).toMatchObject({ name: 'b', state: 'cached' });
  expect(JSON.parse((await project.kith('status', '--json')).stdout)).toMatchObject({ pipeline: 'pipeline.ts' });
  expect((await project.kith('dag', '--mermaid')).stdout).toContain('a --> b');
  expect((await project.kith('dag')).stdout.split('\n')[0]).toContain('a');
  expect(JSON.parse((await project.kith('show', 'd', '--json')).stdout)).toMatchObject({ name: 'd', value: 8 });
  expect((await project.kith('show', 'd')).stdout).toContain('value');
  expect(JSON.parse((await project.kith('show', 'd', '--json')).stdout)).toMatchObject({
    environment: { threads: 1, node: process.version },
  });
  expect((await project.kith('show', 'd')).stdout).toMatch(/\nmade on \S+, 1 thread, node v\d+\.\d+\.\d+, \S+-\S+\n/);
  expect((await project.kith('log', 'b')).stdout).toContain('adding 4');
});

test('every mistake on the command line or in the file is a sentence and exit code 2', async () => {
  const project = testProject({
    ...DIAMOND_FILES,
    'broken.ts': `import { pipeline } from 'kith';\nexport default pipeline({ a: 1 ;\n`,
    'nothing.ts': `export const x = 1;\n`,
    'cycle.ts': DIAMOND.replace(
      'export default',
      '(a as any).inputs = { x: d }; (a.definition as any).inputs = { x: { optional: false, many: false } };\nexport default',
    ),
    'forgotten.ts': DIAMOND.replace('export default pipeline({ a, b, c, d })', 'export default pipeline({ a, b })'),
    'missing.ts': DIAMOND.replace("kind: 'constant', inputs: {}", "kind: 'constant', inputs: {}, files: () => ['data/none.csv']"),
  });
  const cases: [string[], RegExp][] = [
    [['run', '--set', 'b.amount=many'], /"b" is wrong[\s\S]*amount = "many"[\s\S]*number/],
    [['run', '--set', 'a.value=101'], /"a" is wrong[\s\S]*value = 101[\s\S]*100[\s\S]*any number/],
    [['run', '--set', 'bb.amount=1'], /no node "bb"[\s\S]*Did you mean "b"/],
    [['run', '--set', 'b.amuont=1'], /no param "amuont"[\s\S]*Did you mean "amount"/],
    [['run', '--set', 'b'], /not understood/],
    [['run', 'e'], /no node "e"/],
    [['run', 'broken.ts'], /broken\.ts:2:\d+/],
    [['run', 'nothing.ts'], /does not export a pipeline/],
    [['run', 'cycle.ts'], /cycle[\s\S]*a → d/],
    [['run', 'forgotten.ts'], /no pipeline reaches[\s\S]*total/],
    [['run', 'missing.ts'], /data\/none\.csv, which is not there/],
    [['run', 'nowhere.ts'], /no pipeline file nowhere\.ts/],
    [['rnu'], /unknown command 'rnu'[\s\S]*run/],
    [['run', '--jsno'], /unknown option '--jsno'[\s\S]*--json/],
    [['run', '--jobs', '0'], /whole number from 1/],
  ];
  for (const [words, message] of cases) {
    const { stderr, code } = await project.kith(...words);
    expect(stderr, words.join(' ')).toMatch(message);
    expect(code, words.join(' ')).toBe(2);
    expect(stderr, words.join(' ')).not.toMatch(/\n\s+at /);
  }
});

test('two processes on one cache never make a node twice', async () => {
  const project = testProject(DIAMOND_FILES);
  const both = await Promise.all([project.events(), project.events()]);
  expect(both.flatMap(executed).sort()).toEqual(['a', 'b', 'c', 'd']);
  for (const events of both) expect(events.at(-1)).toMatchObject({ failed: 0 });
});

test('Ctrl-C stops the run with exit code 130, leaves no worker, and the next run ends it', async () => {
  const project = testProject({
    'pipeline.ts': `
import { defineNode, pipeline, z } from 'kith';
const slow = defineNode({ kind: 'slow', inputs: {}, params: z.object({ until: z.string() }), run: async ({ signal, checkpoint, params, path }) => {
  const { existsSync } = await import('node:fs');
  await checkpoint.save({ started: true });
  while (!existsSync(path(params.until))) { signal.throwIfAborted(); await new Promise((resolve) => setTimeout(resolve, 10)); }
  return { done: true };
} });
export default pipeline({ slow: slow({}, { until: 'go' }) });
`,
  });
  const child = project.start('run', '--json');
  const code = new Promise((resolve) => child.once('exit', resolve));
  await new Promise<void>((resolve) => {
    let seen = '';
    child.stdout!.on('data', (text: Buffer) => {
      seen += text.toString();
      if (seen.includes('node-started')) resolve();
    });
  });
  process.kill(-child.pid!, 'SIGINT');
  expect(await code).toBe(130);
  expect(() => process.kill(-child.pid!, 0)).toThrow();
  project.write('go', '');
  expect(executed(await project.events())).toEqual(['slow']);
});

test('a node that fails stops its descendants only, and the exit code is 1', async () => {
  const project = testProject({
    ...DIAMOND_FILES,
    'unrelated.ts': `export const unrelated = (value: number): number => { throw new Error('no parity for ' + value); };\n`,
  });
  const events = await project.events();
  expect(executed(events)).toEqual(['a', 'b']);
  expect(events.find(({ event }) => event === 'node-failed')).toMatchObject({ node: 'c', failure: { headline: 'no parity for 3' } });
  expect(events.find(({ event }) => event === 'node-skipped')).toMatchObject({ node: 'd', because: 'c' });
  expect((await project.kith('run')).code).toBe(1);
});

test('a damaged blob is a miss with a warning, and only what is needed runs again', async () => {
  const project = testProject({
    'pipeline.ts': `
import { defineNode, input, pipeline, z } from 'kith';
const ones = defineNode({ kind: 'ones', inputs: {}, params: z.object({}),
  run: async () => ({ array: { dtype: 'float32' as const, shape: [1000], data: new Float32Array(1000).fill(1) } }) });
const mean = defineNode({ kind: 'mean', inputs: { x: input<{ array: { data: Float32Array } }>() }, params: z.object({ power: z.number().default(1) }),
  run: async ({ inputs, params }) => ({ value: inputs.x.array.data.reduce((sum, value) => sum + value ** params.power, 0) }) });
const x = ones({});
export default pipeline({ x, y: mean({ x }) });
`,
  });
  await project.events();
  const cas = join(project.folder, '.kith', 'cas');
  const blob = readdirSync(cas, { recursive: true, encoding: 'utf8' })
    .map((file) => join(cas, file))
    .find((file) => existsSync(file) && /[0-9a-f]{64}$/.test(file) && readFileSync(file).length === 4000)!;
  const bytes = readFileSync(blob);
  bytes[17]! ^= 1;
  writeFileSync(blob, bytes);
  const again = await project.events('--set', 'y.power=2');
  expect(again.some(({ event }) => event === 'warning')).toBe(true);
  expect(executed(again)).toContain('x');
  expect(again.at(-1)).toMatchObject({ failed: 0 });
  expect(JSON.parse((await project.kith('show', 'y', '--json')).stdout)).toMatchObject({ name: 'y' });
});

test('colours are used on terminals only, and help shows examples', async () => {
  const project = testProject(DIAMOND_FILES);
  const { stdout } = await project.kith('run');
  expect(stdout).not.toContain('\u001b[');
  expect((await project.kith('--help')).stdout).toContain('kith run --set neighbours.k=50');
  expect((await project.kith('run', '--help')).stdout).toContain('Examples:');
});

test('a device that is unknown or not here ends with exit code 2 before anything runs, even where all is cached', async () => {
  const project = testProject(DIAMOND_FILES);
  const unknown = await project.kith('run', '--device', 'onxx');
  expect(unknown).toMatchObject({ code: 2, stdout: '' });
  expect(unknown.stderr).toMatch(/^✖ There is no device "onxx"\.\n {2}auto .*\n {2}onnx [^]*hint: Did you mean "onnx"\?/);
  expect(existsSync(join(project.folder, '.kith', 'runs'))).toBe(false);
  await project.events();
  expect((await project.kith('run', '--device', 'onxx')).code).toBe(2);
});

test('a run says what auto became, and why; where all is cached nothing is chosen', async () => {
  const project = testProject(DIAMOND_FILES, { XDG_CACHE_HOME: temporaryFolder() });
  expect((await project.kith('run')).stdout).toContain('device onnx (not measured yet; kith doctor does)\n');
  expect((await project.events())[0]).toMatchObject({ event: 'run-started', device: 'auto' });
  expect((await project.events('--device', 'onnx'))[0]).toMatchObject({ device: 'onnx' });
  expect((await project.events('--force', 'd', '--device', 'auto'))[0]).toMatchObject({
    device: 'onnx',
    deviceReason: expect.any(String) as string,
  });
});
