import sharp from 'sharp';
import { describe, expect, it } from 'vitest';
import { ndarray } from '../../cache/array.ts';
import type { Embeddings, Images } from '../../nodes/artifacts.ts';
import { nearestNeighbours } from '../../nodes/clustering/neighbours.ts';
import { digits } from '../../nodes/data/digits.ts';
import { mineNeighbours } from '../../nodes/mine-neighbours.ts';
import { random } from '../../nodes/training/random.ts';
import { runNode } from './run-node.ts';

/** All similarities, sorted. */
const naive = (vectors: Float32Array, count: number, dimension: number, k: number): Int32Array => {
  const row = (i: number): Float32Array => vectors.subarray(i * dimension, (i + 1) * dimension);
  const dot = (a: Float32Array, b: Float32Array): number => a.reduce((sum, x, d) => sum + x * b[d]!, 0);
  return Int32Array.from(
    Array.from({ length: count }, (_, i) => {
      const others = [...Array(count).keys()].filter((j) => j !== i);
      const cosine = others.map((j) => dot(row(i), row(j)) / (Math.sqrt(dot(row(i), row(i)) * dot(row(j), row(j))) || 1));
      const order = [...others.keys()].sort((a, b) => cosine[b]! - cosine[a]! || others[a]! - others[b]!);
      return [i, ...order.slice(0, k).map((at) => others[at]!)];
    }).flat(),
  );
};

describe('nearest neighbours', () => {
  it.each([
    [7, 3, 2],
    [50, 8, 10],
    [600, 5, 4],
    [300, 33, 299],
  ])('of %i vectors of %i numbers are those of all pairs, sorted', (count, dimension, k) => {
    const vectors = random(count).normal(count * dimension);
    expect(nearestNeighbours(vectors, count, dimension, k)).toEqual(naive(vectors, count, dimension, k));
  });

  it('begin with the vector itself also among its doubles, which come by index, across blocks', () => {
    const one = random(1000).normal(9);
    const vectors = new Float32Array(700 * 9);
    for (let i = 0; i < 700; i++) vectors.set(i % 100 === 50 ? one : random(i).normal(9), i * 9);
    const indices = nearestNeighbours(vectors, 700, 9, 6);
    const doubles = [50, 150, 250, 350, 450, 550, 650];
    for (const i of doubles) expect([...indices.subarray(i * 7, i * 7 + 7)]).toEqual([i, ...doubles.filter((j) => j !== i)]);
  });

  it('do not depend on the length of the vectors, and vectors of zeros are near nothing', () => {
    const indices = nearestNeighbours(Float32Array.of(1, 0, 0, 9, 100, 1, 0, 0, -1, -1), 5, 2, 4);
    expect([...indices.subarray(0, 5)]).toEqual([0, 2, 1, 3, 4]);
    expect([...indices.subarray(15, 20)]).toEqual([3, 0, 1, 2, 4]);
  });
});

const embeddings: Embeddings = {
  type: 'embeddings',
  vectors: ndarray('float32', [4, 2], Float32Array.of(1, 0, 1, 0.1, 0, 1, 0.1, 1)),
  normalised: false,
};
const images: Images = {
  type: 'images',
  pixels: ndarray('uint8', [4, 1, 1, 1], Uint8Array.of(0, 80, 160, 240)),
  labels: ndarray('int32', [4], Int32Array.of(0, 0, 1, 0)),
  classes: ['a', 'b'],
  names: ['0', '1', '2', '3'],
  unread: [],
};

describe('the node mineNeighbours', () => {
  it('gives [N, k+1] indices, and purity only where there are labels', async () => {
    const { artifact } = await runNode(mineNeighbours, { embeddings }, { k: 1 });
    expect(artifact.indices.shape).toEqual([4, 2]);
    expect([...artifact.indices.data]).toEqual([0, 1, 1, 0, 2, 3, 3, 2]);
    expect(artifact).not.toHaveProperty('purity');
    expect(mineNeighbours.definition.summarise!(artifact)).toEqual({ line: '1 neighbours of 4 images' });
    const labelled = (await runNode(mineNeighbours, { embeddings, images }, { k: 1 })).artifact;
    expect(labelled.purity).toBe(0.5);
    expect(labelled.indices).toEqual(artifact.indices);
    expect(mineNeighbours.definition.summarise!(labelled)).toEqual({
      line: '1 neighbours of 4 images, 50.0 % of the same class',
      metrics: { purity: 0.5 },
    });
  });

  it('says how large k may be', async () => {
    await expect(runNode(mineNeighbours, { embeddings }, { k: 4 })).rejects.toMatchObject({
      headline: '4 images do not have 4 neighbours each.',
      detail: { hint: expect.stringMatching(/at most 3/) },
    });
  });

  it('refuses images of another number', async () => {
    const { artifact } = await runNode(digits, {}, {});
    await expect(runNode(mineNeighbours, { embeddings, images: artifact }, { k: 1 })).rejects.toMatchObject({
      detail: { facts: ['1797 images, 4 embeddings.'] },
    });
  });

  it('reports and can be cancelled in a long search', async () => {
    const count = 2000;
    const many: Embeddings = { ...embeddings, vectors: ndarray('float32', [count, 2], random(1).normal(count * 2)) };
    const { progress } = await runNode(mineNeighbours, { embeddings: many }, { k: 3 });
    expect(progress[0]).toMatchObject({ total: count, unit: 'image' });
    await expect(runNode(mineNeighbours, { embeddings: many }, { k: 3 }, { signal: AbortSignal.abort(new Error('stop')) })).rejects.toThrow(
      'stop',
    );
  });

  it('draws images beside their neighbours', async () => {
    const { artifact } = await runNode(mineNeighbours, { embeddings }, { k: 2 });
    const [picture] = await mineNeighbours.definition.draw!(artifact, { embeddings, images });
    const { data, info } = await sharp(picture!.bytes).raw().toBuffer({ resolveWithObject: true });
    expect([info.width, info.height]).toEqual([3 * 50 + 2 + 8, 4 * 50 + 2]);
    const at = (x: number, y: number): number => data[(y * info.width + x) * info.channels]!;
    expect([at(10, 10), at(70, 10), at(10, 160), at(56, 10)]).toEqual([0, 80, 240, 255]);
    expect(await mineNeighbours.definition.draw!(artifact, { embeddings, images: undefined })).toEqual([]);
  });
});
