// Sweeps as a user types them, on a pipeline of arithmetic: how often each stage runs, what a stop leaves, what widening costs.
import { readFileSync } from 'node:fs';
import { join } from 'node:path';
import { expect, test } from 'vitest';
import { executed, testProject } from '../rig.ts';

const PIPELINE = `
import { choice, defineNode, input, pipeline, z } from 'kith';
export const source = defineNode({ kind: 'source', inputs: {}, params: z.object({ size: z.number().default(3) }), run: async ({ params }) => ({ value: params.size }) });
export const learn = defineNode({ kind: 'learn', inputs: { x: input<{ value: number }>() }, seeded: true,
  params: z.object({ rate: z.number().default(0.1), kind: z.string().default('plain') }),
  metrics: { loss: { goal: 'min' } },
  run: async ({ inputs, params, seed }) => {
    if (params.kind === 'broken') throw new Error('no such kind');
    return { value: (Math.log10(params.rate) + 2) ** 2 + inputs.x.value + (params.kind === 'good' ? 0 : 1.5) + (seed % 7) / 1000 };
  },
  summarise: ({ value }) => ({ metrics: { loss: value } }) });
export const judge = defineNode({ kind: 'judge', inputs: { x: input<{ value: number }>() }, params: z.object({}),
  metrics: { acc: { goal: 'max', labels: true } },
  run: async ({ inputs }) => ({ acc: 1 / (1 + inputs.x.value) }), summarise: ({ acc }) => ({ metrics: { acc } }) });
const data = source({}, { size: 2 });
const model = learn({ x: data }, { kind: choice('plain', 'good') });
export default pipeline({ data, model, scores: judge({ x: model }) });
`;

const project = () => testProject({ 'pipeline.ts': PIPELINE });

test('a grid runs shared stages once, ends with a leaderboard, and goes on for the price of what is new', async () => {
  const { kith, folder } = project();
  const first = await kith('sweep', 'start', '--name', 'rates', '--set', 'model.rate=0.001,0.01,0.3', '--set', 'seed=0,1');
  expect(first.stderr).toBe('');
  expect(first.code).toBe(0);
  expect(first.stdout).toContain('rates: 6 of 6 trials done by grid, lowest model.loss first');
  // data once; model and scores for 2 kinds × 3 rates × 2 seeds.
  expect(first.stdout).toContain('25 executed, 0 cached');
  const best = first.stdout.split('\n').find((line) => /^\s+\d/.test(line))!;
  expect(best).toMatch(/good\s+0\.01\s+2\.00\d ± /);
  const wider = await kith('sweep', 'extend', 'rates', '--set', 'model.rate=0.001,0.01,0.3,1');
  expect(wider.stdout).toContain('rates: 8 of 8 trials done');
  const lines = readFileSync(join(folder, '.kith', 'sweeps', 'rates', 'trials.jsonl'), 'utf8').split('\n');
  expect(lines.filter((line) => line.includes('"event":"done"'))).toHaveLength(8);
  const again = await kith('sweep', 'resume', 'rates');
  expect(again.stdout).not.toContain('executed');
});

test('what varies in the pipeline is swept, and a plain run takes its first value', async () => {
  const made = project();
  expect(executed(await made.events()).sort()).toEqual(['data', 'model', 'scores']);
  const { stdout } = await made.kith('sweep', 'start');
  expect(stdout).toContain('pipeline-1: 2 of 2 trials done by grid');
  expect(stdout).toContain('3 cached');
});

test('a failed trial is a row, not the end; labels in the objective are said; TPE stops at its number of trials', async () => {
  const { kith } = project();
  const broken = await kith('sweep', 'start', '--name', 'kinds', '--set', 'model.kind=plain,broken,good', '--objective', 'acc');
  expect(broken.stderr).toContain('scores.acc reads labels');
  expect(broken.stdout).toContain('kinds: 2 of 3 trials done');
  expect(broken.stdout).toMatch(/broken\s+failed: model/);
  const tpe = await kith(
    'sweep',
    'start',
    '--name',
    'tpe',
    '--strategy',
    'tpe',
    '--trials',
    '12',
    '--set',
    'model.rate=log(1e-4,1)',
    '--set',
    'model.kind=good',
  );
  expect(tpe.stdout).toContain('tpe: 12 of 12 trials done by tpe');
  const status = JSON.parse((await kith('sweep', 'status', 'tpe', '--json')).stdout) as { trials: { state: string }[]; running: boolean };
  expect(status.trials.every(({ state }) => state === 'done')).toBe(true);
  expect(status.running).toBe(false);
  expect((await kith('sweep', 'status')).stdout).toContain('kinds: 2 of 3');
});

test('every mistake is a sentence', async () => {
  const { kith } = project();
  await kith('sweep', 'start', '--name', 'one');
  for (const [words, sentence] of [
    [['start', '--name', 'one'], 'There is a sweep "one" already.'],
    [['start', '--set', 'model.kind=good'], 'The sweep varies nothing.'],
    [['start', '--set', 'model.rate=log(0,1)'], 'does not begin above 0'],
    [['start', '--objective', 'accu'], 'There is no figure "accu"'],
    [['start', '--strategy', 'asha'], 'ASHA needs to know'],
    [['resume', 'two'], 'There is no sweep "two".'],
    [['stop', 'one'], 'Nobody is at work on the sweep "one".'],
  ] as const) {
    const { stderr, code } = await kith('sweep', ...words);
    expect(stderr).toContain(sentence);
    expect(code).toBeGreaterThan(0);
  }
});
