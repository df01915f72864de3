// The blocked lowering's passes over a trace, and whole steps of networks that meet every rule, against the eager reference.
import '@tensorflow/tfjs-backend-cpu';
import * as tf from '@tensorflow/tfjs-core';
import { describe, expect, test } from 'vitest';
import type { NetworkSpec } from '../../../../nodes/artifacts.ts';
import { unitRows } from '../../../../nodes/networks/layers.ts';
import { forward, initialise } from '../../../../nodes/networks/network.ts';
import type { Arrays, Trace } from '../../../../nodes/tensor/executor.ts';
import { fuse } from '../../../../nodes/tensor/onnx/fusion.ts';
import { blockSize } from '../../../../nodes/tensor/onnx/probe.ts';
import { onnx } from '../../../../nodes/tensor/onnx/session.ts';
import { gradients, type Step, type TensorMap, traceStep } from '../../../../nodes/tensor/trace.ts';
import { traceText } from '../../../../nodes/tensor/trace-text.ts';
import { random } from '../../../../nodes/training/random.ts';
import { isStatistic } from '../../../../nodes/networks/weights.ts';
import { compiled, eagerly, farthest, numbers, signaturesOf } from '../parity.ts';

const unchanged = { divide: 1, mean: [0, 0, 0], deviation: [1, 1, 1] };
const residual = (channels: number[], blocks: number[], side: number): NetworkSpec => ({
  architecture: 'resnet',
  channels,
  blocks,
  input: [side, side, 3],
  dimension: 8,
  normalise: unchanged,
});

interface Setup {
  readonly step: Step;
  readonly state: Arrays;
  readonly feeds: Arrays;
}

/** Gradients of a contrastive kind of loss, with running statistics, for each of `heads` that read the same projection. */
function setup(spec: NetworkSpec, batch: number, heads = 1): Setup {
  const weights = initialise(spec, random(3));
  const moving = Object.keys(weights).filter((name) => !isStatistic(name));
  const step: Step = (state, { pixels }) => {
    const {
      value,
      gradients: slopes,
      extra,
    } = gradients(
      (moved) => {
        const { projection, features, statistics } = forward(spec, { ...state, ...moved }, pixels as tf.Tensor4D, { training: true });
        const unit = unitRows(projection);
        const losses = Array.from({ length: heads }, (_, head) => tf.mean(tf.square(tf.sub(unit, 0.1 * (head + 1)))));
        return { value: tf.add(tf.addN(losses), tf.mean(features)) as tf.Scalar, extra: statistics };
      },
      Object.fromEntries(moving.map((name) => [name, state[name]!])),
    );
    return { state: { ...state, ...extra, ...moved(state, slopes) }, results: { value, ...slopes } };
  };
  return { step, state: weights, feeds: { pixels: numbers(7, [batch, ...spec.input], 0, 1) } };
}

const moved = (state: TensorMap, slopes: TensorMap): TensorMap =>
  Object.fromEntries(Object.entries(slopes).map(([name, slope]) => [name, tf.sub(state[name]!, tf.mul(slope, 0.1))]));

const traced = ({ step, state, feeds }: Setup): Trace => traceStep(step, { state: signaturesOf(state), feeds: signaturesOf(feeds) });

