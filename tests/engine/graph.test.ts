// Graphs of any depth, names for nodes without one, and keys that are put together as they are spelled.
import { expect, test } from 'vitest';
import { z } from 'zod';
import { loadHasher } from '../../cache/digest.ts';
import { defineNode, input, manyInputs, type Handle } from '../../engine/define-node.ts';
import { buildGraph, topological } from '../../engine/graph.ts';
import { hashKey, keyMaker, readableKey } from '../../engine/key.ts';
import { pipeline } from '../../engine/pipeline.ts';
import { seeded } from '../cache/seeded.ts';

const start = defineNode({ kind: 'start', inputs: {}, params: z.object({}), run: async () => ({ value: 0 }) });
const next = defineNode({
  kind: 'next',
  inputs: { x: input<{ value: number }>() },
  params: z.object({ add: z.number().default(1) }),
  run: async ({ inputs, params }) => ({ value: inputs.x.value + params.add }),
});
const total = defineNode({
  kind: 'total',
  inputs: { terms: manyInputs<{ value: number }>() },
  params: z.object({ label: z.string().optional(), nested: z.object({ b: z.number(), a: z.array(z.string()) }).optional() }),
  seeded: true,
  run: async () => ({ value: 0 }),
});

const chain = (length: number): Handle<{ value: number }>[] => {
  const handles: Handle<{ value: number }>[] = [start({})];
  while (handles.length < length) handles.push(next({ x: handles.at(-1)! }));
  return handles;
};

test('a chain of twenty thousand nodes is no deeper than any other graph, named from its end alone', () => {
  const length = 20_000;
  const { graph } = buildGraph(pipeline({ end: chain(length).at(-1)! }));
  expect(graph.nodes.size).toBe(length);
  const names = [...graph.nodes.keys()];
  expect([names[0], names[1], names[2], names.at(-2), names.at(-1)]).toEqual(['start', 'next', 'next-2', `next-${length - 2}`, 'end']);
  expect(topological(graph, ['next-5']).map(({ name }) => name)).toEqual(['start', 'next', 'next-2', 'next-3', 'next-4', 'next-5']);
});

test('nodes without a name are numbered by their kind, past names that are taken', () => {
  const [a, b, c] = [start({}), start({}), start({})];
  const { graph } = buildGraph(pipeline({ 'start-2': total({ terms: { a, b, c } }) }));
  expect([...graph.nodes.keys()]).toEqual(['start', 'start-3', 'start-4', 'start-2']);
});

test('a cycle is a sentence that shows the way round', () => {
  const a = total({ terms: {} });
  const b = next({ x: a as Handle<{ value: number }> });
  (a.inputs as { terms: object }).terms = { b };
  expect(() => buildGraph(pipeline({ a, b }))).toThrow('a → b → a');
});

test('a key that was put together equals the hash of the readable key', async () => {
  const hasher = await loadHasher();
  const draw = seeded(3);
  const word = (): string => ['x', 'ü"\\', '\u2028', 'z9', 'inputs', '日本'][Math.floor(draw() * 6)]!;
  for (let round = 0; round < 200; round += 1) {
    const terms = Object.fromEntries(Array.from({ length: Math.floor(draw() * 4) }, (_, at) => [`t${at}`, start({})]));
    const params = {
      ...(draw() < 0.5 ? { label: word() } : {}),
      ...(draw() < 0.5 ? { nested: { b: draw() * 1e21 - 5e20, a: [word(), word()] } } : {}),
    };
    const { graph } = buildGraph(pipeline({ node: total({ terms }, params) }, { seed: Math.floor(draw() * 100) }));
    const node = graph.nodes.get('node')!;
    const leaves = { code: { digest: word(), parts: {} }, files: { [word()]: word() }, env: { [word()]: null, B: word() } };
    const inputs = Object.fromEntries(Object.keys(node.inputs).map((slot) => [slot, hasher.key(word())]));
    expect(keyMaker(hasher, node, leaves)((slot) => inputs[slot]!)).toBe(hashKey(hasher, readableKey(node, leaves, inputs)));
  }
});
