// Images as plain vectors: what the cheap baselines and the guard of self-labelling look at.
import type { Images } from '../artifacts.ts';

/** Rows of numbers: [count, dimension]. */
export interface Vectors {
  readonly vectors: Float32Array;
  readonly count: number;
  readonly dimension: number;
}

/** Pixels / 255 of each image in a row: [N, H·W·C], 0–1. */
export function pixelVectors({ pixels }: Images): Vectors {
  const count = pixels.shape[0]!;
  const vectors = new Float32Array(pixels.data.length);
  for (let i = 0; i < vectors.length; i++) vectors[i] = pixels.data[i]! / 255;
  return { vectors, count, dimension: count === 0 ? 0 : vectors.length / count };
}

/** Copies the rows, each divided by its length; a row of zeros stays. */
export function unitRows({ vectors, count, dimension }: Vectors): Vectors {
  const rows = Float32Array.from(vectors);
  for (let i = 0; i < count; i++) {
    const row = rows.subarray(i * dimension, (i + 1) * dimension);
    const length = Math.sqrt(row.reduce((sum, x) => sum + x * x, 0)) || 1;
    for (let d = 0; d < dimension; d++) row[d]! /= length;
  }
  return { vectors: rows, count, dimension };
}
