import * as tf from '@tensorflow/tfjs-core';
import { expect, test } from 'vitest';
import { type Artifact, ndarray, type NdArray } from '../../../cache/array.ts';
import type { NetworkSpec, Weights } from '../../../nodes/artifacts.ts';
import { forward, initialise, toUnitRange } from '../../../nodes/networks/network.ts';
import { isStatistic } from '../../../nodes/networks/weights.ts';
import { batchOf } from '../../../nodes/training/batches.ts';
import { rowsOf } from '../../../nodes/training/data-set.ts';
import { fit } from '../../../nodes/training/fit.ts';
import { random } from '../../../nodes/training/random.ts';
import { shapes } from '../shapes.ts';

const BATCH = 4;
const { pixels } = shapes(10);
const network: NetworkSpec = {
  architecture: 'small',
  channels: [4],
  input: [6, 6, 1],
  dimension: 3,
  normalise: { divide: 255, mean: [0.4], deviation: [0.3] },
};
const weights = initialise(network, random(1));

/** Trains towards projections of zero; `heldAtMost` decides where the pixels lie. */
async function trained(heldAtMost: number, saved: Artifact[] = []): Promise<{ weights: Weights; curve: readonly number[] }> {
  const rows = rowsOf(pixels, 'pixels', BATCH, heldAtMost);
  return fit(
    {
      weights,
      objective: {
        trainable: Object.keys(weights).filter((name) => !isStatistic(name)),
        prepare: (_, feeds) => ({ views: toUnitRange(network, feeds['pixels'] as tf.Tensor4D) }),
        loss: (all, { views }) => {
          const { projection, statistics } = forward(network, all, views as tf.Tensor4D, { training: true });
          return { loss: tf.mean(tf.square(projection)), statistics };
        },
      },
      rates: { optimizer: 'adam', learningRate: 0.01, weightDecay: 0, schedule: 'constant', warmup: 0 },
      steps: 6,
      stepsPerEpoch: 2,
      feeds: {},
      rows,
      batch: (epoch, step) => rows.feed(batchOf(random(2), 10, BATCH, epoch, step)),
      batchSize: BATCH,
      perStep: { count: BATCH, of: 'images' },
    },
    {
      seed: 0,
      device: 'onnx',
      threads: 1,
      signal: new AbortController().signal,
      progress: () => {},
      log: () => {},
      checkpoint: { load: async () => saved.at(-1), save: async (state) => void saved.push(state) },
    },
  );
}

const [HELD, FED] = [Infinity, 0];

test('a data set that is held is state of bytes and fed by row numbers; one that is not is fed', () => {
  const held = rowsOf(pixels, 'pixels', BATCH, pixels.data.length);
  expect(held.signatures).toEqual({
    state: { 'data/pixels': { shape: [10, 6, 6, 1], dtype: 'uint8' } },
    feeds: { pixels: { shape: [BATCH], dtype: 'int32' } },
  });
  expect(held.state['data/pixels']).toBe(pixels);
  const fed = rowsOf(pixels, 'pixels', BATCH, pixels.data.length - 1);
  expect(fed.signatures).toEqual({ state: {}, feeds: { pixels: { shape: [BATCH, 6, 6, 1], dtype: 'uint8' } } });
  expect([...fed.feed(Int32Array.of(3))['pixels']!.data]).toEqual([...pixels.data.subarray(3 * 36, 4 * 36)]);
});

test('vectors are fed: executors would build them into their programs', () => {
  const vectors = ndarray('float32', [2, 2], Float32Array.of(1, 2, 3, 4));
  expect(rowsOf(vectors, 'rows', 1).signatures).toEqual({ state: {}, feeds: { rows: { shape: [1, 2], dtype: 'float32' } } });
});

test('both ways train to the same bytes, and no checkpoint holds the data', async () => {
  const [heldSaved, fedSaved]: [Artifact[], Artifact[]] = [[], []];
  const held = await trained(HELD, heldSaved);
  expect(await trained(FED, fedSaved)).toEqual(held);
  expect(heldSaved).toEqual(fedSaved);
  const state = heldSaved[0]!['state'] as { readonly [name: string]: NdArray };
  expect(Object.keys(state).filter((name) => name.startsWith('data/'))).toEqual([]);
  expect(Object.keys(held.weights).sort()).toEqual(Object.keys(weights).sort());
});

test('training that stopped one way goes on the other way to the same bytes', async () => {
  const saved: Artifact[] = [];
  const whole = await trained(FED, saved);
  expect(saved).toHaveLength(2);
  for (const from of saved) {
    expect(await trained(HELD, [from])).toEqual(whole);
    expect(await trained(FED, [from])).toEqual(whole);
  }
});
