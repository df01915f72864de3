// Helpers of tests that compute with tfjs' own JS backend: random matrices, finite differences, and a check that no tensor is left behind.
import '@tensorflow/tfjs-backend-cpu';
import * as tf from '@tensorflow/tfjs-core';
import { expect } from 'vitest';
import { gradients } from '../../nodes/tensor/gradients.ts';
import { random } from '../../nodes/training/random.ts';
import type { Matrix } from './losses.ts';

/** Gaussian numbers [rows, columns] that depend on the name alone. */
export function matrix(name: string, rows: number, columns: number, deviation = 1): number[][] {
  const numbers = random(1)
    .split(name)
    .normal(rows * columns, 0, deviation);
  return Array.from({ length: rows }, (_, row) => [...numbers.subarray(row * columns, (row + 1) * columns)]);
}

export const unit = (rows: Matrix): number[][] => rows.map((row) => row.map((x) => x / Math.hypot(...row)));

/** Central differences of f at x. */
export function differences(f: (x: Matrix) => number, x: Matrix, step = 1e-5): number[][] {
  const nudged = (row: number, column: number, by: number): Matrix =>
    x.map((r, i) => (i === row ? r.map((v, j) => (j === column ? v + by : v)) : r));
  return x.map((row, i) => row.map((_, j) => (f(nudged(i, j, step)) - f(nudged(i, j, -step))) / (2 * step)));
}

/** Runs on tfjs' JS backend and expects it to leave no tensor behind. */
export async function eagerly<T>(compute: () => T): Promise<T> {
  await tf.setBackend('cpu');
  const before = tf.memory().numTensors;
  const result = tf.tidy(() => ({ result: compute() }) as never) as { result: T };
  expect(tf.memory().numTensors).toBe(before);
  return result.result;
}

/** The gradient of a scalar function at x, as numbers. */
export function gradient(f: (x: tf.Tensor2D) => tf.Scalar, x: Matrix): number[][] {
  const at = { x: tf.tensor2d(x as number[][]) };
  return (gradients(({ x }) => ({ value: f(x as tf.Tensor2D) }), at).gradients['x'] as tf.Tensor2D).arraySync();
}

export function expectClose(actual: Matrix, expected: Matrix, tolerance: number): void {
  const errors = actual.flatMap((row, i) => row.map((x, j) => Math.abs(x - expected[i]![j]!)));
  expect(actual.length).toBe(expected.length);
  expect(Math.max(...errors)).toBeLessThan(tolerance);
}
