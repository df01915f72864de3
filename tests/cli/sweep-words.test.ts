// What can be typed after `kith sweep`: ranges, lists, conditions, seeds, and a sentence for each slip, before anything runs.
import { readdirSync } from 'node:fs';
import { join } from 'node:path';
import { expect, test } from 'vitest';
import { parseSetting } from '../../engine/cli/settings.ts';
import { checkedSpace } from '../../engine/sweep/check-space.ts';
import type { Space } from '../../engine/sweep/domain.ts';
import { grid } from '../../engine/sweep/grid.ts';
import { divide, type Asked } from '../../engine/sweep/space.ts';
import { applicable } from '../../engine/sweep/strategy.ts';
import { defineNode } from '../../engine/define-node.ts';
import { pipeline } from '../../engine/pipeline.ts';
import { z } from 'zod';
import { testProject, typed } from '../rig.ts';

const asked = (...settings: string[]): Asked => divide(settings.map(parseSetting));

const learn = defineNode({
  kind: 'learn',
  inputs: {},
  params: z.object({
    rate: z.number().positive().max(1).default(0.1),
    layers: z.int().min(1).max(9).default(2),
    optimizer: z.enum(['adam', 'sgd']).default('adam'),
    momentum: z.number().min(0).max(1).default(0.9),
  }),
  run: async () => ({}),
});
const searched = pipeline({ model: learn() });
const checked = (...settings: string[]): Space => {
  const { fixed, space } = asked(...settings);
  return checkedSpace(searched, space, fixed);
};

test('values, ranges and seeds are read in every form a user would type', () => {
  expect(asked('a.x=1,2,5').space).toEqual({ 'a.x': { of: 'choice', values: [1, 2, 5] } });
  expect(asked('a.x=1, 2, 2, 5').space).toEqual({ 'a.x': { of: 'choice', values: [1, 2, 5] } });
  expect(asked('a.x=choice(adam, sgd)').space).toEqual({ 'a.x': { of: 'choice', values: ['adam', 'sgd'] } });
  expect(asked('a.x=[1,2],[3]').space).toEqual({ 'a.x': { of: 'choice', values: [[1, 2], [3]] } }); // prettier-ignore
  expect(asked('a.x=log(1e-4, 1e-1)').space).toEqual({ 'a.x': { of: 'log', low: 1e-4, high: 1e-1 } });
  expect(asked('a.x = int(1,9)').space).toEqual({ 'a.x': { of: 'int', low: 1, high: 9 } });
  expect(asked('a.x=7')).toEqual({ fixed: { 'a.x': 7 }, space: {} });
  expect(asked('a.x="f(x)"').fixed).toEqual({ 'a.x': 'f(x)' });
  expect(asked('seed=3,1,1').seeds).toEqual([3, 1]);
  expect(asked('seed=int(0,3)').seeds).toEqual([0, 1, 2, 3]);
});

test('a condition stands behind the values, and holds one value or several of one param or several', () => {
  expect(asked('a.x=float(0,1) if b.y=sgd').space).toEqual({ 'a.x': { of: 'float', low: 0, high: 1, when: { 'b.y': ['sgd'] } } });
  const both = asked('a.x=1,2 if b.y=sgd,adam and b.z=[1,2]').space;
  expect(both).toEqual({ 'a.x': { of: 'choice', values: [1, 2], when: { 'b.y': ['sgd', 'adam'], 'b.z': [[1, 2]] } } });
  expect(asked('a.x=3 if b.y=1').space).toEqual({ 'a.x': { of: 'choice', values: [3], when: { 'b.y': [1] } } });
  expect(asked('a.text=what if then,else').space).toEqual({ 'a.text': { of: 'choice', values: ['what if then', 'else'] } });
});

test('a param exists only where its condition holds, and what depends on it only where it exists', () => {
  const space = checked(
    'model.optimizer=adam,sgd',
    'model.momentum=0.5,0.9 if model.optimizer=sgd',
    'model.layers=1,2 if model.momentum=0.9',
  );
  const trials = grid(space).next([], 100).map(({ params }) => params); // prettier-ignore
  expect(trials).toEqual([
    { 'model.optimizer': 'adam' },
    { 'model.optimizer': 'sgd', 'model.momentum': 0.5 },
    { 'model.optimizer': 'sgd', 'model.momentum': 0.9, 'model.layers': 1 },
    { 'model.optimizer': 'sgd', 'model.momentum': 0.9, 'model.layers': 2 },
  ]);
  expect(applicable(space, { 'model.optimizer': 'adam', 'model.momentum': 0.9, 'model.layers': 1 })).toEqual({ 'model.optimizer': 'adam' });
});