describe('fusion', () => {
  const lines = (kernel: string, text: string): string[] => text.split('\n').filter((line) => line.includes(` = ${kernel} `));

  test('leaves nothing of a residual block between its convolutions but batch norms and what is clipped', () => {
    const before = traceText(traced(setup(residual([8, 16], [2, 1], 8), 8)));
    const after = traceText(fuse(traced(setup(residual([8, 16], [2, 1], 8), 8)), 8));
    const large = (text: string): string[] =>
      text.split('\n').filter((line) => /\[8,\d+,\d+,\d+\] = (Add|Relu |Step|Multiply|Batch)/.test(line));
    expect(large(before).length).toBeGreaterThan(20);
    expect(large(after)).toEqual([]);
    // The stem, two blocks with two each, and one with three; of these, the last of each block and the shortcut are not clipped alone.
    const norms = lines('BatchNorm', after);
    expect(norms).toHaveLength(8);
    expect(norms.filter((line) => line.includes('residual='))).toHaveLength(3);
    expect(norms.filter((line) => line.includes('"relu":true'))).toHaveLength(7);
    expect(lines('ShiftedConv2D', after)).toHaveLength(8);
    expect(lines('ReluGradient', after)).toHaveLength(7);
    const slopes = lines('InputGradients', after);
    expect(slopes.filter((line) => line.includes('sum='))).toHaveLength(2);
    expect(slopes.filter((line) => line.includes('dy1='))).toHaveLength(1);
    expect(slopes).toHaveLength(6);
  });

  test('takes the mean off where no running mean, or another reader, forbids that a convolution does', () => {
    const step: Step = (state, { x, filter }) => {
      const y = tf.conv2d(x as tf.Tensor4D, filter as tf.Tensor4D, 1, 'same');
      const mean = tf.mean(y, [0, 1, 2]);
      const norm = tf
        .engine()
        .runKernel('BatchNormTraining', { x: y, scale: mean, offset: mean }, { epsilon: 1e-3 } as never) as tf.Tensor[];
      return { state, results: { y, norm: norm[0]!, mean: norm[1]!, variance: norm[2]! } };
    };
    const feeds = { x: numbers(1, [2, 4, 4, 8]), filter: numbers(2, [3, 3, 8, 8]) };
    const text = traceText(fuse(traceStep(step, { state: {}, feeds: signaturesOf(feeds) }), 8));
    expect(lines('Centred', text)).toHaveLength(1);
    expect(lines('ShiftedConv2D', text)).toHaveLength(0);
  });

  test('never makes an operation wait for itself', () => {
    const step: Step = (state, { x }) => {
      const ones = tf.ones([8]);
      const [y, mean] = tf
        .engine()
        .runKernel('BatchNormTraining', { x: x!, scale: ones, offset: ones }, { epsilon: 1e-3 } as never) as tf.Tensor[];
      return { state, results: { sum: tf.relu(tf.add(y!, tf.mul(tf.onesLike(x!), mean!))) } };
    };
    const feeds = { x: numbers(1, [2, 4, 4, 8]) };
    const text = traceText(fuse(traceStep(step, { state: {}, feeds: signaturesOf(feeds) }), 8));
    expect(text).not.toContain('residual=');
  });
});

describe.skipIf((await blockSize()) === 0)('a step in blocks (skipped where this processor has none)', () => {
  interface Case {
    readonly spec: NetworkSpec;
    readonly batch: number;
    readonly heads?: number;
  }
  const grey = { divide: 1, mean: [0.2], deviation: [0.5] };
  const strided: NetworkSpec = { architecture: 'small', channels: [16, 16], strides: [3, 2], input: [11, 13, 1], dimension: 8, normalise: grey }; // prettier-ignore
  const cases: { readonly [name: string]: Case } = {
    'identity and strided shortcuts': { spec: residual([16, 16], [2, 1], 6), batch: 8 },
    'a batch that is no multiple of a block, but of four': { spec: residual([16, 16], [1, 1], 4), batch: 20 },
    'an odd batch larger than a block': { spec: residual([16, 16], [1, 1], 4), batch: 19 },
    'an odd batch smaller than a block': { spec: residual([16, 32], [1, 1], 6), batch: 3 },
    'odd sides, halved twice': { spec: residual([16, 16, 16], [1, 1, 1], 7), batch: 4 },
    'channels that are no multiple of a block': { spec: residual([12, 16], [1, 1], 6), batch: 4 },
    'large images': { spec: residual([16, 16], [1, 1], 10), batch: 4 },
    'several heads': { spec: residual([16], [1], 6), batch: 8, heads: 3 },
    'strides 3 and 2': { spec: strided, batch: 8 },
  };
  test.each(Object.entries(cases))('has the gradients of the reference: %s', async (_, { spec, batch, heads }) => {
    const { step, state, feeds } = setup(spec, batch, heads);
    const expected = await eagerly(step, state, feeds);
    const actual = await compiled(step, state, feeds, onnx);
    expect(farthest(actual.results, expected.results)).toBeLessThan(1e-4);
    expect(farthest(actual.state, expected.state)).toBeLessThan(1e-5);
  });

  test('is the same to the last bit after its state was read and written', async () => {
    const { step, state, feeds } = setup(residual([16, 16], [2, 1], 6), 8);
    const [straight, broken] = [await onnx.compile(traced({ step, state, feeds }), { threads: 2 }), await onnx.compile(traced({ step, state, feeds }), { threads: 2 })];
    await straight.write(state);
    await broken.write(state);
    for (let i = 0; i < 3; i++) {
      expect(farthest(await broken.run(feeds), await straight.run(feeds))).toBe(0);
      await broken.write(await broken.read());
    }
    expect(farthest(await broken.read(), await straight.read())).toBe(0);
    await straight.dispose();
    await broken.dispose();
  }); // prettier-ignore
});
