// Whether two devices compute the same gradients: one training step of a small residual network, with everything that networks here are made of.
import * as tf from '@tensorflow/tfjs-core';
import { ndarray } from '../../cache/array.ts';
import type { NetworkSpec } from '../artifacts.ts';
import { forward, initialise } from '../networks/network.ts';
import { isStatistic } from '../networks/weights.ts';
import type { Arrays } from '../tensor/executor.ts';
import { compileStep, type Machine } from '../tensor/program.ts';
import { sgd } from './optimizer.ts';
import { random } from './random.ts';
import { initialState, type Objective, scalarSignatures, trainingStep } from './step.ts';

const BATCH = 8;

const NETWORK: NetworkSpec = {
  architecture: 'resnet',
  channels: [16, 16, 32, 32],
  blocks: [1, 1, 1, 1],
  input: [16, 16, 3],
  dimension: 16,
  normalise: { divide: 1, mean: [0, 0, 0], deviation: [1, 1, 1] },
};

/** ‖g − g′‖/‖g′‖ of the gradients of all weights: about 1e-6 between right ones, whatever their order of summation. */
export async function distanceOfGradients(machine: Machine, reference: Machine): Promise<number> {
  const [mine, theirs] = [await gradientsOn(machine), await gradientsOn(reference)];
  let [difference, length] = [0, 0];
  for (const [name, { data }] of Object.entries(theirs)) {
    const other = mine[name]!.data;
    data.forEach((value: number, i: number) => {
      difference += (Number(other[i]) - value) ** 2;
      length += value ** 2;
    });
  }
  return Math.sqrt(difference / length);
}

/** The first moments of SGD after one step are the gradients. */
async function gradientsOn(machine: Machine): Promise<Arrays> {
  const optimizer = sgd();
  const weights = initialise(NETWORK, random(1).split('weights'));
  const objective: Objective = {
    trainable: Object.keys(weights).filter((name) => !isStatistic(name)),
    loss: (all, { pixels }) => {
      const { projection, statistics } = forward(NETWORK, all, pixels as tf.Tensor4D, { training: true });
      return { loss: tf.mean(tf.square(projection)), statistics };
    },
  };
  const state = initialState(weights, objective, optimizer);
  const shape = [BATCH, ...NETWORK.input];
  const program = await compileStep(
    trainingStep(objective, optimizer),
    {
      state: Object.fromEntries(Object.entries(state).map(([name, array]) => [name, { shape: array.shape, dtype: 'float32' as const }])),
      feeds: { pixels: { shape, dtype: 'float32' }, ...scalarSignatures(optimizer) },
    },
    machine,
  );
  try {
    await program.write(state);
    const pixels = random(2).uniform(
      shape.reduce((product, side) => product * side, 1),
      0,
      1,
    );
    const scalars = Object.entries(optimizer.feed(0.1, 1)).map(([name, value]) => [name, ndarray('float32', [], Float32Array.of(value))]);
    await program.run({ pixels: ndarray('float32', shape, pixels), ...Object.fromEntries(scalars) });
    const after = Object.entries(await program.read());
    return Object.fromEntries(after.filter(([name]) => name.startsWith('momentum/')));
  } finally {
    await program.dispose();
  }
}
