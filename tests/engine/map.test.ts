// Fan-out by content.
import { expect, test } from 'vitest';
import { z } from 'zod';
import { defineNode, manyInputs, type Handle } from '../../engine/define-node.ts';
import { map } from '../../engine/map.ts';
import { pipeline } from '../../engine/pipeline.ts';
import { stage } from './stage.ts';

const square = defineNode({
  kind: 'square',
  inputs: {},
  params: z.object({ of: z.number() }),
  run: async ({ params: { of } }) => ({ value: of * of }),
});
const total = defineNode({
  kind: 'total',
  inputs: { terms: manyInputs<{ value: number }>() },
  params: z.object({}),
  run: async ({ inputs }) => ({ value: Object.values(inputs.terms).reduce((sum, { value }) => sum + value, 0) }),
});

const fan = (items: readonly number[]) => {
  const terms = map(items, (of) => square({}, { of }));
  return pipeline([terms, { total: total({ terms }) as Handle }]);
};

test('an item that is added or moved runs alone, with what reads it', async () => {
  const { run } = await stage();
  expect([...(await run(fan([3, 4]))).executed].sort()).toEqual(['square-3', 'square-4', 'total']);
  expect((await run(fan([4, 3]))).executed).toEqual([]);
  expect((await run(fan([5, 3, 4]))).executed).toEqual(['square-5', 'total']);
  expect((await run(fan([3, 4]))).executed).toEqual([]);
});

test('names come from the content, and equal items are one node', () => {
  const kinds = (items: readonly unknown[]): string[] => Object.keys(map(items as number[], () => square({}, { of: 1 })));
  expect(kinds([3, 'cats', 3])).toEqual(['square-3', 'square-cats']);
  expect(kinds([{ b: 1, a: 2 }])).toEqual(kinds([{ a: 2, b: 1 }]));
  expect(kinds([{ a: 1 }])).not.toEqual(kinds([{ a: 2 }]));
  expect(kinds([0.5])[0]).toMatch(/^square-[0-9a-f]{10}$/);
});

test('an item that is not plain data is a sentence', () => {
  expect(() => map([Number.NaN], (of) => square({}, { of }))).toThrow('An item of map(…) is not plain data.');
});
