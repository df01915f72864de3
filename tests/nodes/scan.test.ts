import { expect, test } from 'vitest';
import { ndarray } from '../../cache/array.ts';
import { isKithError } from '../../engine/errors.ts';
import type { Assignments, Embeddings, Encoder, Neighbours } from '../../nodes/artifacts.ts';
import { embed } from '../../nodes/embed.ts';
import { classifyImages } from '../../nodes/networks/infer.ts';
import { pretext } from '../../nodes/pretext.ts';
import { scan } from '../../nodes/scan.ts';
import { assignmentsOf, bestHead, scoreHeads } from '../../nodes/training/choose-head.ts';
import { diagnose } from '../../nodes/training/diagnose.ts';
import { drawNeighbours } from '../../nodes/training/pairs.ts';
import { random } from '../../nodes/training/random.ts';
import { headsFromKMeans, onlyHead } from '../../nodes/training/start-heads.ts';
import * as reference from '../reference/losses.ts';
import { runNode } from './run-node.ts';
import { pixelNeighbours, purity, shapes, viewsOf } from './shapes.ts';

const images = shapes(90);
const labels = images.labels!.data;
const views = viewsOf({ gain: 0.2, noise: 0.02 });
const neighbours = pixelNeighbours(images, 5);
const world = { device: 'auto', threads: 1, signal: new AbortController().signal, progress: () => {} };

const encoder = async (): Promise<Encoder> =>
  (
    await runNode(
      pretext,
      { images, views },
      { channels: [8, 16], strides: [1, 2], dimension: 8, epochs: 10, batch: 45, learningRate: 1e-2 },
      { seed: 1 },
    )
  ).artifact;

test('heads on cached vectors find the kinds, and the classifier says the same of the images themselves', async () => {
  const trained = await encoder();
  const { artifact: embeddings } = await runNode(embed, { images, encoder: trained }, {});
  const { artifact, progress } = await runNode(
    scan,
    { images, views, encoder: trained, embeddings, neighbours },
    { clusters: 3, heads: 3, steps: 120, batch: 64 },
    { seed: 1 },
  );
  expect(purity(artifact.assigned.data, labels)).toBeGreaterThan(0.95);
  expect(artifact.scores).toHaveLength(3);
  expect(progress.map(({ done, unit }) => `${done} ${unit}`)).toEqual(['50 step', '100 step', '120 step']);
  const again = await classifyImages(images, artifact.network, artifact.weights, artifact.head, world);
  again.data.forEach((p, i) => expect(p).toBeCloseTo(artifact.probabilities!.data[i]!, 3));
});

test('the whole network can be trained, with a linear head on the features started at random', async () => {
  const trained = await encoder();
  const { artifact: embeddings } = await runNode(embed, { images, encoder: trained }, { which: 'features' });
  const params = {
    clusters: 3,
    heads: 2,
    head: 'linear',
    start: 'random',
    train: 'network',
    epochs: 4,
    batch: 30,
    learningRate: 1e-2,
  } as const;
  const { artifact } = await runNode(scan, { images, views, encoder: trained, embeddings, neighbours }, params, { seed: 1 });
  expect(artifact.head).toEqual({ on: 'features', kind: 'linear', clusters: 3, scale: 1 });
  expect(artifact.weights['layer1/filter']).not.toEqual(trained.weights['layer1/filter']);
  expect(artifact.weights['projection/first/weight']).toEqual(trained.weights['projection/first/weight']);
  expect(artifact.curve.at(-1)!).toBeLessThan(artifact.curve[0]!);
});

test('inputs that do not belong together are sentences', async () => {
  const network = {
    architecture: 'small',
    channels: [2],
    input: [6, 6, 1],
    dimension: 3,
    normalise: { divide: 255, mean: [0], deviation: [1] },
  } as const;
  const trained: Encoder = { type: 'encoder', network, weights: {}, curve: [], seen: 0 };
  const vectors = (count: number, dimension: number): Embeddings => ({
    type: 'embeddings',
    normalised: true,
    vectors: ndarray('float32', [count, dimension], new Float32Array(count * dimension)),
  });
  const failing = (embeddings: Embeddings, params = {}): Promise<unknown> =>
    runNode(scan, { images, views, encoder: trained, embeddings, neighbours }, params).catch((error: unknown) => error);
  const failures = [await failing(vectors(10, 3)), await failing(vectors(90, 4)), await failing(vectors(90, 3), { clusters: 91 })];
  expect(failures.every(isKithError)).toBe(true);
});

