// Where the rows that a step reads come from: of a data set that the executor holds, where it fits, so that a step is fed their numbers only; else
// the rows themselves are fed. Both ways give the same bytes.
import * as tf from '@tensorflow/tfjs-core';
import type { NdArray } from '../../cache/array.ts';
import { ndarray } from '../../cache/array.ts';
import type { Arrays, Signatures } from '../tensor/executor.ts';
import type { Step } from '../tensor/trace.ts';
import { gatherRows } from './batches.ts';

/**
 * A data set fits where its bytes are at most so many: executors may keep a copy of their own, on a card say (CIFAR-10 has 150 MB), and tfjs' own
 * backends one of four times the size.
 */
export const HELD_AT_MOST = 2 ** 29;

/** Rows of a data set as an input of a step. */
export interface Rows {
  /** What is written beside the step's own state. It stays as it is, and is not read back. */
  readonly state: Arrays;
  readonly signatures: { readonly state: Signatures; readonly feeds: Signatures };
  /** What a step is fed to read these rows. */
  feed(rows: Int32Array): Arrays;
  /** A step for which the rows are a feed, made one that is fed as above. */
  reading(step: Step): Step;
}

/**
 * `count` rows a step under a name; of bytes, the step sees 32-bit numbers. Only bytes are held: executors build other state that stays into
 * their programs.
 */
export function rowsOf(data: NdArray<'uint8'> | NdArray<'float32'>, name: string, count: number, heldAtMost = HELD_AT_MOST): Rows {
  return data.dtype === 'uint8' && data.data.byteLength <= heldAtMost ? held(data, name, count) : fed(data, name, count);
}

function held(data: NdArray<'uint8'>, name: string, count: number): Rows {
  const all = `data/${name}`;
  return {
    state: { [all]: data },
    signatures: {
      state: { [all]: { shape: data.shape, dtype: 'uint8' } },
      feeds: { [name]: { shape: [count], dtype: 'int32' } },
    },
    feed: (rows) => ({ [name]: ndarray('int32', [rows.length], rows) }),
    reading: (step) => (state, feeds) => {
      const next = step(state, { ...feeds, [name]: tf.gather(state[all]!, feeds[name] as tf.Tensor1D) });
      return { ...next, state: { ...next.state, [all]: state[all]! } };
    },
  };
}

function fed(data: NdArray<'uint8'> | NdArray<'float32'>, name: string, count: number): Rows {
  const signature = { shape: [count, ...data.shape.slice(1)], dtype: data.dtype };
  return {
    state: {},
    signatures: { state: {}, feeds: { [name]: signature } },
    feed: (rows) => ({ [name]: gatherRows<'uint8' | 'float32'>(data, rows) }),
    reading: (step) => step,
  };
}
