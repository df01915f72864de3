// The parity suite on WebGPU, software adapters included: see tests/webgpu.js.
import { describe, expect, test } from 'vitest';
import { adam, sgd } from '../../../../nodes/training/optimizer.ts';
import { chooseExecutor } from '../../../../nodes/tensor/choose.ts';
import type { Executor } from '../../../../nodes/tensor/executor.ts';
import { type Case, derivativeOf, stepOf } from '../cases/case.ts';
import { DERIVATIVES } from '../cases/derivatives.ts';
import { LAYERS } from '../cases/layers.ts';
import { LOSSES } from '../cases/losses.ts';
import { OPERATIONS } from '../cases/operations.ts';
import { OPTIMIZERS } from '../cases/optimizers.ts';
import { open, setup, tinyDigits, tinyResidual, trained } from '../cases/steps.ts';
import { VIEWS } from '../cases/views.ts';
import { onnxExecutor } from '../../../../nodes/tensor/onnx/session.ts';
import { compiled, eagerly, farthest } from '../parity.ts';

const found: Executor | string = await chooseExecutor('webgpu').catch((error: Error) => error.message.replaceAll('\n', ' '));
const isHere = typeof found !== 'string';
const executor = found as Executor;

/** Norm-wise. */
const TOLERANCE = 2e-5;
/** WGSL promises no more: sines within 2⁻¹¹, logarithms near 1 within 2⁻²¹ and so not of numbers near 0 plus 1. */
const COARSE: { readonly [name: string]: number } = {
  cos: 5e-4,
  sin: 5e-4,
  'log1p and expm1 of small numbers, which keep their digits': 0.05,
};

async function same({ name, body, reference, feeds }: Case): Promise<void> {
  const expected = await eagerly(stepOf(reference ?? body), {}, feeds);
  const actual = await compiled(stepOf(body), {}, feeds, executor);
  expect(farthest(actual.results, expected.results)).toBeLessThan(COARSE[name] ?? TOLERANCE);
}

const small = (cases: readonly Case[]): readonly Case[] => cases.filter(({ large }) => !large);

describe.skipIf(!isHere)(isHere ? executor.version : `skipped: ${found}`, () => {
  for (const [group, cases] of Object.entries(OPERATIONS)) {
    describe(`${group} agree:`, () => {
      for (const it of small(cases)) test(it.name, () => same(it));
    });
  }

  describe('the derivative agrees of', () => {
    for (const it of DERIVATIVES) test(it.name, () => same({ ...it, body: derivativeOf(it) }));
  });

  describe.each([
    ['a layer', LAYERS],
    ['a loss', LOSSES],
  ])('%s agrees, and so does its gradient:', (_, cases) => {
    for (const it of small(cases)) {
      test(it.name, () => same(it));
      test(`gradient of ${it.name}`, () => same({ ...it, body: derivativeOf(it) }));
    }
  });

  describe.each([
    ['an optimizer', OPTIMIZERS],
    ['a view', VIEWS],
  ])('%s agrees:', (_, cases) => {
    for (const it of cases) test(it.name, () => same(it));
  });

  describe.each([
    ["the digits' network with Adam", setup(tinyDigits, adam())],
    ['a residual network with momentum', setup(tinyResidual, sgd())],
  ])('%s', (_, it) => {
    test('takes the steps that it takes on the processor', async () => {
      const [actual, expected] = [await trained(it, executor, 3), await trained(it, onnxExecutor('plain'), 3)];
      actual.losses.forEach((loss, i) => expect(Math.abs(loss - expected.losses[i]!)).toBeLessThan(1e-5));
      expect(farthest(actual.state, expected.state)).toBeLessThan(1e-4);
    });

    test('goes on to the same bits where its state was read and written back', async () => {
      const half = await trained(it, executor, 1);
      const rest = await trained(it, executor, 1, half.state, 1);
      const once = await trained(it, executor, 2);
      expect(farthest(rest.state, once.state)).toBe(0);
    });
  });

  test('state that was read stays as it was, while the one on the GPU moves on', async () => {
    const it = setup(tinyDigits, adam());
    const program = await open(it, executor);
    await program.write(it.state);
    await program.run(it.feeds(1));
    const [first, again] = [await program.read(), await program.read()];
    expect(farthest(again, first)).toBe(0);
    await program.run(it.feeds(2));
    expect(farthest(again, first)).toBe(0);
    expect(farthest(await program.read(), first)).toBeGreaterThan(0);
    await program.dispose();
  });

  test('a hundred steps end as heavy as they began', async () => {
    const it = setup(tinyDigits, adam());
    const program = await open(it, executor);
    await program.write(it.state);
    for (let step = 0; step < 50; step++) await program.run(it.feeds(1));
    const before = process.memoryUsage.rss();
    for (let step = 0; step < 100; step++) await program.run(it.feeds(1));
    expect(process.memoryUsage.rss() - before).toBeLessThan(16 * 2 ** 20);
    await program.dispose();
  });
});
