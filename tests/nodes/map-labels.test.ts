import { describe, expect, it } from 'vitest';
import { ndarray } from '../../cache/array.ts';
import type { Assignments, Images } from '../../nodes/artifacts.ts';
import { mapLabels } from '../../nodes/map-labels.ts';
import { runNode } from './run-node.ts';

const images = (labels: readonly number[] | undefined, classes = ['cat', 'dog', 'ship']): Images => {
  const count = labels?.length ?? 3;
  return {
    type: 'images',
    pixels: ndarray('uint8', [count, 1, 1, 1], new Uint8Array(count)),
    ...(labels ? { labels: ndarray('int32', [count], Int32Array.from(labels)), classes } : {}),
    names: Array.from({ length: count }, (_, i) => String(i)),
    unread: [],
  };
};
const assignments = (assigned: readonly number[], clusters = 3): Assignments => ({
  clusters,
  assigned: ndarray('int32', [assigned.length], Int32Array.from(assigned)),
});

const LABELS = [0, 0, 0, 0, 1, 1, 1, 2, 2, 2];
const CLUSTERS = [2, 2, 2, 1, 0, 0, 2, 2, 2, 1];

const map = async (params: Parameters<typeof mapLabels>[1], labels = LABELS, clusters = CLUSTERS, count = 3) =>
  (await runNode(mapLabels, { images: images(labels), assignments: assignments(clusters, count) }, params ?? {})).artifact;

describe('the mapping of clusters to classes', () => {
  it('is the best one-to-one matching by default', async () => {
    const mapping = await map({});
    expect([...mapping.classOf.data]).toEqual([1, 2, 0]);
    expect(mapping.notes).toEqual([]);
    expect(mapLabels.definition.summarise!(mapping)).toEqual({ line: '3 of 3 clusters stand for 3 of 3 classes (hungarian)' });
  });

  it('by majority may leave a class without a cluster, and says so', async () => {
    const mapping = await map({ method: 'majority' });
    expect([...mapping.classOf.data]).toEqual([1, 0, 0]);
    expect(mapping.notes).toEqual(['No cluster stands for ship.']);
    expect(mapLabels.definition.summarise!(mapping).warnings).toEqual(mapping.notes);
  });

  it('leaves clusters over where there are more of them than classes', async () => {
    const mapping = await map({}, [0, 0, 1, 1], [0, 3, 1, 1], 5);
    expect([...mapping.classOf.data].filter((row) => row >= 0)).toHaveLength(3);
    expect(mapping.classOf.data[1]).toBe(1);
  });

  it('by mode names a dispute, its winner and the next clusters of the loser', async () => {
    const mapping = await map({ method: 'mode' });
    expect([...mapping.classOf.data]).toEqual([1, -1, 0]);
    expect(mapping.common[2]).toEqual({
      class: 'ship',
      clusters: [
        { cluster: 2, count: 2 },
        { cluster: 1, count: 1 },
      ],
    });
    expect(mapping.notes).toEqual([
      "Both cat and ship (2 images) claim cluster 2; cat has it. Next for ship: 1 (1); overrides: { 'ship': 1 } would take the first.",
    ]);
  });

  it('by mode is settled by an override', async () => {
    const mapping = await map({ method: 'mode', overrides: { ship: 1 } });
    expect([...mapping.classOf.data]).toEqual([1, 2, 0]);
    expect(mapping.notes).toEqual([]);
  });

  it('gives an override the cluster that another class claims', async () => {
    const mapping = await map({ method: 'mode', overrides: { ship: 2 } });
    expect([...mapping.classOf.data]).toEqual([1, -1, 2]);
    expect(mapping.notes).toEqual([
      "Both ship and cat (3 images) claim cluster 2; ship has it. Next for cat: 1 (1); overrides: { 'cat': 1 } would take the first.",
    ]);
  });

  it('puts overrides over a matching', async () => {
    expect([...(await map({ overrides: { cat: 1 } })).classOf.data]).toEqual([1, 0, -1]);
    expect([...(await map({ method: 'majority', overrides: { ship: 1 } })).classOf.data]).toEqual([1, 2, 0]);
  });

  it('by mode looks at so many images of each class only, evenly spaced', async () => {
    const mapping = await map({ method: 'mode', samples: 2 });
    expect(mapping.common[0]).toEqual({ class: 'cat', clusters: [{ cluster: 2, count: 2 }] });
    expect(mapping.common[1]).toEqual({ class: 'dog', clusters: [{ cluster: 0, count: 2 }] });
  });

  it('is content with the labels of a few images', async () => {
    const mapping = await map({}, [-1, 0, -1, -1, -1, 1, -1, -1, -1, 2]);
    expect([...mapping.classOf.data]).toEqual([1, 2, 0]);
  });

  it('says that it needs a few labels', async () => {
    const refusal = {
      headline: 'Mapping clusters to classes needs a few labels, and these images have none.',
      detail: { hint: expect.stringMatching(/class folders/) },
    };
    await expect(runNode(mapLabels, { images: images(undefined), assignments: assignments([0, 1, 2]) }, {})).rejects.toMatchObject(refusal);
    await expect(runNode(mapLabels, { images: images([-1, -1, -1]), assignments: assignments([0, 1, 2]) }, {})).rejects.toMatchObject(
      refusal,
    );
  });

  it('refuses overrides that do not fit, in sentences', async () => {
    const facts = (fact: string | RegExp): object => ({
      headline: 'The overrides of the mapping do not fit.',
      detail: { facts: [expect.stringMatching(fact)] },
    });
    await expect(map({ overrides: { cta: 1 } })).rejects.toMatchObject(facts('There is no class "cta"; did you mean "cat"?'));
    await expect(map({ overrides: { cat: 3 } })).rejects.toMatchObject(facts('cat: there is no cluster 3.'));
    await expect(map({ overrides: { cat: 1, dog: 1 } })).rejects.toMatchObject(facts('Cluster 1 is given to cat and to dog.'));
  });

  it('refuses assignments of other images', async () => {
    await expect(map({}, [0, 1])).rejects.toMatchObject({
      headline: 'The assignments belong to other images.',
      detail: { facts: ['2 images, 10 assignments.'] },
    });
  });
});
