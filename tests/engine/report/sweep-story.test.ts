// The story of a sweep against counts made by hand; and its page, which must stay small for a hundred trials.
import { expect, test } from 'vitest';
import { sweepPage } from '../../../engine/report/html/sweep-page.ts';
import { tellSweep } from '../../../engine/report/sweep-story.ts';
import type { NodeStory, Story } from '../../../engine/report/story.ts';
import type { Line, Spec } from '../../../engine/sweep/ledger.ts';

const spec: Spec = {
  version: 1,
  name: 'rates',
  pipeline: 'pipeline.ts',
  fixed: {},
  space: { 'model.rate': { of: 'choice', values: [1, 2, 3] } },
  strategy: 'grid',
  seed: 0,
  seeds: [0, 1],
  steps: 5,
  objective: { node: 'scores', metric: 'acc', goal: 'max' },
};

const node = (name: string, key: string, more: Partial<NodeStory> = {}): NodeStory => ({
  name,
  kind: name,
  inputs: [],
  state: 'executed',
  key,
  attempts: 1,
  curves: [],
  seconds: 10,
  ran: { from: 0, to: 10 },
  ...more,
});

/** A run of these trials at two seeds: `data` is one node for all, `model` one a trial and seed, `scores` too. */
function runOf(trials: readonly number[], { started = 0, state = 'executed' as NodeStory['state'] } = {}): Story {
  const runs = trials.flatMap((trial) => [0, 1].map((seed) => ({ trial, seed })));
  const made = runs.flatMap(({ trial, seed }) => [
    node(`model[${trial},${seed}]`, `model ${trial} ${seed}`, { inputs: ['data'] }),
    node(`scores[${trial},${seed}]`, `scores ${trial} ${seed}`, {
      inputs: [`model[${trial},${seed}]`],
      seconds: 1,
      summary: { metrics: { acc: trial / 10 + seed / 100, nmi: trial / 20 } },
    }),
  ]);
  return {
    run: `run at ${started}`,
    pipeline: 'pipeline.ts',
    started,
    seconds: 60,
    jobs: 2,
    threads: 2,
    device: 'auto',
    ended: 'finished',
    warnings: [],
    nodes: [node('data', 'data', { state }), ...made],
    variants: runs.map(({ trial, seed }) => ({ data: 'data', model: `model[${trial},${seed}]`, scores: `scores[${trial},${seed}]` })),
    sweep: { name: 'rates', strategy: 'grid', objective: spec.objective, trials: [], runs },
  };
}

const linesOf = (trials: readonly number[], time = 30_000): Line[] =>
  trials.flatMap((trial): Line[] => [
    { time, event: 'started', trial, params: { 'model.rate': trial } },
    { time, event: 'measured', trial, seed: 0, metrics: { acc: trial / 10 } },
    { time, event: 'measured', trial, seed: 1, metrics: { acc: trial / 10 + 0.01 } },
    { time: time + trial, event: 'done', trial, score: trial / 10 + 0.005, deviation: 0.005 },
  ]);

test('the best trial comes first, with figures over seeds, what it cost and what it shared', () => {
  const story = tellSweep({ spec, lines: linesOf([1, 2, 3]) }, [runOf([1, 2, 3])]);
  expect(story.trials.map(({ trial }) => trial)).toEqual([3, 2, 1]);
  const [best] = story.trials;
  expect(best).toMatchObject({ params: { 'model.rate': 3 }, score: 0.305, deviation: 0.005, state: 'done' });
  expect(best!.metrics['scores.acc']!.mean).toBeCloseTo(0.305, 12);
  expect(best!.metrics['scores.acc']!.deviation).toBeCloseTo(0.005, 12);
  // data, two models, two scores; the data is everybody's.
  expect(best!.seconds).toBe(32);
  expect(best!.ownSeconds).toBe(22);
  expect(best!.shared).toEqual({ data: 3 });
  expect(story.metrics).toEqual(['scores.acc', 'scores.nmi']);
  expect(story.course.map(({ trial, score, best: so }) => [trial, so === score])).toEqual([[1, true], [2, true], [3, true]]); // prettier-ignore
});

test('each key counts once, however many runs found it, and sharing is what its other uses would have cost', () => {
  const second = runOf([2, 3], { started: 120_000, state: 'cached' });
  const story = tellSweep({ spec, lines: [...linesOf([1]), ...linesOf([2, 3], 150_000)] }, [runOf([1]), second]);
  expect(story.stages.map(({ name, results, uses, executed }) => [name, results, uses, executed])).toEqual([
    ['data', 1, 6, 1],
    ['model', 6, 6, 6],
    ['scores', 6, 6, 6],
  ]);
  expect(story.cost).toEqual({ executed: 13, results: 13, uses: 18, seconds: 10 + 60 + 6, alone: 60 + 60 + 6, work: 120 });
  expect(story.sessions.map(({ from }) => from)).toEqual([0, 60]);
  // Done 30 s into the second run, whatever the pause between the runs was.
  expect(story.course.at(-1)!.seconds).toBeCloseTo(90.003, 9);
});

test('a failed trial keeps its reason and comes last, and a lower goal turns the order round', () => {
  const lines: Line[] = [
    ...linesOf([1, 2]),
    { time: 1, event: 'started', trial: 3, params: { 'model.rate': 3 } },
    { time: 2, event: 'failed', trial: 3, why: 'model: no such rate' },
  ];
  const lower = { ...spec, objective: { ...spec.objective, goal: 'min' as const } };
  // The ledger holds scores as they were measured.
  const story = tellSweep({ spec: lower, lines }, [runOf([1, 2])]);
  expect(story.trials.map(({ trial }) => trial)).toEqual([1, 2, 3]);
  expect(story.trials[2]).toMatchObject({ state: 'failed', why: 'model: no such rate' });
  expect(story.trials[2]!.score).toBeUndefined();
  expect(story.course.map(({ trial, score, best }) => [trial, best === score])).toEqual([[1, true], [2, false]]); // prettier-ignore
});

test('a page of a hundred trials has everything, escapes what users wrote, asks for nothing from elsewhere, and stays under a megabyte', () => {
  const trials = Array.from({ length: 100 }, (_, at) => at);
  const story = tellSweep({ spec: { ...spec, name: '<b>rates</b>' }, lines: linesOf(trials) }, [runOf(trials)]);
  const text = sweepPage({ story, cautions: ['scores.acc reads labels'], version: '1.2.3' });
  for (const part of [
    '&lt;b&gt;rates',
    'scores.acc reads labels',
    'The best so far',
    'What mattered',
    'Params and figures',
    '9.905 ± 0.005',
    'without sharing',
    '401 results',
    'When it ran',
    'the seeds 0, 1',
  ])
    expect(text.includes(part), part).toBe(true);
  expect(/<b>rates|<script|https?:|src="(?!data:)/.exec(text)).toBeNull();
  expect(Buffer.byteLength(text)).toBeLessThan(1e6);
});
