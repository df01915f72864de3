// What a run tells of the sweep that it is a part of.
import { expect, test } from 'vitest';
import type { Line, Spec } from '../../../engine/sweep/ledger.ts';
import { partOf } from '../../../engine/sweep/part.ts';

const spec: Spec = {
  version: 1,
  name: 's',
  pipeline: 'pipeline.ts',
  fixed: {},
  space: { 'a.k': { of: 'choice', values: [1, 2, 3] } },
  strategy: 'grid',
  seed: 0,
  seeds: [0],
  steps: 5,
  objective: { node: 'a', metric: 'acc', goal: 'max' },
};
const lines: Line[] = [
  { time: 1, event: 'started', trial: 1, params: { 'a.k': 2 } },
  { time: 1, event: 'started', trial: 0, params: { 'a.k': 1 } },
  { time: 1, event: 'started', trial: 2, params: { 'a.k': 3 } },
  { time: 2, event: 'measured', trial: 0, seed: 0, metrics: { acc: 0.5 } },
  { time: 2, event: 'done', trial: 0, score: 0.5, deviation: 0.1 },
  { time: 3, event: 'failed', trial: 1, why: 'it broke' },
];

test('trials that were over have their score or their failure, as it was measured; those of the run have none', () => {
  const part = partOf({ spec, lines }, [{ trial: 2, seed: 0 }]);
  expect(part).toEqual({
    name: 's',
    strategy: 'grid',
    objective: spec.objective,
    limit: 3,
    trials: [
      { trial: 0, params: { 'a.k': 1 }, score: 0.5, deviation: 0.1 },
      { trial: 1, params: { 'a.k': 2 }, failed: 'it broke' },
      { trial: 2, params: { 'a.k': 3 } },
    ],
    runs: [{ trial: 2, seed: 0 }],
  });
  expect(partOf({ spec, lines }, [{ trial: 0, seed: 1 }]).trials[0]).toEqual({ trial: 0, params: { 'a.k': 1 } });
});

test('how many trials there will be is known but for ASHA', () => {
  expect(partOf({ spec: { ...spec, strategy: 'tpe', trials: 20 }, lines }, []).limit).toBe(20);
  expect(partOf({ spec: { ...spec, strategy: 'asha', trials: 20 }, lines }, []).limit).toBeUndefined();
});
