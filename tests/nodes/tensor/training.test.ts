// Whole training steps on every executor that is here, against the same steps in double precision.
import { describe, expect, test } from 'vitest';
import type { Arrays } from '../../../nodes/tensor/executor.ts';
import { adam, sgd } from '../../../nodes/training/optimizer.ts';
import { digits, type Network, residual, type Setup, setup, tinyDigits, tinyResidual, trained, type Trained } from './cases/steps.ts';
import { COMPILED } from './executors.ts';
import { distance, exactly } from './parity.ts';

/** `steps` steps in double precision. */
async function truth({ step, state, feeds }: Setup, steps: number): Promise<Trained> {
  let now = state;
  const losses: number[] = [];
  for (let i = 1; i <= steps; i++) {
    const made = await exactly(step, now, feeds(i));
    now = made.state;
    losses.push(made.results['loss']!.data[0]!);
  }
  return { state: now, losses };
}

const named = (state: Arrays, prefix: string): string[] => Object.keys(state).filter((name) => name.startsWith(prefix));

/** Distances of those parts of the state, the largest last. */
const distances = (actual: Arrays, expected: Arrays, prefix: string): number[] =>
  named(expected, prefix)
    .map((name) => distance(actual[name]!, expected[name]!))
    .sort((a, b) => a - b);

/**
 * The worst parameter's ‖g − g₆₄‖/‖g₆₄‖ of PyTorch 2.15 (CPU, channels_last, fp32, two threads), over 20 seeds of these very networks and numbers:
 * tests/reference/pytorch-distance.py measured it. Its median over the seeds is 3.0e-6 and 1.9e-6.
 */
const PYTORCH: readonly (readonly [name: string, network: Network, worst: number])[] = [
  ["the digits' network", digits, 6.11e-6],
  ['a residual network', residual, 4.01e-6],
];

test.each(PYTORCH)("the gradients of %s are as near the truth as PyTorch's", async (_, network, worst) => {
  // The first velocity of plain descent is the gradient.
  const it = setup(network, sgd({ momentum: 0 }));
  const expected = await truth(it, 1);
  for (const { name, executor } of COMPILED) {
    const actual = await trained(it, executor, 1);
    expect(Math.abs(actual.losses[0]! - expected.losses[0]!), name).toBeLessThan(1e-6);
    expect(distances(actual.state, expected.state, 'momentum/').at(-1), name).toBeLessThanOrEqual(worst);
  }
});

describe('after fifty steps, batch norm and optimizer included,', () => {
  // Measured over seeds 1 to 8 on ONNX Runtime (both lowerings), TensorFlow 2.21 and the JS backend: losses within 1.0e-6, the median weight within
  // 4.1e-6, the worst within 1.8e-5 (with momentum: 8.6e-7, 1.1e-6, 4.0e-6). But in seeds 3 and 5 with Adam rounding leads
  // further away, on each of them by another distance; why, nobody has traced: there, losses are within 3.2e-5, weights within 1.2e-2.
  test.each([
    ["the digits' network with Adam", tinyDigits, adam()],
    ['a residual network with momentum and decay', tinyResidual, sgd({ decay: 1e-3 })],
  ])('%s is where it is in double precision', async (_, network, optimizer) => {
    const it = setup(network, optimizer);
    const expected = await truth(it, 50);
    for (const { name, executor } of COMPILED) {
      const actual = await trained(it, executor, 50);
      const away = distances(actual.state, expected.state, 'weights/');
      expect(Math.max(...actual.losses.map((loss, i) => Math.abs(loss - expected.losses[i]!))), name).toBeLessThan(5e-6);
      expect(away[Math.floor(away.length / 2)], name).toBeLessThan(5e-6);
      expect(away.at(-1), name).toBeLessThan(2e-5);
    }
  });
});
