// Traces as plain data: what is recorded, what is left out, what is refused; and the way from a step to a program.
import '@tensorflow/tfjs-backend-cpu';
import * as tf from '@tensorflow/tfjs-core';
import { describe, expect, test } from 'vitest';
import { ndarray } from '../../../cache/array.ts';
import { isKithError } from '../../../engine/errors.ts';
import type { Signatures, Trace } from '../../../nodes/tensor/executor.ts';
import { compileStep } from '../../../nodes/tensor/program.ts';
import { gradients, type Step, type TensorMap, traceStep } from '../../../nodes/tensor/trace.ts';

const float = (...shape: number[]) => ({ shape, dtype: 'float32' as const });

const traced = (body: (x: TensorMap) => { readonly [name: string]: tf.Tensor }, feeds: Signatures = { x: float(2, 3) }): Trace =>
  traceStep((_, given) => ({ state: {}, results: body(given) }), { state: {}, feeds });

const kernels = ({ operations }: Trace): string[] => operations.map(({ kernel }) => kernel);

describe('a trace', () => {
  test('lists operations in order, with shapes, by number', () => {
    const trace = traced(({ x }) => ({ y: tf.sum(tf.mul(x!, 2), 1) }));
    expect(trace).toEqual({
      values: [float(2, 3), float(), float(2, 3), float(2)],
      state: [],
      feeds: [{ name: 'x', value: 0 }],
      constants: [{ value: 1, array: { dtype: 'float32', shape: [], data: Float32Array.of(2) } }],
      operations: [
        { kernel: 'Multiply', inputs: { a: 0, b: 1 }, attributes: {}, outputs: [2] },
        { kernel: 'Sum', inputs: { x: 2 }, attributes: { axis: [1], keepDims: false }, outputs: [3] },
      ],
      results: [{ name: 'y', value: 3 }],
    });
  });

  test('survives JSON but for its constants’ numbers', () => {
    const { operations } = traced(({ x }) => ({
      y: tf.conv2d(tf.reshape(x!, [1, 2, 3, 1]) as tf.Tensor4D, tf.ones<tf.Rank.R4>([1, 1, 1, 4]), 1, 'same'),
    }));
    expect(JSON.parse(JSON.stringify(operations))).toEqual(operations);
  });

  test('leaves out what no output needs, and does nothing twice', () => {
    expect(kernels(traced(({ x }) => (tf.exp(x!), { y: tf.add(tf.square(x!), tf.square(x!)) })))).toEqual(['Square', 'Add']);
  });

  test('has equal constants once', () => {
    const { constants } = traced(({ x }) => ({
      y: tf.add(tf.mul(x!, 3), 3),
      z: tf.mul(x!, tf.tensor1d([1, 2, 3])),
      w: tf.sub(x!, tf.tensor1d([1, 2, 3])),
    }));
    expect(constants.map(({ array }) => array.shape)).toEqual([[], [3]]);
  });

  test('drops multiplications by one, additions of zero and reshapes to and fro', () => {
    const idle = traced(({ x }) => ({
      y: tf.mul(tf.add(tf.reshape(tf.reshape(x!, [6]), [2, 3]), tf.zerosLike(x!)), tf.onesLike(x!)),
      z: tf.neg(tf.neg(x!)),
    }));
    expect(kernels(idle)).toEqual([]);
    expect(kernels(traced(({ x }) => ({ y: tf.square(tf.mul(tf.sum(x!), tf.ones([4, 4]))) })))).toEqual(['Sum', 'Square', 'BroadcastTo']);
  });

  test('drops transpositions to and fro, and makes two in a row one', () => {
    const turned = (...perms: number[][]): Trace =>
      traced(({ x }) => ({ y: perms.reduce((y, perm) => tf.transpose(y, perm), x!) }), { x: float(2, 3, 4) });
    expect(turned([1, 2, 0], [2, 0, 1]).operations).toEqual([]);
    const [once, ...more] = turned([1, 2, 0], [0, 2, 1]).operations;
    expect([once!.attributes, more]).toEqual([{ perm: [1, 0, 2] }, []]);
  });

  test('knows state that a step does not change', () => {
    const step: Step = ({ a, b }, { x }) => ({ state: { a: a!, b: tf.add(b!, x!) }, results: {} });
    const { state } = traceStep(step, { state: { a: float(2), b: float(2) }, feeds: { x: float(2) } });
    expect(state.map(({ input, output }) => input === output)).toEqual([true, false]);
  });

  test('of gradients holds forward and backward pass', () => {
    const trace = traced(({ x }) => {
      const { value, gradients: slopes } = gradients(({ x }) => ({ value: tf.sum(tf.square(x!)) }), { x: x! });
      return { value, slope: slopes['x']! };
    });
    expect(kernels(trace)).toEqual(['Square', 'Sum', 'Multiply']);
  });

  test('is the same each time, whatever backend was on, and leaves that on', async () => {
    await tf.setBackend('cpu');
    const body = ({ x }: TensorMap) => ({ y: tf.softmax(x!) });
    expect(traced(body)).toEqual(traced(body));
    expect(tf.getBackend()).toBe('cpu');
    const before = tf.memory().numTensors;
    traced(body);
    expect(tf.memory().numTensors).toBe(before);
  });

  test('that fails gives tfjs back too', async () => {
    await tf.setBackend('cpu');
    expect(() => traced(() => { throw new Error('no'); })).toThrow('no'); // prettier-ignore
    expect(tf.getBackend()).toBe('cpu');
    expect(kernels(traced(({ x }) => ({ y: tf.exp(x!) })))).toEqual(['Exp']);
  });
});

