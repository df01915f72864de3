// Exact nearest neighbours by cosine, in blocks: memory grows with N·K, never with N·N. Each pair of rows is multiplied once.
import { innerProducts, range, squaredNorms } from './products.ts';

/** Rows of a block: two blocks of 128 numbers a row fit a second-level cache. */
const BLOCK = 256;

/**
 * The k most similar rows of each row by cosine: [count, k+1], the row itself first (also where others are equal to it), then by
 * falling similarity, ties by index. vectors: [count, dimension], of any length; a row of zeros has similarity 0 to all.
 */
export function nearestNeighbours(vectors: Float32Array, count: number, dimension: number, k: number): Int32Array {
  const search = searchNeighbours(vectors, count, dimension, k);
  for (;;) {
    const step = search.next();
    if (step.done) return step.value;
  }
}

/** The same search in steps: yields the share done after each pair of blocks, so that a caller can report and stop; returns the indices. */
export function* searchNeighbours(vectors: Float32Array, count: number, dimension: number, k: number): Generator<number, Int32Array, void> {
  if (k < 1 || k >= count) throw new RangeError(`${count} rows do not have ${k} neighbours each`);
  const scales = squaredNorms({ vectors, dimension }, count).map((norm) => (norm > 0 ? 1 / Math.sqrt(norm) : 0));
  const best = { k, scores: new Float64Array(count * k).fill(-Infinity), indices: new Int32Array(count * k) };
  const data = { vectors, dimension };
  const multiply = innerProducts();
  const products = new Float64Array(BLOCK * BLOCK);
  const blocks = Math.ceil(count / BLOCK);
  let done = 0;
  for (let a = 0; a < count; a += BLOCK) {
    const rows = range(a, Math.min(a + BLOCK, count));
    for (let b = a; b < count; b += BLOCK) {
      const columns = range(b, Math.min(b + BLOCK, count));
      multiply(data, rows, data, columns, products);
      offer(best, products, scales, a, a + rows.length, b, b + columns.length);
      done++;
      yield done / ((blocks * (blocks + 1)) / 2);
    }
  }
  return withSelf(best.indices, count, k);
}

interface Best {
  readonly k: number;
  /** [count, k], falling; equal ones by rising index. */
  readonly scores: Float64Array;
  /** [count, k] */
  readonly indices: Int32Array;
}

/** Offers each pair of rows i in [a, aEnd) and j in [b, bEnd) to both of its ends; within one block each pair once. */
function offer(best: Best, products: Float64Array, scales: Float64Array, a: number, aEnd: number, b: number, bEnd: number): void {
  const { k, scores } = best;
  const width = bEnd - b;
  for (let i = a; i < aEnd; i++) {
    const last = i * k + k - 1;
    for (let j = a === b ? i + 1 : b; j < bEnd; j++) {
      const score = products[(i - a) * width + (j - b)]! * (scales[i]! * scales[j]!);
      if (score >= scores[last]!) insert(best, i, j, score);
      if (score >= scores[j * k + k - 1]!) insert(best, j, i, score);
    }
  }
}

/** Puts `other` into the sorted list of `row` where it belongs, dropping the last; does nothing where it comes after all. */
function insert({ k, scores, indices }: Best, row: number, other: number, score: number): void {
  const start = row * k;
  let at = start + k;
  while (at > start && (score > scores[at - 1]! || (score === scores[at - 1]! && other < indices[at - 1]!))) at--;
  if (at === start + k) return;
  scores.copyWithin(at + 1, at, start + k - 1);
  indices.copyWithin(at + 1, at, start + k - 1);
  scores[at] = score;
  indices[at] = other;
}

function withSelf(indices: Int32Array, count: number, k: number): Int32Array {
  const all = new Int32Array(count * (k + 1));
  for (let i = 0; i < count; i++) {
    all[i * (k + 1)] = i;
    all.set(indices.subarray(i * k, (i + 1) * k), i * (k + 1) + 1);
  }
  return all;
}
