// What is kept of a sweep, what it looks for, and what its params mattered.
import { appendFileSync, readFileSync } from 'node:fs';
import { join } from 'node:path';
import { expect, test } from 'vitest';
import { importance } from '../../../engine/sweep/importance.ts';
import { listSweeps, openLedger, trialsOf, writeSpec, type Spec } from '../../../engine/sweep/ledger.ts';
import { cautions, chooseObjective, type Scored } from '../../../engine/sweep/objective.ts';
import type { Trial } from '../../../engine/sweep/strategy.ts';
import { temporaryFolder } from '../../rig.ts';

const spec: Spec = {
  version: 1,
  name: 'first',
  pipeline: 'pipeline.ts',
  fixed: {},
  space: { 'a.k': { of: 'int', low: 1, high: 9 } },
  strategy: 'random',
  seed: 0,
  seeds: [0],
  trials: 4,
  steps: 5,
  objective: { node: 'a', metric: 'acc', goal: 'max' },
};

test('trials are read again as they were written, and a line that a kill cut off costs itself alone', () => {
  const folder = temporaryFolder();
  writeSpec(folder, spec);
  const { append } = openLedger(folder, 'first');
  append({ time: 1, event: 'started', trial: 0, params: { 'a.k': 3 } });
  append({ time: 2, event: 'measured', trial: 0, seed: 0, metrics: { acc: 0.75 } });
  append({ time: 2, event: 'done', trial: 0, score: 0.75, deviation: 0 });
  append({ time: 3, event: 'started', trial: 1, params: { 'a.k': 4 } });
  appendFileSync(join(folder, 'sweeps', 'first', 'trials.jsonl'), '{"time":4,"event":"done","tri');
  const again = openLedger(folder, 'first');
  again.append({ time: 5, event: 'failed', trial: 1, why: 'told to' });
  expect(trialsOf(openLedger(folder, 'first'))).toEqual([
    { number: 0, params: { 'a.k': 3 }, state: 'done', score: -0.75 },
    { number: 1, params: { 'a.k': 4 }, state: 'failed' },
  ]);
  const more = openLedger(folder, 'first');
  expect(trialsOf({ ...more, spec: { ...spec, seeds: [0, 1] } })[0]!.state).toBe('running');
  expect(readFileSync(join(folder, 'sweeps', 'first', 'trials.jsonl'), 'utf8').split('\n')).toHaveLength(7);
});

test('a name is taken once, and a sweep that is not there is a sentence', () => {
  const folder = temporaryFolder();
  writeSpec(folder, spec);
  expect(() => writeSpec(folder, spec)).toThrow('There is a sweep "first" already.');
  writeSpec(folder, { ...spec, trials: 8 }, { replaces: true });
  expect(openLedger(folder, 'first').spec.trials).toBe(8);
  expect(() => openLedger(folder, 'frist')).toThrow('There is no sweep "frist".');
  expect(() => writeSpec(folder, { ...spec, name: '../up' })).toThrow('"../up" cannot name a sweep.');
  expect(listSweeps(folder)).toEqual(['first']);
});

const scored: Scored[] = [
  { name: 'encoder', definition: { kind: 'e', metrics: { loss: { goal: 'min' } } }, ancestors: new Set(['views']) },
  {
    name: 'clusters',
    definition: { kind: 'c', metrics: { score: { goal: 'min', scale: ['clusters'] } } },
    ancestors: new Set(['views', 'encoder']),
  },
  {
    name: 'scores',
    definition: { kind: 's', metrics: { acc: { goal: 'max', labels: true } } },
    ancestors: new Set(['views', 'encoder', 'clusters']),
  },
];

test('the objective is the last figure without labels unless one is named', () => {
  expect(chooseObjective(scored)).toEqual({ node: 'clusters', metric: 'score', goal: 'min' });
  expect(chooseObjective(scored, 'acc')).toEqual({ node: 'scores', metric: 'acc', goal: 'max' });
  expect(chooseObjective(scored, 'encoder.loss', 'max')).toEqual({ node: 'encoder', metric: 'loss', goal: 'max' });
  expect(chooseObjective(scored, 'clusters.own', 'min')).toEqual({ node: 'clusters', metric: 'own', goal: 'min' });
  expect(() => chooseObjective(scored, 'accu')).toThrow('There is no figure "accu" to look for.');
});

test('labels in the objective, and params that make it incomparable, are said', () => {
  expect(cautions(scored, chooseObjective(scored, 'acc'), ['clusters.rate'])[0]).toContain('reads labels');
  expect(cautions(scored, chooseObjective(scored), ['clusters.rate'])).toEqual([]);
  expect(cautions(scored, chooseObjective(scored), ['views.policy', 'clusters.clusters'])[0]).toContain(
    'cannot choose views.policy, clusters.clusters',
  );
});

test('the param that decides the score is the important one', () => {
  const space: Spec['space'] = { 'a.k': { of: 'float', low: 0, high: 1 }, 'a.kind': { of: 'choice', values: ['x', 'y'] } };
  const trials = Array.from({ length: 40 }, (_, number): Trial => {
    const k = ((number * 7) % 40) / 40;
    return { number, params: { 'a.k': k, 'a.kind': number % 3 ? 'x' : 'y' }, state: 'done', score: k ** 2 };
  });
  const [first, second] = importance(space, trials);
  expect(first!.path).toBe('a.k');
  expect(first!.share).toBeGreaterThan(0.8);
  expect(second!.share).toBeLessThan(0.1);
  expect(importance(space, trials.slice(0, 3))).toEqual([]);
});
