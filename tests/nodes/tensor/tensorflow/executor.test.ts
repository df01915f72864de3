// Programs in TensorFlow's sessions, on the library that KITH_TENSORFLOW names.
import { spawnSync } from 'node:child_process';
import * as tf from '@tensorflow/tfjs-core';
import { describe, expect, test } from 'vitest';
import { ndarray } from '../../../../cache/array.ts';
import type { Arrays, Executor, Program, Signatures } from '../../../../nodes/tensor/executor.ts';
import { type Step, traceStep } from '../../../../nodes/tensor/trace.ts';
import { executorOn, missing } from '../libraries.ts';
import { distance, numbers, signaturesOf } from '../parity.ts';

const why = missing('KITH_TENSORFLOW');

const open = async (executor: Executor, step: Step, state: Arrays, feeds: Signatures): Promise<Program> => {
  const program = await executor.compile(traceStep(step, { state: signaturesOf(state), feeds }), { threads: 2 });
  await program.write(state);
  return program;
};

const matrix = (side: number): Signatures[string] => ({ shape: [side, side], dtype: 'float32' });

describe.skipIf(why)(`TensorFlow${why ? ` (skipped: ${why})` : ''}`, () => {
  test('says its version and where it comes from, and is loaded once', () => {
    expect(executorOn('KITH_TENSORFLOW').version).toMatch(/^TensorFlow 2\.\d+\.\d+ \(KITH_TENSORFLOW\)$/);
    expect(executorOn('KITH_TENSORFLOW')).toBe(executorOn('KITH_TENSORFLOW'));
  });

  test('has memory of its own where it has a GPU only', () => {
    const { status } = spawnSync('nvidia-smi', ['-L']);
    const { memory } = executorOn('KITH_TENSORFLOW');
    if (status !== 0) expect(memory!()).toBeUndefined();
    else expect(memory!() ?? 2 ** 30).toBeGreaterThanOrEqual(2 ** 30);
  });

  test('runs beside the event loop, which turns meanwhile', async () => {
    const step: Step = (_, { x }) => {
      let y = x as tf.Tensor2D;
      for (let i = 0; i < 8; i++) y = tf.matMul(y, y);
      return { state: {}, results: { y } };
    };
    const program = await open(executorOn('KITH_TENSORFLOW'), step, {}, { x: matrix(700) });
    let [turns, isRunning] = [0, true];
    const turn = (): void => {
      turns++;
      if (isRunning) setImmediate(turn);
    };
    turn();
    await program.run({ x: numbers(1, [700, 700], -0.01, 0.01) });
    isRunning = false;
    expect(turns).toBeGreaterThan(20);
    await program.dispose();
  });

  test("fails in sentences that name the operation, its inputs and TensorFlow's own reason, and works on", async () => {
    const step: Step = (_, { x, i }) => ({ state: {}, results: { y: tf.gather(tf.square(x!), i as tf.Tensor1D) } });
    const program = await open(
      executorOn('KITH_TENSORFLOW'),
      step,
      {},
      { x: { shape: [3], dtype: 'float32' }, i: { shape: [2], dtype: 'int32' } },
    );
    const run = (...places: number[]): Promise<Arrays> => program.run({ x: ndarray('float32', [3], Float32Array.of(1, 2, 3)), i: ndarray('int32', [2], Int32Array.from(places)) }); // prettier-ignore
    await expect(run(0, 7)).rejects.toThrow(
      /^TensorFlow could not run the operation GatherV2, number 2 of 2 in the step\.\n.*7 is not in \[0, 3\)[^]*x float32 \[3\], indices int32 \[2\]/,
    );
    expect((await run(2, 1))['y']!.data).toEqual(Float32Array.of(9, 4));
    await program.dispose();
  });

  test('refuses arrays of another shape or dtype, and a step before there is state', async () => {
    const step: Step = ({ w }, { x }) => ({ state: { w: tf.add(w!, x!) }, results: {} });
    const executor = executorOn('KITH_TENSORFLOW');
    const signatures = { state: { w: { shape: [2], dtype: 'float32' as const } }, feeds: { x: { shape: [2], dtype: 'float32' as const } } };
    const program = await executor.compile(traceStep(step, signatures), { threads: 1 });
    const [two, three] = [numbers(1, [2]), numbers(1, [3])];
    await expect(program.run({ x: two })).rejects.toThrow('write() comes first');
    await expect(program.write({})).rejects.toThrow('"w" is missing');
    await program.write({ w: two });
    await expect(program.run({ x: three })).rejects.toThrow('"x" is float32 [3], not float32 [2]');
    await program.dispose();
  });

  test('two programs keep their state apart, and state may pass from one value to another', async () => {
    const swap: Step = ({ a, b }) => ({ state: { a: b!, b: a! }, results: {} });
    const executor = executorOn('KITH_TENSORFLOW');
    const [x, y] = [numbers(1, [5]), numbers(2, [5])];
    const [one, two] = [await open(executor, swap, { a: x, b: y }, {}), await open(executor, swap, { a: y, b: x }, {})];
    await one.run({});
    const [first, second] = [await one.read(), await two.read()];
    expect(distance(first['a']!, y) + distance(first['b']!, x) + distance(second['a']!, y)).toBe(0);
    await one.dispose();
    await two.dispose();
  });

  test('a step that lets feeds into the state does not see the next feeds through it', async () => {
    const keep: Step = (_, { x }) => ({ state: { w: x! }, results: {} });
    const program = await open(executorOn('KITH_TENSORFLOW'), keep, { w: numbers(1, [64]) }, { x: { shape: [64], dtype: 'float32' } });
    const given = numbers(2, [64]);
    await program.run({ x: given });
    const kept = await program.read();
    given.data.fill(0);
    expect(distance(await program.read().then(({ w }) => w!), kept['w']!)).toBe(0);
    expect(distance(kept['w']!, numbers(2, [64]))).toBe(0);
    await program.dispose();
  });

  test('memory stays as it is over a thousand steps', async () => {
    const step: Step = ({ w }, { x }) => ({ state: { w: tf.add(tf.mul(w!, 0.5), x!) }, results: { sum: tf.sum(w!) } });
    const program = await open(
      executorOn('KITH_TENSORFLOW'),
      step,
      { w: numbers(1, [64, 1024]) },
      { x: { shape: [64, 1024], dtype: 'float32' } },
    );
    const x = numbers(2, [64, 1024]); // 256 KiB: a leak of one a step would be 256 MiB
    const steps = async (count: number): Promise<void> => {
      for (let i = 0; i < count; i++) await program.run({ x });
    };
    await steps(200);
    const before = process.memoryUsage().rss;
    await steps(1000);
    expect(process.memoryUsage().rss - before).toBeLessThan(100 << 20);
    await program.dispose();
  });

  test('in bf16 products have the digits of bfloat16, and sums those of float32', async () => {
    const step: Step = (_, { x, y }) => ({
      state: {},
      results: { product: tf.matMul(x as tf.Tensor2D, y as tf.Tensor2D), sum: tf.add(x!, y!) },
    });
    const feeds = { x: numbers(1, [64, 64]), y: numbers(2, [64, 64]) };
    const results = async (precision: 'fp32' | 'bf16'): Promise<Arrays> => {
      const program = await executorOn('KITH_TENSORFLOW').compile(traceStep(step, { state: {}, feeds: signaturesOf(feeds) }), {
        threads: 2,
        precision,
      });
      const made = await program.run(feeds);
      await program.dispose();
      return made;
    };
    const [exact, coarse] = [await results('fp32'), await results('bf16')];
    expect(distance(coarse['product']!, exact['product']!)).toBeGreaterThan(1e-4);
    expect(distance(coarse['product']!, exact['product']!)).toBeLessThan(1e-2);
    expect(distance(coarse['sum']!, exact['sum']!)).toBe(0);
  });
});
