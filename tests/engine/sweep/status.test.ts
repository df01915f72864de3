// Where a sweep stands: the best so far over time from its ledger, what is left from the events of its run.
import { expect, test } from 'vitest';
import type { Event, PlannedNode } from '../../../engine/events.ts';
import type { Line, Spec } from '../../../engine/sweep/ledger.ts';
import { outlook } from '../../../engine/sweep/outlook.ts';
import { statusOf } from '../../../engine/sweep/status.ts';

const spec: Spec = {
  version: 1,
  name: 'one',
  pipeline: 'pipeline.ts',
  fixed: {},
  space: { 'a.k': { of: 'choice', values: [1, 2, 3, 4] } },
  strategy: 'grid',
  seed: 0,
  seeds: [0],
  steps: 5,
  objective: { node: 'a', metric: 'acc', goal: 'max' },
};

test('the best so far is told with the sign of the objective, and failures with their reason', () => {
  const scores = [0.5, 0.4, 0.7];
  const lines: Line[] = scores.flatMap((acc, trial): Line[] => [
    { time: trial, event: 'started', trial, params: { 'a.k': trial } },
    { time: 10 + trial, event: 'measured', trial, seed: 0, metrics: { acc } },
    { time: 10 + trial, event: 'done', trial, score: acc, deviation: 0 },
  ]);
  lines.push({ time: 20, event: 'started', trial: 3, params: { 'a.k': 4 } }, { time: 21, event: 'failed', trial: 3, why: 'told to' });
  const { best, course, trials } = statusOf({ spec, lines });
  expect(best).toBe(2);
  expect(course).toEqual([{ time: 10, trial: 0, score: 0.5 }, { time: 12, trial: 2, score: 0.7 }]); // prettier-ignore
  expect(trials[2]).toEqual({ number: 2, params: { 'a.k': 2 }, state: 'done', score: 0.7, deviation: 0, metrics: { 0: { acc: 0.7 } } });
  expect(trials[3]).toEqual({ number: 3, params: { 'a.k': 4 }, state: 'failed', why: 'told to', metrics: {} });
  expect(statusOf({ spec, lines: lines.slice(0, 1) })).toEqual({
    trials: [{ number: 0, params: { 'a.k': 0 }, state: 'running', metrics: {} }],
    course: [],
  });
});

test('what is left counts each shared node once, and takes what its kind took', () => {
  const node = (name: string, kind: string, inputs: readonly string[], more: Partial<PlannedNode> = {}): PlannedNode => ({
    name,
    kind,
    inputs,
    state: 'stale',
    key: name,
    ...more,
  });
  const nodes = [
    node('data', 'source', [], { state: 'cached', lastSeconds: 99 }),
    ...[1, 2, 3].map((at) => node(`m${at}`, 'learn', ['data'])),
    node('s', 'judge', ['m3'], { lastSeconds: 4 }),
  ];
  const start: Event = { time: 0, event: 'run-started', version: 1, run: 'r', pipeline: 'p', jobs: 1, threads: 1, device: 'auto', nodes };
  const finished = { event: 'node-finished', node: 'm1', key: 'm1', artifact: '', seconds: 10, bytes: 1, resumed: false } as const;
  const started = (name: string, time: number): Event =>
    ({ time, event: 'node-started', node: name, key: name, reason: { why: 'new', text: '', changes: [] } }) as Event;
  const events: Event[] = [start, started('m1', 0), { time: 10_000, ...finished }, started('m2', 10_000)];
  // 7 s of m2, 10 s of m3, 4 s of s.
  expect(outlook(events, 13_000)).toEqual({ nodesLeft: 3, secondsLeft: 21 });
  expect(outlook([{ ...start, nodes: [node('x', 'new', [])] }], 0)).toEqual({ nodesLeft: 1 });
});