const refusal = (act: () => unknown): string => {
  try {
    act();
  } catch (error) {
    if (isKithError(error)) return error.message;
    throw error;
  }
  return 'nothing was refused';
};

describe('a step is refused', () => {
  test('with an operation that cannot be traced, by its name', () => {
    expect(refusal(() => traced(({ x }) => ({ y: tf.topk(x!, 1).values })))).toMatch(/operation TopK cannot be traced/);
  });

  test('when it looks at numbers', () => {
    expect(refusal(() => traced(({ x }) => ({ y: tf.mul(x!, x!.dataSync()[0]!) })))).toMatch(/reads a tensor while it is traced/);
  });

  test('when state is missing or changes shape', () => {
    const state = { a: float(2) };
    expect(() => traceStep(() => ({ state: {}, results: {} }), { state, feeds: {} })).toThrow('returns no state "a"');
    expect(() => traceStep(({ a }) => ({ state: { a: tf.sum(a!) }, results: {} }), { state, feeds: {} })).toThrow(
      'from float32 [2] into float32 []',
    );
  });

  test('with tensors from outside', () => {
    const outside = tf.scalar(1);
    expect(() => traced(({ x }) => ({ y: tf.add(x!, outside) }))).toThrow('tensor from outside');
    outside.dispose();
  });
});

describe('a program', () => {
  const step: Step = ({ total, fixed }, { x }) => ({
    state: { total: tf.add(total!, tf.mul(x!, fixed!)), fixed: fixed! },
    results: { sum: tf.sum(total!) },
  });
  const signatures = { state: { total: float(2), fixed: float() }, feeds: { x: float(2) } };
  const vector = (...values: number[]) => ndarray('float32', [values.length], Float32Array.from(values));
  const scalar = (value: number) => ndarray('float32', [], Float32Array.of(value));

  test('runs a step again and again, state moving on inside', async () => {
    const program = await compileStep(step, signatures, { device: 'auto', threads: 1 });
    await program.write({ total: vector(1, 2), fixed: scalar(10) });
    expect((await program.run({ x: vector(1, 1) }))['sum']).toEqual(scalar(3));
    expect((await program.run({ x: vector(1, 2) }))['sum']).toEqual(scalar(23));
    expect(await program.read()).toEqual({ total: vector(21, 32), fixed: scalar(10) });
    await program.write({ total: vector(0, 0), fixed: scalar(-1) });
    await program.run({ x: vector(1, 2) });
    expect(await program.read()).toEqual({ total: vector(-1, -2), fixed: scalar(-1) });
    await program.dispose();
  });

  test('refuses to run before it has a state, and feeds that do not fit', async () => {
    const program = await compileStep(step, signatures, { device: 'onnx', threads: 1 });
    await expect(program.run({ x: vector(1, 1) })).rejects.toThrow('write() comes first');
    await expect(program.write({ total: vector(1, 2) })).rejects.toThrow('"fixed" is missing');
    await program.write({ total: vector(1, 2), fixed: scalar(1) });
    await expect(program.run({ x: vector(1, 2, 3) })).rejects.toThrow('"x" is float32 [3], not float32 [2]');
    await program.dispose();
  });

  test('of the same step and shapes comes from one trace', async () => {
    let calls = 0;
    const counted: Step = (state, feeds) => (calls++, step(state, feeds));
    for (let i = 0; i < 2; i++) await (await compileStep(counted, signatures, { device: 'onnx', threads: 1 })).dispose();
    expect(calls).toBe(1);
  });
});
