// What the dashboard says of a sweep: two trials at two seeds, one known from before, one to come.
import { expect, test } from 'vitest';
import { nothingYet, reduceAll } from '../../../engine/dashboard/state.ts';
import { sweepLines } from '../../../engine/dashboard/sweep-lines.ts';
import { viewTrials } from '../../../engine/dashboard/trials.ts';
import type { Event } from '../../../engine/events.ts';
import { createPaint } from '../../../engine/report/paint.ts';
import { textWidth } from '../../../engine/report/width.ts';

const START = 1_800_000_000_000;
const runs = [1, 2].flatMap((trial) => [0, 1].map((seed) => ({ trial, seed })));
const variants = runs.map(({ trial, seed }) => ({ data: 'data', model: `model ${trial}.${seed}`, scores: `scores ${trial}.${seed}` }));
const node = (name: string, inputs: readonly string[]) => ({ name, kind: name.split(' ')[0]!, inputs, state: 'stale' as const, key: name });
const started: Event = {
  time: START,
  event: 'run-started',
  version: 1,
  run: 'r',
  pipeline: 'pipeline.ts',
  jobs: 1,
  threads: 2,
  device: 'auto',
  nodes: [node('data', []), ...variants.flatMap(({ data, model, scores }) => [node(model, [data]), node(scores, [model])])],
  variants,
  sweep: {
    name: 'rates',
    strategy: 'grid',
    objective: { node: 'scores', metric: 'loss', goal: 'min' },
    limit: 4,
    trials: [
      { trial: 0, params: { 'model.rate': 1 }, score: 0.5, deviation: 0.1 },
      { trial: 1, params: { 'model.rate': 2 } },
      { trial: 2, params: { 'model.rate': 3 } },
    ],
    runs,
  },
};

/** Each node takes two seconds, one after the other. */
function ran(names: readonly string[], loss: number): Event[] {
  return names.flatMap((name, at): Event[] => [
    { time: START + at * 2000, event: 'node-started', node: name, key: name, reason: { why: 'new', text: '', changes: [] } },
    {
      time: START + (at + 1) * 2000,
      event: 'node-finished',
      node: name,
      key: name,
      artifact: name,
      seconds: 2,
      bytes: 1,
      resumed: false,
      ...(name.startsWith('scores') ? { summary: { metrics: { loss: loss + Number(name.at(-1)) / 10 } } } : {}),
    },
  ]);
}

const FIRST = ['data', 'model 1.0', 'scores 1.0', 'model 1.1', 'scores 1.1'];
const at = (events: readonly Event[], now: number) => {
  const state = reduceAll(nothingYet, [started, ...events]);
  return { state, view: viewTrials(state, state.sweep!, now) };
};

test('a trial is done when all its seeds are, and the best so far knows the trials of before', () => {
  const { view: half } = at(ran(FIRST.slice(0, 3), 0.2), START + 6000);
  expect(half.done.map(({ trial }) => trial)).toEqual([0]);
  expect(half.open.map(({ trial }) => trial)).toEqual([1, 2]);
  const { view } = at(ran(FIRST, 0.2), START + 10_000);
  expect(view.done.map(({ trial }) => trial)).toEqual([1, 0]);
  expect(view.done[0]!.score).toBeCloseTo(0.25, 12);
  expect(view.done[0]!.deviation).toBeCloseTo(0.05, 12);
  expect(view.course).toEqual([0.5, view.done[0]!.score]);
});

test('stages say how far the slowest seed is, and which of them other trials share', () => {
  const { view } = at(ran(FIRST, 0.2), START + 10_000);
  expect(view.open).toEqual([
    {
      trial: 2,
      params: { 'model.rate': 3 },
      stages: [
        { name: 'data', phase: 'done', shared: true },
        { name: 'model', phase: 'waiting', shared: false },
        { name: 'scores', phase: 'waiting', shared: false },
      ],
    },
  ]);
});

test('what is left is the nodes of this run, and a trial like those before for each that is to come', () => {
  const { view } = at(ran(FIRST, 0.2), START + 10_000);
  // Four nodes of two seconds; one trial more, of which one took ten.
  expect(view.secondsLeft).toBeCloseTo(8 + 10, 9);
});

test('a figure that did not come is a failure, and no line is wider than the terminal or more than there is room for', () => {
  const failed: Event = {
    time: START + 11_000,
    event: 'node-skipped',
    node: 'scores 2.0',
    because: 'model 2.0',
  };
  const { state, view } = at([...ran(FIRST, 0.2), failed], START + 12_000);
  expect(view.failed).toBe(1);
  const lines = sweepLines(state, state.sweep!, { now: START + 12_000, width: 110, room: 9, paint: createPaint(false) });
  expect(lines[0]).toBe('rates  2 of 4 trials · 1 failed · best loss 0.250 (trial 1) · about 18 s left · █▁');
  expect(lines[1]).toBe('✔ 1  0.250 ± 0.050  rate=2');
  expect(lines[2]).toBe('✔ 0  0.500 ± 0.100  rate=1');
  for (const width of [110, 60, 30, 12])
    for (const room of [9, 3, 1, 0]) {
      const narrow = sweepLines(state, state.sweep!, { now: START + 12_000, width, room, paint: createPaint(false) });
      expect(narrow.length).toBeLessThanOrEqual(room);
      for (const line of narrow) expect(textWidth(line), line).toBeLessThanOrEqual(width);
    }
});

test('a trial at work is a row with a mark for each stage', () => {
  const busy = ran(['data', 'model 1.0'], 0).slice(0, -1);
  const { state } = at(busy, START + 3000);
  const lines = sweepLines(state, state.sweep!, { now: START + 3000, width: 100, room: 9, paint: createPaint(false) });
  expect(lines[2]).toBe('› 1  ✔›·  at model, 1 of 3 stages shared  rate=2');
  expect(lines[3]).toBe('· 2  ✔··  waits, 1 of 3 stages shared  rate=3');
});
