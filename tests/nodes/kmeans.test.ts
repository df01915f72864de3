import { describe, expect, it } from 'vitest';
import { ndarray } from '../../cache/array.ts';
import type { Embeddings, Images } from '../../nodes/artifacts.ts';
import { kMeans, kMeansOnce } from '../../nodes/clustering/k-means.ts';
import { innerProducts } from '../../nodes/clustering/products.ts';
import { digits } from '../../nodes/data/digits.ts';
import { kmeans } from '../../nodes/kmeans.ts';
import { evaluate } from '../../nodes/evaluate.ts';
import { random } from '../../nodes/training/random.ts';
import { runNode } from './run-node.ts';

const points = (count: number, dimension: number, seed: number): Float32Array => random(seed).normal(count * dimension);

const naiveInertia = (vectors: Float32Array, dimension: number, clusters: number, assigned: ArrayLike<number>): number => {
  let sum = 0;
  for (let cluster = 0; cluster < clusters; cluster++) {
    const members = Array.from(assigned, (of, i) => (of === cluster ? i : -1)).filter((i) => i >= 0);
    for (let d = 0; d < dimension; d++) {
      const values = members.map((i) => vectors[i * dimension + d]!);
      const mean = values.reduce((a, b) => a + b, 0) / values.length;
      for (const value of values) sum += (value - mean) ** 2;
    }
  }
  return sum;
};

/** Lowest inertia of all partitions. */
const bruteForce = (vectors: Float32Array, count: number, dimension: number, clusters: number): number => {
  let best = Infinity;
  for (let code = 0; code < clusters ** count; code++) {
    const assigned = Array.from({ length: count }, (_, i) => Math.floor(code / clusters ** i) % clusters);
    best = Math.min(best, naiveInertia(vectors, dimension, clusters, assigned));
  }
  return best;
};

/** The textbook: every distance, every time. */
const lloyd = (vectors: Float32Array, count: number, dimension: number, start: Float32Array): Int32Array => {
  const clusters = start.length / dimension;
  let centres = start;
  let assigned = new Int32Array(count).fill(-1);
  for (;;) {
    const next = new Int32Array(count);
    for (let i = 0; i < count; i++) {
      const distances = Array.from({ length: clusters }, (_, c) => {
        let sum = 0;
        for (let d = 0; d < dimension; d++) sum += (vectors[i * dimension + d]! - centres[c * dimension + d]!) ** 2;
        return sum;
      });
      next[i] = distances.indexOf(Math.min(...distances));
    }
    if (next.every((cluster, i) => cluster === assigned[i])) return assigned;
    assigned = next;
    centres = new Float32Array(start.length).map((_, k) => {
      const cluster = Math.floor(k / dimension);
      const members = [...assigned.keys()].filter((i) => assigned[i] === cluster);
      return members.reduce((sum, i) => sum + vectors[i * dimension + (k % dimension)]!, 0) / members.length;
    });
  }
};

describe('inner products', () => {
  it.each([
    [1, 1, 1],
    [2, 4, 2],
    [3, 5, 7],
    [5, 3, 64],
    [4, 9, 33],
  ])('are those of two loops, %i rows by %i rows of %i', (rows, columns, dimension) => {
    const [a, b] = [points(rows, dimension, 1), points(columns, dimension, 2)];
    const out = new Float64Array(rows * columns);
    const order = Int32Array.from({ length: rows }, (_, i) => rows - 1 - i);
    innerProducts()(
      { vectors: a, dimension },
      order,
      { vectors: b, dimension },
      Int32Array.from({ length: columns }, (_, i) => i),
      out,
    );
    for (let r = 0; r < rows; r++) {
      for (let c = 0; c < columns; c++) {
        let sum = 0;
        for (let d = 0; d < dimension; d++) sum += a[order[r]! * dimension + d]! * b[c * dimension + d]!;
        expect(out[r * columns + c]).toBeCloseTo(sum, 10);
      }
    }
  });

  it('do not depend on what a larger call left in memory', () => {
    const multiply = innerProducts();
    const ones = new Float32Array(200).fill(1);
    multiply(
      { vectors: ones, dimension: 10 },
      Int32Array.from({ length: 20 }, (_, i) => i),
      { vectors: ones, dimension: 10 },
      Int32Array.of(0, 1, 2),
      new Float64Array(60),
    );
    const out = new Float64Array(1);
    multiply({ vectors: ones, dimension: 3 }, Int32Array.of(0), { vectors: ones, dimension: 3 }, Int32Array.of(1), out);
    expect(out[0]).toBe(3);
  });
});

