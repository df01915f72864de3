// Data sets as state: bytes that an executor keeps as they are stored, and from which steps read rows.
import '@tensorflow/tfjs-backend-cpu';
import * as tf from '@tensorflow/tfjs-core';
import { expect, test } from 'vitest';
import { ndarray } from '../../../cache/array.ts';
import { type Step, traceStep } from '../../../nodes/tensor/trace.ts';
import { EXECUTORS } from './executors.ts';

const data = ndarray('uint8', [4, 3], Uint8Array.of(0, 1, 2, 10, 11, 12, 100, 101, 102, 253, 254, 255));
const rows = (...numbers: number[]) => ({ rows: ndarray('int32', [numbers.length], Int32Array.from(numbers)) });
const signatures = (count: number) => ({
  state: { data: { shape: [4, 3], dtype: 'uint8' as const }, total: { shape: [3], dtype: 'float32' as const } },
  feeds: { rows: { shape: [count], dtype: 'int32' as const } },
});

/** Adds up rows of the data, as fractions of 256. */
const step: Step = ({ data, total }, { rows }) => {
  const chosen = tf.div(tf.cast(tf.gather(data!, rows!), 'float32'), 256);
  return { state: { data: data!, total: tf.add(total!, tf.sum(chosen, 0)) }, results: { chosen } };
};

test('a step reads rows of bytes before it widens them', () => {
  const { operations, values, state } = traceStep(step, signatures(2));
  expect(operations.slice(0, 2).map(({ kernel, attributes }) => [kernel, attributes])).toEqual([
    ['GatherV2', { axis: 0, batchDims: 0 }],
    ['Cast', { dtype: 'float32' }],
  ]);
  expect(values[operations[0]!.outputs[0]!]).toEqual({ shape: [2, 3], dtype: 'uint8' });
  expect(state[0]!.output).toBe(state[0]!.input);
});

test('what is not read by rows is widened whole; a step cannot change bytes', () => {
  const sum: Step = ({ data }) => ({ state: { data: data! }, results: { sum: tf.sum(data!) } });
  const only = { state: { data: { shape: [4, 3], dtype: 'uint8' as const } }, feeds: {} };
  expect(traceStep(sum, only).operations.map(({ kernel }) => kernel)).toEqual(['Cast', 'Sum']);
  const changed: Step = ({ data }) => ({ state: { data: tf.add(data!, 1) }, results: {} });
  expect(() => traceStep(changed, only)).toThrow('uint8');
});

for (const { name, executor } of EXECUTORS) {
  test(`${name}: rows are what they are, step after step, and what is read back holds no data`, async () => {
    const program = await executor.compile(traceStep(step, signatures(2)), { threads: 1 });
    const total = ndarray('float32', [3], new Float32Array(3));
    await program.write({ data, total });
    const first = await program.run(rows(3, 0));
    expect([...first['chosen']!.data]).toEqual([...Float32Array.of(253 / 256, 254 / 256, 255 / 256, 0, 1 / 256, 2 / 256)]);
    await program.run(rows(1, 1));
    const state = await program.read();
    expect(Object.keys(state)).toEqual(['total']);
    expect(state['total']!.data[1]).toBeCloseTo((254 + 1 + 22) / 256, 6);
    await program.write({ ...state, data: ndarray('uint8', [4, 3], data.data.toReversed()) });
    expect((await program.run(rows(0, 0)))['chosen']!.data[0]).toBe(255 / 256);
    await program.dispose();
  });

  test(`${name}: bytes may be fed as well`, async () => {
    const widened: Step = (state, { bytes }) => ({ state, results: { sum: tf.sum(tf.cast(bytes!, 'float32')), same: bytes! } });
    const trace = traceStep(widened, { state: {}, feeds: { bytes: { shape: [4, 3], dtype: 'uint8' } } });
    const program = await executor.compile(trace, { threads: 1 });
    await program.write({});
    const { sum, same } = await program.run({ bytes: data });
    expect(sum!.data[0]).toBe(data.data.reduce((a, b) => a + b));
    expect([...same!.data]).toEqual([...data.data]);
    await program.dispose();
  });
}