test('the score of a head is the SCAN loss over all images and all their neighbours, with weight 1', () => {
  const [count, heads, clusters, k] = [6, 2, 3, 2];
  const numbers = random(1).uniform(count * heads * clusters, 0.1, 1);
  const probabilities = ndarray('float32', [count, heads, clusters], numbers.map((x, i) => {
    const row = Math.floor(i / clusters) * clusters;
    return x / (numbers[row]! + numbers[row + 1]! + numbers[row + 2]!);
  })); // prettier-ignore
  const indices = Int32Array.from({ length: count * (k + 1) }, (_, i) => (Math.floor(i / (k + 1)) + (i % (k + 1)) * 2) % count);
  const of = (image: number, head: number): number[] =>
    [...probabilities.data.subarray((image * heads + head) * clusters, (image * heads + head + 1) * clusters)].map(Math.log);
  const scores = scoreHeads(probabilities, { type: 'neighbours', indices: ndarray('int32', [count, k + 1], indices) });
  for (let head = 0; head < heads; head++) {
    const pairs = Array.from(
      { length: count * k },
      (_, i) => [Math.floor(i / k), indices[Math.floor(i / k) * (k + 1) + 1 + (i % k)]!] as const,
    );
    const { consistency, entropy } = reference.scan(
      pairs.map(([i]) => of(i, head)),
      pairs.map(([, j]) => of(j, head)),
      1,
    );
    expect(scores[head]!.consistency).toBeCloseTo(consistency, 5);
    expect(scores[head]!.entropy).toBeCloseTo(entropy, 5);
    expect(scores[head]!.score).toBeCloseTo(consistency - entropy, 5);
  }
  expect(
    bestHead([
      { head: 0, consistency: 0, entropy: 0, score: -1 },
      { head: 1, consistency: 0, entropy: 0, score: -2 },
    ]),
  ).toBe(1);
});

test('one head of several is cut out whole, with its assignments', () => {
  const vectors = ndarray('float32', [40, 4], random(1).normal(160));
  const head = { on: 'projection', kind: 'cosine', clusters: 3, scale: 10 } as const;
  const three = headsFromKMeans(vectors, head, 3, 7);
  const second = onlyHead(three, head, 1);
  expect(second['head/weight']!.shape).toEqual([4, 3]);
  for (let c = 0; c < 3; c++) {
    const column = [0, 1, 2, 3].map((d) => second['head/weight']!.data[d * 3 + c]!);
    expect(column).toEqual([0, 1, 2, 3].map((d) => three['head/weight']!.data[d * 9 + 3 + c]!));
    expect(Math.hypot(...column)).toBeCloseTo(1, 5);
  }
  const probabilities = ndarray('float32', [2, 2, 2], Float32Array.of(0.9, 0.1, 0.2, 0.8, 0.4, 0.6, 0.7, 0.3));
  expect([...assignmentsOf(probabilities, 1).assigned.data]).toEqual([1, 0]);
  expect(assignmentsOf(probabilities, 0).probabilities.data).toEqual(Float32Array.of(0.9, 0.1, 0.4, 0.6));
});

test('an anchor is paired with each of its neighbours about as often, and never with itself', () => {
  const neighbours: Neighbours = { type: 'neighbours', indices: ndarray('int32', [2, 4], Int32Array.of(0, 5, 6, 7, 1, 8, 9, 10)) };
  const others = drawNeighbours(neighbours, new Int32Array(3000), random(1));
  const counts = [5, 6, 7].map((other) => others.filter((one) => one === other).length);
  expect(counts.reduce((a, b) => a + b)).toBe(3000);
  expect(Math.min(...counts)).toBeGreaterThan(900);
});

test('dead and nearly empty clusters are named, with the knob to turn', () => {
  const assigned = (sizes: readonly number[]): Assignments => {
    const all = sizes.flatMap((size, cluster) => new Array<number>(size).fill(cluster));
    return { clusters: sizes.length, assigned: ndarray('int32', [all.length], Int32Array.from(all)) };
  };
  expect(diagnose(assigned([10, 12, 8]), 5)).toEqual([]);
  expect(diagnose(assigned([15, 15, 0]), 5)[0]).toMatch(/Cluster 2 holds no images.*entropyWeight, now 5/);
  expect(diagnose(assigned([50, 49, 1]), 5)).toEqual([expect.stringContaining('Cluster 2 is nearly empty')]);
});
