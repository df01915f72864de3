// Trainings that go on where shorter ones ended, through the engine: the bytes are those of a training from the start, and the rest is new.
import { expect, test } from 'vitest';
import { z } from 'zod';
import { defineNode } from '../../engine/define-node.ts';
import type { Overrides } from '../../engine/graph.ts';
import { pipeline } from '../../engine/pipeline.ts';
import { embed } from '../../nodes/embed.ts';
import { mineNeighbours } from '../../nodes/mine-neighbours.ts';
import { pretext } from '../../nodes/pretext.ts';
import { scan } from '../../nodes/scan.ts';
import { selfLabel } from '../../nodes/self-label.ts';
import { stage, type Stage } from '../engine/stage.ts';
import { shapes, viewsOf } from './shapes.ts';

const pictures = defineNode({ kind: 'pictures', inputs: {}, params: z.object({}), run: async () => shapes(70) });
const noise = defineNode({ kind: 'noise', inputs: {}, params: z.object({}), run: async () => viewsOf({ gain: 0.3, noise: 0.05 }) });

const [images, views] = [pictures(), noise()];
const encoder = pretext(
  { images, views },
  { channels: [4, 8], strides: [1, 2], dimension: 8, epochs: 2, batch: 32, learningRate: 1e-2, schedule: 'constant' },
);
const embeddings = embed({ images, encoder });
const neighbours = mineNeighbours({ embeddings, images }, { k: 3 });
const inputs = { images, views, encoder, embeddings, neighbours };
const clusters = scan(inputs, { clusters: 3, heads: 2, steps: 30, batch: 16, schedule: 'constant' });
const network = scan(inputs, { clusters: 3, heads: 2, train: 'network', epochs: 1, batch: 16 });
const labelled = selfLabel(
  { images, views, classifier: clusters, neighbours },
  { method: 'confidence', threshold: 0.5, epochs: 1, batch: 32 },
);
const made = pipeline({ images, views, encoder, embeddings, neighbours, clusters, network, labelled });

const ran = async ({ run }: Stage, node: string, overrides: Overrides): Promise<{ artifact: string; log: string[]; reports: number }> => {
  const { events, results } = await run(made, { variants: [overrides], targets: [node] });
  expect(results.get(node)!.failure).toBeUndefined();
  const of = (event: string) => events.filter((each) => each.event === event && 'node' in each && each.node === node);
  return {
    artifact: results.get(node)!.artifact!,
    log: of('node-log').flatMap((event) => ('line' in event ? [event.line] : [])),
    reports: of('node-progress').length,
  };
};

test.each([
  { node: 'encoder', param: 'epochs', from: 2, to: 4, reports: 2, says: 'continues from epoch 2' },
  { node: 'clusters', param: 'steps', from: 70, to: 130, reports: 2, says: 'continues from step 70' },
  { node: 'network', param: 'epochs', from: 1, to: 3, reports: 2, says: 'continues from epoch 1' },
  { node: 'labelled', param: 'epochs', from: 1, to: 2, reports: 1, says: 'continues from epoch 1' },
])('$node with more $param ends as if it had been trained from the start', async ({ node, param, from, to, reports, says }) => {
  const path = `${node}.${param}`;
  const cache = await stage();
  await ran(cache, node, { [path]: from });
  const longer = await ran(cache, node, { [path]: to });
  expect(longer.log).toContain(says);
  expect(longer.reports).toBe(reports);
  expect(longer.artifact).toBe((await ran(await stage(), node, { [path]: to })).artifact);
});

test('under a cosine a longer training is another one', async () => {
  const cache = await stage();
  for (const epochs of [2, 3]) {
    const { log, reports } = await ran(cache, 'encoder', { 'encoder.schedule': 'cosine', 'encoder.epochs': epochs });
    expect([log, reports]).toEqual([[], epochs]);
  }
});
