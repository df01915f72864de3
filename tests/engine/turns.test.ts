// The order in which nodes that could start do start.
import { expect, test } from 'vitest';
import { z } from 'zod';
import { defineNode, manyInputs, type Handle } from '../../engine/define-node.ts';
import { pipeline } from '../../engine/pipeline.ts';
import { stage } from './stage.ts';

const order: string[] = [];
const step = defineNode({
  kind: 'step',
  inputs: { after: manyInputs<{ name: string }>() },
  params: z.object({ name: z.string(), value: z.number().default(0) }),
  run: async ({ params: { name, value } }) => {
    order.push(name);
    return { name, value };
  },
});
const chain = (names: readonly string[]): { [name: string]: Handle<{ name: string }> } => {
  const handles: { [name: string]: Handle<{ name: string }> } = {};
  let last: Handle<{ name: string }> | undefined;
  for (const name of names) handles[name] = last = step({ after: last ? { last } : {} }, { name }) as Handle<{ name: string }>;
  return handles;
};

test('the longest chain starts first', async () => {
  const { run } = await stage();
  const { executed } = await run(pipeline([chain(['short']), chain(['a', 'b', 'c'])]), { jobs: 1 });
  expect(executed.indexOf('a')).toBeLessThan(executed.indexOf('short'));
});

test('variants come one after the other, what they share first, so that the first results appear early', async () => {
  const { run } = await stage();
  const { executed } = await run(pipeline(chain(['data', 'train', 'score'])), {
    jobs: 1,
    variants: [{ 'train.value': 1 }, { 'train.value': 2 }, { 'train.value': 3 }],
  });
  expect(executed).toEqual([
    'data',
    ...['train', 'score'],
    ...['train[train.value=2]', 'score[train.value=2]'],
    ...['train[train.value=3]', 'score[train.value=3]'],
  ]);
});
