// Longer trainings that continue shorter ones: how many epochs run, that the bytes are those of a training from the start, what a loss costs.
import { mkdirSync, readdirSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { expect, test } from 'vitest';
import { z } from 'zod';
import type { Artifact } from '../../cache/array.ts';
import { keepState, statesOf } from '../../cache/lineages.ts';
import { defineNode } from '../../engine/define-node.ts';
import type { Overrides } from '../../engine/graph.ts';
import { pipeline } from '../../engine/pipeline.ts';
import { temporaryFolder } from '../rig.ts';
import { stage, type Stage } from './stage.ts';

/** Walks a sequence, one number an epoch; `falling` ends elsewhere for each length, as a falling learning rate does. */
const walk = defineNode({
  kind: 'walk',
  inputs: {},
  seeded: true,
  params: z.object({ epochs: z.int().min(0).default(4), rate: z.number().default(3), falling: z.boolean().default(false) }),
  continues: ({ falling }) => (falling ? undefined : 'epochs'),
  run: async ({ params: { epochs, rate, falling }, seed, checkpoint, log }): Promise<Artifact> => {
    let { epoch, value } = ((await checkpoint.load()) ?? { epoch: 0, value: seed % 97 }) as { epoch: number; value: number };
    while (epoch < epochs) {
      value = (value * rate + epoch + (falling ? epochs : 0)) % 1009;
      log(`epoch ${(epoch += 1)}`);
      if (epoch < epochs || checkpoint.lasting) await checkpoint.save({ epoch, value });
    }
    return { value };
  },
});

const made = pipeline({ walk: walk() });

/** Runs it at these params: which epochs ran, and the digest of what came of them. */
async function ran({ run }: Stage, overrides: Overrides, options = {}): Promise<{ epochs: number[]; artifact: string }> {
  const { events, results } = await run(made, { ...options, variants: [overrides] });
  const lines = events.flatMap((event) => (event.event === 'node-log' ? [Number(event.line.split(' ')[1])] : []));
  return { epochs: lines, artifact: results.get('walk')!.artifact! };
}

const afresh = async (overrides: Overrides): Promise<string> => (await ran(await stage(), overrides)).artifact;

test('a longer run executes the new epochs only and ends with the bytes of one from the start', async () => {
  const cache = await stage();
  expect((await ran(cache, { 'walk.epochs': 4 })).epochs).toEqual([1, 2, 3, 4]);
  expect((await ran(cache, { 'walk.epochs': 2 })).epochs).toEqual([1, 2]);
  const longer = await ran(cache, { 'walk.epochs': 7 });
  expect(longer).toEqual({ epochs: [5, 6, 7], artifact: await afresh({ 'walk.epochs': 7 }) });
  expect(await ran(cache, { 'walk.epochs': 5 })).toEqual({ epochs: [5], artifact: await afresh({ 'walk.epochs': 5 }) });
});

test('another param, another seed, or a schedule that depends on the length is another training', async () => {
  const cache = await stage();
  await ran(cache, { 'walk.epochs': 2 });
  for (const other of [{ 'walk.rate': 5 }, { seed: 1 }, { 'walk.falling': true }])
    expect((await ran(cache, { 'walk.epochs': 3, ...other })).epochs).toEqual([1, 2, 3]);
  expect((await ran(cache, { 'walk.epochs': 4, 'walk.falling': true })).epochs).toEqual([1, 2, 3, 4]);
});

test('a run that is forced starts from the start', async () => {
  const cache = await stage();
  await ran(cache, { 'walk.epochs': 2 });
  expect((await ran(cache, { 'walk.epochs': 3 }, { forced: ['walk'] })).epochs).toEqual([1, 2, 3]);
  expect((await ran(cache, { 'walk.epochs': 4 })).epochs).toEqual([4]);
});

test('variants in one graph continue each other too where the shorter stands first', async () => {
  const { run } = await stage();
  const { events } = await run(made, { variants: [1, 3, 9].map((epochs) => ({ 'walk.epochs': epochs })), jobs: 1 });
  expect(events.filter(({ event }) => event === 'node-log')).toHaveLength(9);
});

test('a damaged or lost state costs time, never a result: the next shorter one is taken', async () => {
  const cache = await stage();
  for (const epochs of [2, 4]) await ran(cache, { 'walk.epochs': epochs });
  const folder = join(cache.cacheFolder, 'lineages');
  const name = readdirSync(folder).find((each) => each.endsWith('-4'))!;
  writeFileSync(join(folder, name), 'not a state');
  expect(await ran(cache, { 'walk.epochs': 5 })).toEqual({ epochs: [3, 4, 5], artifact: await afresh({ 'walk.epochs': 5 }) });
});

test('only so many states are kept, and so many bytes of them; the oldest go first', async () => {
  const folder = temporaryFolder();
  const lineage = '0123456789abcdef0123456789abcdef';
  const keep = (length: number, limits: { files: number; bytes: number }): void => {
    mkdirSync(join(folder, 'checkpoints'), { recursive: true });
    writeFileSync(join(folder, 'checkpoints', lineage), Buffer.alloc(100, length));
    keepState(folder, join(folder, 'checkpoints', lineage), lineage, length, limits);
  };
  const lengths = async (): Promise<number[]> => {
    const found: number[] = [];
    for await (const bytes of statesOf(folder, lineage, Infinity)) found.push(bytes[0]!);
    return found;
  };
  for (const length of [1, 2, 3]) keep(length, { files: 10, bytes: 1000 });
  expect(await lengths()).toEqual([3, 2, 1]);
  keep(4, { files: 2, bytes: 1000 });
  expect(await lengths()).toHaveLength(2);
  expect(await lengths()).toContain(4);
  keep(5, { files: 10, bytes: 150 });
  expect(await lengths()).toEqual([5]);
});
