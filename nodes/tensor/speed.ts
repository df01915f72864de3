// How fast a device multiplies matrices and passes through memory, measured now, by steps like any other.
import * as tf from '@tensorflow/tfjs-core';
import { ndarray, type NdArray } from '../../cache/array.ts';
import type { Arrays } from './executor.ts';
import { compileStep, type Machine } from './program.ts';
import type { Step } from './trace.ts';

/** Rows and columns of the matrices. */
const SIDE = 1024;
/** Elements of an array that no cache holds: 32 MB. */
const ELEMENTS = 1 << 23;
const FLOAT_BYTES = 4;
const ROUNDS = 5;
/** Turns of the three operations in a step, so that fresh memory for its results weighs little. */
const TURNS = 2;

/** 10⁹ floating-point operations a second in products of 1024×1024 matrices. */
export async function multiplications(machine: Machine): Promise<number> {
  const square = filled([SIDE, SIDE], 1 / SIDE);
  const step: Step = ({ a, b }) => ({ state: { a: tf.matMul(a as tf.Tensor2D, b as tf.Tensor2D), b: b! }, results: {} });
  return (2 * SIDE ** 3) / (await seconds(step, { a: square, b: square }, machine)) / 1e9;
}

/** 10⁹ bytes a second read and written by sums and differences of large arrays. */
export async function bandwidth(machine: Machine): Promise<number> {
  const step: Step = (state) => {
    let { a, b } = state as { a: tf.Tensor; b: tf.Tensor };
    for (let turn = 0; turn < TURNS; turn++) {
      const sum = tf.add(a, b);
      b = tf.sub(sum, a); // as before, so that numbers stay as they are
      a = tf.sub(sum, b);
    }
    return { state: { a, b }, results: {} };
  };
  const arrays = { a: filled([ELEMENTS], 1), b: filled([ELEMENTS], 2) };
  const [operations, arraysEach] = [3 * TURNS, 3];
  return (operations * arraysEach * ELEMENTS * FLOAT_BYTES) / (await seconds(step, arrays, machine)) / 1e9;
}

const filled = (shape: readonly number[], value: number): NdArray<'float32'> =>
  ndarray('float32', shape, new Float32Array(shape.reduce((product, side) => product * side, 1)).fill(value));

/** Median time of a step, after one that warms up. */
async function seconds(step: Step, state: Arrays, machine: Machine): Promise<number> {
  const signatures = Object.fromEntries(Object.entries(state).map(([name, { shape }]) => [name, { shape, dtype: 'float32' as const }]));
  const program = await compileStep(step, { state: signatures, feeds: {} }, machine);
  try {
    await program.write(state);
    await program.run({});
    const times: number[] = [];
    for (let round = 0; round < ROUNDS; round++) {
      const started = performance.now();
      await program.run({});
      times.push((performance.now() - started) / 1000);
    }
    return times.sort((a, b) => a - b)[(ROUNDS - 1) / 2]!;
  } finally {
    await program.dispose();
  }
}
