// Sweeps as a user types them, on a pipeline of arithmetic: how often each stage runs, what a stop leaves, what widening costs.
import { readFileSync } from 'node:fs';
import { join } from 'node:path';
import { expect, test } from 'vitest';
import { executed, testProject, type TestEvent } from '../rig.ts';

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
  const status = JSON.parse((await kith('sweep', 'status', 'tpe', '--json')).stdout) as {
    trials: { state: string }[];
    running: boolean;
    stages: { name: string; results: number; uses: number }[];
  };
  // The data is one for all; what depends on the rate is each trial's own.
  expect(status.stages.map(({ name, results, uses }) => [name, results, uses])).toEqual([['data', 1, 12], ['model', 12, 12], ['scores', 12, 12]]); // prettier-ignore
  expect(status.trials.every(({ state }) => state === 'done')).toBe(true);
  expect(status.running).toBe(false);
  expect((await kith('sweep', 'status')).stdout).toContain('kinds: 2 of 3');
});

const LONG = `
import { defineNode, pipeline, z } from 'kith';
export const train = defineNode({ kind: 'train', inputs: {}, metrics: { loss: { goal: 'min' } },
  params: z.object({ epochs: z.int().default(1), rate: z.number().default(0.1), falling: z.boolean().default(false) }),
  continues: ({ falling }) => (falling ? undefined : 'epochs'),
  run: async ({ params, checkpoint, log }) => {
    let { epoch, loss } = (await checkpoint.load()) ?? { epoch: 0, loss: 1 };
    while (epoch < params.epochs) {
      loss *= 1 - params.rate;
      log('epoch ' + (epoch += 1));
      if (epoch < params.epochs || checkpoint.lasting) await checkpoint.save({ epoch, loss });
    }
    return { loss };
  },
  summarise: ({ loss }) => ({ metrics: { loss } }) });
export default pipeline({ model: train() });
`;

test('ASHA promotes the best third of each rung, and each rung executes the new epochs only', async () => {
  const { kith } = testProject({ 'pipeline.ts': LONG });
  const words = ['sweep', 'start', '--rungs', 'model.epochs=1:9', '--trials', '9', '--set', 'model.rate=log(1e-3,0.5)', '--json'];
  const asked = await kith(...words, '--name', 'long');
  expect(asked.stderr).toBe('');
  const events = asked.stdout.trim().split('\n').map((line) => JSON.parse(line) as TestEvent); // prettier-ignore
  const { trials } = JSON.parse((await kith('sweep', 'status', 'long', '--json')).stdout) as {
    trials: { params: { 'model.epochs': number; 'model.rate': number }; parent?: number }[];
  };
  const rung = (epochs: number) => trials.filter(({ params }) => params['model.epochs'] === epochs);
  expect([1, 3, 9].map((epochs) => rung(epochs).length)).toEqual([9, 3, 1]);
  // 9 × 1 epoch, 3 × 2 more, 1 × 6 more; from the start it would be 9 + 9 + 9.
  const lines = events.filter(({ event }) => event === 'node-log').map(({ line }) => line);
  expect(lines).toHaveLength(9 + 3 * 2 + 6);
  expect([1, 2, 3, 4, 9].map((epoch) => lines.filter((line) => line === `epoch ${epoch}`).length)).toEqual([9, 3, 3, 1, 1]);
  expect(events.filter((each) => each.event === 'node-finished' && each['resumed'] === true)).toHaveLength(3 + 1);
  const best = Math.max(...rung(1).map(({ params }) => params['model.rate']));
  expect(rung(9)[0]!.params['model.rate']).toBe(best);
  const falling = await kith(...words, '--name', 'falling', '--set', 'model.falling=true');
  expect(falling.stderr).toContain('A longer run does not continue a shorter one by model.epochs');
});

test('a longer run says from where it continues, outside of sweeps too', async () => {
  const { events } = testProject({ 'pipeline.ts': LONG });
  const logged = (all: readonly TestEvent[]) => all.filter(({ event }) => event === 'node-log').map(({ line }) => line);
  await events('--set', 'model.epochs=2');
  const longer = await events('--set', 'model.epochs=4');
  expect(logged(longer)).toEqual(['epoch 3', 'epoch 4']);
  expect(longer.find(({ event }) => event === 'node-finished')!['resumed']).toBe(true);
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

test('a sweep by its name is a page and its data; a slip is told the nearest name', async () => {
  const { kith, folder } = project();
  await kith('sweep', 'start', '--name', 'rates', '--set', 'model.rate=0.001,0.01', '--set', 'seed=0,1');
  const { stdout } = await kith('report', 'rates');
  expect(stdout).toMatch(/^report: report-rates\.html \(\d+ kB\)\n$/);
  const text = readFileSync(join(folder, 'report-rates.html'), 'utf8');
  // data once, model and scores for 2 kinds × 2 rates × 2 seeds; 8 trials at their seeds would have made three each.
  expect(text).toContain('results for 24 uses');
  expect(text).toContain('17 results');
  expect(text).toMatch(/Where the results of trial \d+ come from/);
  const { story, best } = JSON.parse((await kith('report', 'rates', '--format', 'json')).stdout) as {
    story: { trials: { params: object; metrics: object }[]; cost: { executed: number } };
    best: { trial: number; provenance: { node: string; seed: number }[] };
  };
  expect(story.cost.executed).toBe(17);
  expect(story.trials[0]!.params).toEqual({ 'model.kind': 'good', 'model.rate': 0.01 });
  expect(Object.keys(story.trials[0]!.metrics)).toEqual(['model.loss', 'scores.acc']);
  expect(best.provenance.map(({ node }) => node)).toEqual(['data', 'model', 'scores']);
  const slip = await kith('report', 'rate');
  expect(slip.code).toBe(2);
  expect(slip.stderr).toContain('Did you mean the sweep "rates"?');
});
