import * as tf from '@tensorflow/tfjs-core';
import { expect, test } from 'vitest';
import { scanLoss } from '../../../nodes/losses/scan.ts';
import { scan } from '../../reference/losses.ts';
import { differences, eagerly, expectClose, gradient, matrix } from '../../reference/tensors.ts';

const heads = [0, 1].map((head) => ({ anchors: matrix(`anchors ${head}`, 6, 4, 2), neighbours: matrix(`neighbours ${head}`, 6, 4, 2) }));
const stacked = (side: 'anchors' | 'neighbours'): tf.Tensor3D =>
  tf.stack(
    heads.map((head) => tf.tensor2d(head[side])),
    1,
  ) as tf.Tensor3D;
const oneHead = (logits: tf.Tensor2D): tf.Tensor3D => tf.expandDims(logits, 1);

test('the SCAN loss of two heads equals the loops of each, and its total is their sum', async () => {
  const loss = await eagerly(() => {
    const { consistency, entropy, total } = scanLoss(stacked('anchors'), stacked('neighbours'), 5);
    return { consistency: consistency.arraySync(), entropy: entropy.arraySync(), total: total.arraySync() };
  });
  const naive = heads.map(({ anchors, neighbours }) => scan(anchors, neighbours, 5));
  naive.forEach(({ consistency, entropy }, head) => {
    expect(loss.consistency[head]).toBeCloseTo(consistency, 4);
    expect(loss.entropy[head]).toBeCloseTo(entropy, 4);
  });
  expect(loss.total).toBeCloseTo(naive[0]!.total + naive[1]!.total, 3);
});

test('the gradient of the SCAN loss equals finite differences for anchors and neighbours', async () => {
  const { anchors, neighbours } = heads[0]!;
  const [ofAnchors, ofNeighbours] = await eagerly(() => [
    gradient((x) => scanLoss(oneHead(x), oneHead(tf.tensor2d(neighbours)), 5).total, anchors),
    gradient((x) => scanLoss(oneHead(tf.tensor2d(anchors)), oneHead(x), 5).total, neighbours),
  ]);
  expectClose(
    ofAnchors!,
    differences((x) => scan(x, neighbours, 5).total, anchors),
    2e-4,
  );
  expectClose(
    ofNeighbours!,
    differences((x) => scan(anchors, x, 5).total, neighbours),
    2e-4,
  );
});

test('a pair that shares no probability costs 100, as PyTorch clamps it, and its gradient is finite', async () => {
  const [one, other] = [[[500, 0]], [[0, 500]]];
  const { value, slope } = await eagerly(() => ({
    value: scanLoss(oneHead(tf.tensor2d(one)), oneHead(tf.tensor2d(other)), 0).total.arraySync(),
    slope: gradient((x) => scanLoss(oneHead(x), oneHead(tf.tensor2d(other)), 5).total, one),
  }));
  expect(value).toBe(100);
  expect(slope.flat().every(Number.isFinite)).toBe(true);
});

test('an empty cluster costs no logarithm of zero', async () => {
  const sure = [[500, 0, 0], [0, 500, 0]]; // prettier-ignore
  const entropy = await eagerly(() => scanLoss(oneHead(tf.tensor2d(sure)), oneHead(tf.tensor2d(sure)), 1).entropy.arraySync());
  expect(entropy[0]).toBeCloseTo(scan(sure, sure, 1).entropy, 5);
});
