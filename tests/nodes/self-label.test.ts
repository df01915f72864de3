import { expect, test } from 'vitest';
import { ndarray } from '../../cache/array.ts';
import { isKithError } from '../../engine/errors.ts';
import type { Classifier, NetworkSpec, Neighbours } from '../../nodes/artifacts.ts';
import { initialise, linearWeights } from '../../nodes/networks/network.ts';
import { selfLabel } from '../../nodes/self-label.ts';
import { judge } from '../../nodes/training/guard.ts';
import { random } from '../../nodes/training/random.ts';
import { clusterWeights, trustedImages } from '../../nodes/training/trusted-labels.ts';
import { runNode } from './run-node.ts';
import { pixelNeighbours, purity, shapes, viewsOf } from './shapes.ts';

const images = shapes(90);
const labels = images.labels!.data;
const views = viewsOf({ gain: 0.2, noise: 0.02 });
const neighbours = pixelNeighbours(images, 5);
const network: NetworkSpec = {
  architecture: 'small',
  channels: [8],
  strides: [2],
  input: [6, 6, 1],
  dimension: 6,
  normalise: { divide: 255, mean: [0], deviation: [1] },
};

/** An untrained network that is said to have assigned the images so, with this certainty. */
function classifier(assigned: Int32Array, certainty = 0.999): Classifier {
  const probabilities = new Float32Array(assigned.length * 3).fill((1 - certainty) / 2);
  assigned.forEach((cluster, i) => (probabilities[i * 3 + cluster] = certainty));
  return {
    type: 'classifier',
    network,
    weights: { ...initialise(network, random(1)), ...Object.fromEntries(linearWeights({ name: 'head', from: 6, to: 3 }, random(2))) },
    head: { on: 'projection', kind: 'cosine', clusters: 3, scale: 10 },
    scores: [],
    curve: [],
    notes: [],
    warnings: [],
    clusters: 3,
    assigned: ndarray('int32', [assigned.length], assigned),
    probabilities: ndarray('float32', [assigned.length, 3], probabilities),
  };
}

/** Two images of another kind are called wrong. */
const nearlyRight = labels.map((label, i) => (i === 0 ? 1 : i === 31 ? 2 : label));
const quick = { epochs: 40, batch: 30, learningRate: 1e-2 };

test('labels on which neighbours agree are learned, and the wrong ones among them are corrected', async () => {
  const { artifact, progress } = await runNode(selfLabel, { images, views, classifier: classifier(nearlyRight), neighbours }, quick, {
    seed: 1,
  });
  expect(purity(artifact.assigned.data, labels)).toBe(1);
  expect(artifact.notes[0]).toMatch(/^Learned from 7\d of 90 images/);
  expect(artifact.notes[1]).toMatch(/^The guard accepted/);
  expect(progress.at(-1)).toMatchObject({ done: 40, total: 40, unit: 'epoch', throughput: { of: 'images' } });
});

test('a result that the guard rejects is thrown away and the classifier kept, with a warning', async () => {
  const before = classifier(labels.slice());
  const { artifact } = await runNode(
    selfLabel,
    { images, views, classifier: before, neighbours },
    { epochs: 1, learningRate: 1e-9 },
    { seed: 1 },
  );
  const { warnings, ...rest } = artifact;
  const { warnings: _, ...same } = before;
  expect(rest).toEqual(same);
  expect(warnings).toEqual([expect.stringMatching(/^The guard rejected the result, so the classifier before it is kept/)]);
  const { artifact: unguarded } = await runNode(
    selfLabel,
    { images, views, classifier: before, neighbours },
    { epochs: 1, learningRate: 1e-9, guard: false },
    { seed: 1 },
  );
  expect(unguarded.assigned).not.toEqual(before.assigned);
});

test('without a label to trust nothing is changed, whichever the method', async () => {
  const random3 = random(5).integers(90, 3);
  const doubtful = classifier(random3, 0.5);
  for (const params of [{ agreement: 1 }, { method: 'confidence' }] as const) {
    const { artifact } = await runNode(selfLabel, { images, views, classifier: doubtful, neighbours: opposed(random3) }, params);
    expect(artifact.weights).toEqual(doubtful.weights);
    expect(artifact.warnings).toEqual([
      expect.stringMatching(/^Self-labelling changed nothing: the labels of 0 of 90 images can be trusted/),
    ]);
  }
});

/** Neighbours of other clusters only. */
function opposed(assigned: Int32Array): Neighbours {
  const indices = Array.from(assigned, (cluster, i) => [i, assigned.findIndex((other) => other !== cluster)]).flat();
  return { type: 'neighbours', indices: ndarray('int32', [assigned.length, 2], Int32Array.from(indices)) };
}

test("the reference's way learns from the labels of the moment and survives a batch without a confident image", async () => {
  const params = { method: 'confidence', threshold: 0.9, epochs: 2, batch: 30, guard: false } as const;
  const { artifact } = await runNode(selfLabel, { images, views, classifier: classifier(nearlyRight), neighbours }, params, { seed: 1 });
  expect(artifact.curve).toHaveLength(2);
  expect(artifact.curve.every(Number.isFinite)).toBe(true);
});

test('a set of other images is refused', async () => {
  const failure = await runNode(selfLabel, { images: shapes(30), views, classifier: classifier(nearlyRight), neighbours }, quick).catch(
    (error: unknown) => error,
  );
  expect(isKithError(failure)).toBe(true);
});

test('trusted are images of which the asked share of the nearest neighbours carries the same label', () => {
  const assigned = ndarray('int32', [5], Int32Array.of(0, 0, 0, 1, 1));
  const indices = Int32Array.of(0, 1, 2, 1, 0, 3, 2, 3, 4, 3, 4, 0, 4, 3, 0);
  const all: Neighbours = { type: 'neighbours', indices: ndarray('int32', [5, 3], indices) };
  expect([...trustedImages({ clusters: 2, assigned }, all, 1, 10)]).toEqual([0]);
  expect([...trustedImages({ clusters: 2, assigned }, all, 0.5, 10)]).toEqual([0, 1, 3, 4]);
  expect([...trustedImages({ clusters: 2, assigned }, all, 1, 1)]).toEqual([0, 1, 3, 4]);
});

test('cluster weights make every cluster weigh the same, and the images 1 on average', () => {
  const assignments = { clusters: 3, assigned: ndarray('int32', [6], Int32Array.of(0, 0, 0, 0, 1, 2)) };
  const weights = clusterWeights(assignments, Int32Array.of(0, 1, 2, 4));
  expect([...weights]).toEqual([2 / 3, 2, 0].map(Math.fround));
  expect(3 * weights[0]! + weights[1]!).toBeCloseTo(4, 6);
});

test('the guard accepts what is as good, and rejects scattered labels and a shrunken cluster', () => {
  const before = classifier(labels.slice());
  expect(judge(images, before, before).accepted).toBe(true);
  const scattered = classifier(labels.map((label, i) => (i % 9 === 0 ? (label + 1) % 3 : label)));
  expect(judge(images, before, scattered).accepted).toBe(false);
  const merged = classifier(labels.map((label) => (label === 2 ? 1 : label)));
  expect(judge(images, before, merged)).toMatchObject({ accepted: false, note: expect.stringContaining('from 30 to 0 images') as string });
});