describe('k-means', () => {
  it('finds the best of all partitions of a few points', () => {
    for (let seed = 0; seed < 3; seed++) {
      const vectors = points(8, 2, seed);
      const { inertia, assigned } = kMeans(vectors, { count: 8, dimension: 2, clusters: 3, restarts: 30, seed, tolerance: 0 });
      expect(inertia).toBeCloseTo(bruteForce(vectors, 8, 2, 3), 5);
      expect(inertia).toBeCloseTo(naiveInertia(vectors, 2, 3, assigned), 5);
    }
  });

  it('skips distances without changing the result: a last step of the textbook moves nothing', () => {
    for (let seed = 0; seed < 5; seed++) {
      const vectors = points(400, 5, seed);
      const { assigned, centres } = kMeansOnce(vectors, { count: 400, dimension: 5, clusters: 7, seed, tolerance: 0 }, 0);
      expect(lloyd(vectors, 400, 5, centres)).toEqual(assigned);
    }
  });

  it('reaches the inertia of scikit-learn on the pixels of the digits', async () => {
    const { artifact: images } = await runNode(digits, {}, {});
    const values = Float32Array.from(images.pixels.data, (pixel) => Math.round((pixel * 16) / 255));
    // KMeans(10, n_init=10).fit(load_digits().data).inertia_ is 1165189, 1165248, 1165224 for random_state 0, 1, 2.
    expect(kMeans(values, { count: 1797, dimension: 64, clusters: 10, seed: 0 }).inertia).toBeLessThan(1_165_500);
    expect(kMeans(values, { count: 1797, dimension: 64, clusters: 10, seed: 1, init: 'random' }).inertia).toBeLessThan(1_166_000);
  });

  it('gives the same bytes for the same seed, and the best of its restarts', () => {
    const vectors = points(300, 4, 1);
    const options = { count: 300, dimension: 4, clusters: 8, seed: 7 };
    const best = kMeans(vectors, { ...options, restarts: 5 });
    expect(kMeans(vectors, { ...options, restarts: 5 })).toEqual(best);
    const all = Array.from({ length: 5 }, (_, restart) => kMeansOnce(vectors, options, restart).inertia);
    expect(best.inertia).toBe(Math.min(...all));
    expect(new Set(all).size).toBeGreaterThan(1);
  });

  it('leaves no cluster empty where the points differ', () => {
    // Nine points on one spot and three elsewhere: centres started at random often share the spot.
    const vectors = Float32Array.of(...new Array<number>(18).fill(0), 5, 5, -5, 5, 5, -5);
    for (let seed = 0; seed < 20; seed++) {
      const { assigned, inertia } = kMeansOnce(vectors, { count: 12, dimension: 2, clusters: 4, seed, init: 'random' }, 0);
      expect(new Set(assigned).size).toBe(4);
      expect(inertia).toBe(0);
    }
  });

  it('ends where all points are the same', () => {
    const { inertia, assigned } = kMeans(new Float32Array(20).fill(3), { count: 10, dimension: 2, clusters: 3, seed: 0 });
    expect(inertia).toBe(0);
    expect([...assigned]).toEqual(new Array(10).fill(0));
  });

  it('makes each of n points a cluster of n', () => {
    const { inertia } = kMeans(points(9, 3, 2), { count: 9, dimension: 3, clusters: 9, seed: 0 });
    expect(inertia).toBeCloseTo(0, 10);
  });
});

const embeddings: Embeddings = {
  type: 'embeddings',
  vectors: ndarray('float32', [4, 2], Float32Array.of(1, 0, 9, 0.1, 0, 1, 0.1, 9)),
  normalised: false,
};
const images: Images = { type: 'images', pixels: ndarray('uint8', [2, 1, 1, 1], Uint8Array.of(0, 255)), names: ['a', 'b'], unread: [] };

describe('the node kmeans', () => {
  it('clusters embeddings, scaled to length 1 where asked', async () => {
    const { artifact, progress } = await runNode(kmeans, { embeddings }, { clusters: 2, restarts: 3, normalise: true });
    expect(artifact.assigned.data[0]).toBe(artifact.assigned.data[1]);
    expect(artifact.assigned.data[2]).toBe(artifact.assigned.data[3]);
    expect(artifact.assigned.data[0]).not.toBe(artifact.assigned.data[2]);
    expect(artifact.centres.shape).toEqual([2, 2]);
    expect(progress.map(({ done }) => done)).toEqual([1, 2]);
    expect(kmeans.definition.summarise!(artifact)).toMatchObject({ line: '4 vectors in 2 clusters of 2–2 members' });
  });

  it('clusters the pixels of images as numbers of 0–1', async () => {
    const { artifact } = await runNode(kmeans, { images }, { clusters: 2 });
    expect([...artifact.centres.data].sort()).toEqual([0, 1]);
  });

  it('wants embeddings or images, not both and not neither', async () => {
    await expect(runNode(kmeans, { images, embeddings }, {})).rejects.toMatchObject({
      headline: 'kmeans was given embeddings and images.',
    });
    await expect(runNode(kmeans, {}, {})).rejects.toMatchObject({ headline: 'kmeans has nothing to cluster.' });
  });

  it('says that there are fewer images than clusters', async () => {
    await expect(runNode(kmeans, { images }, { clusters: 3 })).rejects.toMatchObject({ headline: '2 images cannot make 3 clusters.' });
  });

  it('stops between two starts when it is cancelled', async () => {
    await expect(runNode(kmeans, { images }, { clusters: 2 }, { signal: AbortSignal.abort(new Error('stop')) })).rejects.toThrow('stop');
  });

  it('sorts about 79 % of the digits by their pixels', async () => {
    const { artifact: all } = await runNode(digits, {}, {});
    const { artifact: assignments } = await runNode(kmeans, { images: all }, { clusters: 10 });
    const { artifact: scores } = await runNode(evaluate, { images: all, assignments }, {});
    expect(scores.acc).toBeGreaterThan(0.78);
    expect(scores.acc).toBeLessThan(0.81);
    expect(scores.nmi).toBeCloseTo(0.742, 1);
  });
});