test('a condition on what is the same in every trial is settled at the start', () => {
  expect(checked('model.rate=0.1,0.2 if model.optimizer=adam')).toEqual({ 'model.rate': { of: 'choice', values: [0.1, 0.2] } });
  expect(checked('model.momentum=0,1 if model.optimizer=sgd', 'model.optimizer=sgd')['model.momentum']!.when).toBeUndefined();
  expect(() => checked('model.momentum=0,1 if model.optimizer=sgd')).toThrow('model.momentum would never matter');
  expect(() => checked('model.momentum=0,1 if model.layers=7', 'model.layers=1,2')).toThrow('model.layers is never 7');
  expect(() => checked('model.layers=1,2 if model.rate=0.1', 'model.rate=0.1,0.2 if model.layers=1')).toThrow('wait for each other');
});

const project = () =>
  testProject({
    'pipeline.ts': `
      import { defineNode, pipeline, z } from 'kith';
      export const learn = defineNode({ kind: 'learn', inputs: {}, metrics: { loss: { goal: 'min' } },
        params: z.object({
          rate: z.number().positive().max(1).default(0.1), layers: z.int().min(1).max(9).default(2),
          optimizer: z.enum(['adam', 'sgd']).default('adam'), epochs: z.int().max(20).default(2),
        }),
        run: async () => ({}) });
      export default pipeline({ model: learn() });`,
  });

test('a setting that no trial could run with is refused at the start, and no sweep of that name is left', async () => {
  const made = project();
  for (const [setting, sentence] of [
    ['model.rate=0.1,2', 'rate = 2'],
    ['model.rate=log(1e-3,10)', 'rate = 10'],
    ['model.layers=float(1,9)', 'layers = 3.96'],
    ['model.layers=int(1,12)', 'layers = 12'],
    ['model.optimizer=adam,lion', 'optimizer = "lion"'],
    ['model.rat=1,2', 'Did you mean "rate"?'],
    ['modell.rate=1,2', 'Did you mean "model"?'],
    ['rate=0.1,0.2', 'Did you mean model.rate?'],
    ['model.rate=log(0,1)', 'does not begin above 0'],
    ['model.rate=log(1,0.1)', 'is no range'],
    ['model.rate=float(0)', 'is not understood'],
    ['model.rate=uniform(0,1)', 'is not understood'],
    ['model.rate=log(1e-3,1),0.5', 'is not understood'],
    ['seed=1.5', 'seeds are whole numbers'],
    ['seed=float(0,1)', 'seeds are whole numbers'],
    ['model.rate', '--set model.rate is not understood'],
    ['model.rate=', 'is not understood'],
  ] as const) {
    const { stderr, code } = await typed(made, 'sweep', 'start', '--name', 'one', '--set', setting);
    expect(stderr).toContain(sentence);
    expect(code).toBe(2);
  }
  expect(readdirSync(join(made.folder, '.kith'))).not.toContain('sweeps');
});

test('flags that do not go together are sentences, and a plain run has no ranges', async () => {
  const made = project();
  const rates = ['--set', 'model.rate=0.1,0.2'];
  for (const [words, sentence] of [
    [['sweep', 'start', ...rates, '--set', 'model.rate=0.3'], 'model.rate is set twice'],
    [['sweep', 'start', ...rates, '--strategy', 'grid', '--trials', '3'], 'A grid tries every combination'],
    [['sweep', 'start', ...rates, '--strategy', 'tpe', '--rungs', 'model.epochs=1:9'], '--rungs is for ASHA'],
    [['sweep', 'start', ...rates, '--rungs', 'model.epochs=1:90'], 'epochs = 90'],
    [['sweep', 'start', ...rates, '--rungs', 'model.epochs=9:1'], 'is not understood'],
    [['sweep', 'start', ...rates, '--rungs', 'model.epochs=1:9', '--set', 'model.epochs=3'], 'given out in rungs'],
    [['sweep', 'start', ...rates, '--search-seed', 'x'], 'whole number from 0'],
    [['sweep', 'resume', 'one', ...rates], 'kith sweep extend one'],
    [['run', '--set', 'model.rate=log(0.1,1)'], 'kith sweep start'],
    [['run', '--set', 'model.rate=1 if model.epochs=2'], 'kith sweep start'],
  ] as const) {
    const { stderr, code } = await typed(made, ...words);
    expect(stderr).toContain(sentence);
    expect(code).toBe(2);
  }
});
