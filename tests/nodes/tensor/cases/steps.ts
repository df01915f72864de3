// Whole training steps: two networks with NT-Xent and an optimizer, with numbers that PyTorch can be given too, see
// tests/reference/pytorch-distance.py.
import * as tf from '@tensorflow/tfjs-core';
import { ndarray } from '../../../../cache/array.ts';
import type { NetworkSpec, Weights } from '../../../../nodes/artifacts.ts';
import { ntXent } from '../../../../nodes/losses/nt-xent.ts';
import { unitRows } from '../../../../nodes/networks/layers.ts';
import { backbone, forward, initialise } from '../../../../nodes/networks/network.ts';
import type { Arrays, Executor, Program } from '../../../../nodes/tensor/executor.ts';
import { type Step, traceStep } from '../../../../nodes/tensor/trace.ts';
import type { Optimizer } from '../../../../nodes/training/optimizer.ts';
import { random } from '../../../../nodes/training/random.ts';
import { initialState, type Objective, trainingStep } from '../../../../nodes/training/step.ts';
import { numbers, signaturesOf } from '../parity.ts';

export interface Network {
  readonly spec: NetworkSpec;
  /** Images that pass through it in a step: half of them are the other view. */
  readonly views: number;
}

/** That of the digits, narrower and shallower. */
export const digits: Network = {
  spec: {
    architecture: 'small',
    channels: [16, 32],
    strides: [1, 2],
    input: [8, 8, 1],
    dimension: 16,
    normalise: { divide: 1, mean: [0], deviation: [1] },
  },
  views: 16,
};

/** The first stages of the benchmarks', on smaller pictures. */
export const residual: Network = {
  spec: {
    architecture: 'resnet',
    channels: [16, 32],
    blocks: [1, 1],
    input: [8, 8, 3],
    dimension: 16,
    normalise: { divide: 1, mean: [0, 0, 0], deviation: [1, 1, 1] },
  },
  views: 8,
};

/** Both kinds again, small enough for many steps on the JS backend in double precision. */
export const tinyDigits: Network = {
  spec: { ...digits.spec, channels: [8, 16], strides: [1, 2], input: [6, 6, 1], dimension: 8 },
  views: 8,
};
export const tinyResidual: Network = { spec: { ...residual.spec, channels: [8, 8], input: [4, 4, 3], dimension: 8 }, views: 8 };

export interface Setup {
  readonly step: Step;
  readonly state: Arrays;
  /** Of a step counted from 1. */
  feeds(step: number): Arrays;
}

export function setup({ spec, views }: Network, optimizer: Optimizer, seed = 1): Setup {
  const weights = weightsOf(spec, seed);
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
  const feeds = (step: number): Arrays => ({ pixels: numbers(seed + step - 1, [views, ...spec.input], 0, 1), ...scalars(step) });
  return { step: trainingStep(objective, optimizer), state: initialState(weights, objective, optimizer), feeds };
}

/** Uniform in ± 1/√fan-in; batch norm at 1 and 0. */
function weightsOf(spec: NetworkSpec, seed: number): Weights {
  let place = seed * 1000;
  const drawn = (shape: readonly number[], fanIn: number) => numbers((place += 1), shape, -1 / Math.sqrt(fanIn), 1 / Math.sqrt(fanIn));
  const { convolutions } = backbone(spec);
  const filters = convolutions.map(
    ({ name, size, from, to }) => [`${name}/filter`, drawn([size, size, from, to], size * size * from)] as const,
  );
  const initial = initialise(spec, random(0));
  const linears = Object.entries(initial)
    .filter(([name]) => name.startsWith('projection/'))
    .map(([name, { shape }]) => [name, drawn(shape, initial[name.replace(/bias$/, 'weight')]!.shape[0]!)] as const);
  return { ...initial, ...Object.fromEntries(filters), ...Object.fromEntries(linears) };
}

export const open = ({ step, state, feeds }: Setup, executor: Executor): Promise<Program> =>
  executor.compile(traceStep(step, { state: signaturesOf(state), feeds: signaturesOf(feeds(1)) }), { threads: 2 });

export interface Trained {
  readonly state: Arrays;
  readonly losses: readonly number[];
}

/** `steps` steps from the beginning, or from the state after step `from`. */
export async function trained(it: Setup, executor: Executor, steps: number, state = it.state, from = 0): Promise<Trained> {
  const program = await open(it, executor);
  try {
    await program.write(state);
    const losses: number[] = [];
    for (let step = from + 1; step <= from + steps; step++) losses.push((await program.run(it.feeds(step)))['loss']!.data[0]!);
    return { state: await program.read(), losses };
  } finally {
    await program.dispose();
  }
}
