// Whole training steps: the digits network with NT-Xent and Adam, and a residual network with momentum, by the executors and eagerly.
import '@tensorflow/tfjs-backend-cpu';
import * as tf from '@tensorflow/tfjs-core';
import { describe, expect, test } from 'vitest';
import { ndarray } from '../../../cache/array.ts';
import type { NetworkSpec } from '../../../nodes/artifacts.ts';
import { ntXent } from '../../../nodes/losses/nt-xent.ts';
import { unitRows } from '../../../nodes/networks/layers.ts';
import { forward, initialise } from '../../../nodes/networks/network.ts';
import type { Arrays, Executor, Program } from '../../../nodes/tensor/executor.ts';
import { onnx, onnxExecutor } from '../../../nodes/tensor/onnx/session.ts';
import { eagerExecutor } from '../../../nodes/tensor/tfjs/eager.ts';
import { type Step, traceStep } from '../../../nodes/tensor/trace.ts';
import { adam, type Optimizer, sgd } from '../../../nodes/training/optimizer.ts';
import { random } from '../../../nodes/training/random.ts';
import { initialState, type Objective, trainingStep } from '../../../nodes/training/step.ts';
import { eagerly, farthest, numbers, signaturesOf } from './parity.ts';

const digits: NetworkSpec = {
  architecture: 'small',
  channels: [8, 16, 16],
  strides: [1, 2, 1],
  input: [8, 8, 1],
  dimension: 8,
  normalise: { divide: 1, mean: [0], deviation: [1] },
};
const residual: NetworkSpec = {
  architecture: 'resnet',
  channels: [8, 16],
  blocks: [1, 1],
  input: [8, 8, 3],
  dimension: 8,
  normalise: { divide: 1, mean: [0.1, 0, 0], deviation: [1, 2, 1] },
};

const VIEWS = 8;

interface Setup {
  readonly step: Step;
  readonly state: Arrays;
  feeds(step: number): Arrays;
}

function setup(spec: NetworkSpec, optimizer: Optimizer): Setup {
  const weights = initialise(spec, random(5));
  const objective: Objective = {
    trainable: Object.keys(weights).filter((name) => !/(mean|variance)$/.test(name)),
    loss: (moving, { pixels }) => {
      const { projection, statistics } = forward(spec, moving, pixels as tf.Tensor4D, { training: true });
      const [first, second] = tf.split(unitRows(projection), 2) as [tf.Tensor2D, tf.Tensor2D];
      return { loss: ntXent(first, second, 0.5), statistics };
    },
  };
  const scalars = (step: number): Arrays =>
    Object.fromEntries(
      Object.entries(optimizer.feed(0.01, step)).map(([name, value]) => [name, ndarray('float32', [], Float32Array.of(value))]),
    );
  const feeds = (step: number): Arrays => ({ pixels: numbers(100 + step, [VIEWS, ...spec.input], 0, 1), ...scalars(step) });
  return { step: trainingStep(objective, optimizer), state: initialState(weights, objective, optimizer), feeds };
}

const open = ({ step, state, feeds }: Setup, executor: Executor): Promise<Program> =>
  executor.compile(traceStep(step, { state: signaturesOf(state), feeds: signaturesOf(feeds(1)) }), { threads: 2 });

async function trained(setup: Setup, executor: Executor, steps: number): Promise<{ readonly state: Arrays; readonly losses: number[] }> {
  const program = await open(setup, executor);
  await program.write(setup.state);
  const losses: number[] = [];
  for (let step = 1; step <= steps; step++) losses.push((await program.run(setup.feeds(step)))['loss']!.data[0]!);
  const state = await program.read();
  await program.dispose();
  return { state, losses };
}

async function trainedEagerly(
  { step, state, feeds }: Setup,
  steps: number,
): Promise<{ readonly state: Arrays; readonly losses: number[] }> {
  const losses: number[] = [];
  let now = state;
  for (let i = 1; i <= steps; i++) {
    const made = await eagerly(step, now, feeds(i));
    now = made.state;
    losses.push(made.results['loss']!.data[0]!);
  }
  return { state: now, losses };
}

describe('training', () => {
  const cases = {
    'the digits network with Adam': [digits, adam()],
    'a residual network with momentum and decay': [residual, sgd({ decay: 1e-3 })],
  } as const;
  for (const [name, [spec, optimizer]] of Object.entries(cases)) {
    test(`${name} takes the same steps by ONNX, by the interpreter and eagerly`, async () => {
      const it = setup(spec, optimizer);
      const expected = await trainedEagerly(it, 3);
      for (const executor of [onnx, onnxExecutor('plain'), eagerExecutor('cpu')]) {
        const actual = await trained(it, executor, 3);
        // Three steps of float32: rounding differs, and Adam's division by √v lifts it where gradients are all but zero.
        actual.losses.forEach((loss, i) => expect(Math.abs(loss - expected.losses[i]!)).toBeLessThan(1e-4));
        expect(farthest(actual.state, expected.state)).toBeLessThan(2e-3);
      }
      expect(expected.losses.at(-1)).not.toBe(expected.losses[0]);
    });
  }

  test('one step has the gradients of the reference to five digits', async () => {
    const it = setup(residual, sgd({ momentum: 0 }));
    const expected = await trainedEagerly(it, 1);
    const actual = await trained(it, onnx, 1);
    // The first velocity is the gradient.
    const velocities = (state: Arrays): Arrays =>
      Object.fromEntries(Object.entries(state).filter(([name]) => name.startsWith('momentum/')));
    expect(farthest(velocities(actual.state), velocities(expected.state))).toBeLessThan(1e-4);
  });

  test('is the same to the last bit twice, and when continued in a fresh program', async () => {
    const it = setup(digits, adam());
    const [once, again] = [await trained(it, onnx, 4), await trained(it, onnx, 4)];
    expect(farthest(again.state, once.state)).toBe(0);
    expect(again.losses).toEqual(once.losses);

    const half = await trained(it, onnx, 2);
    const rest = await open(it, onnx);
    await rest.write(half.state);
    for (let step = 3; step <= 4; step++) await rest.run(it.feeds(step));
    expect(farthest(await rest.read(), once.state)).toBe(0);
    await rest.dispose();
  });

  test('what was read stays as it was, and what was written may be changed after', async () => {
    const it = setup(digits, adam());
    const program = await open(it, onnx);
    const given = Object.fromEntries(
      Object.entries(it.state).map(([name, array]) => [name, ndarray(array.dtype, array.shape, array.data.slice())]),
    );
    await program.write(given);
    for (const { data } of Object.values(given)) data.fill(0);
    const first = await program.read();
    expect(farthest(first, it.state)).toBe(0);
    await program.run(it.feeds(1));
    expect(farthest(first, it.state)).toBe(0);
    expect(farthest(await program.read(), it.state)).toBeGreaterThan(0);
    await program.dispose();
  });

  test('leaves no tensor behind, in a trace or in the interpreter', async () => {
    await tf.setBackend('cpu');
    const before = tf.memory().numTensors;
    const it = setup(digits, adam());
    const program = await open(it, eagerExecutor('cpu'));
    await program.write(it.state);
    const held = tf.memory().numTensors;
    for (let step = 1; step <= 2; step++) {
      await program.run(it.feeds(step));
      expect(tf.memory().numTensors).toBe(held);
    }
    await program.dispose();
    expect(tf.memory().numTensors).toBe(before);
  });
});
