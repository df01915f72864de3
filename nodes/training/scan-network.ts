// The SCAN step on the whole network, as in the SCAN repository: augmented images and augmented neighbours, backbone and heads move together.
import * as tf from '@tensorflow/tfjs-core';
import type { HeadSpec, Images, Neighbours, NetworkSpec, ViewPolicy, Weights } from '../artifacts.ts';
import { scanLoss } from '../losses/scan.ts';
import { headInput, headLogits } from '../networks/heads.ts';
import { forward, toUnitRange, trainableFor } from '../networks/network.ts';
import type { TensorMap } from '../tensor/trace.ts';
import { applyView, drawViewParameters, viewSignatures } from '../views/policy.ts';
import { batchOf, imageShape } from './batches.ts';
import { rowsOf } from './data-set.ts';
import { fit, type Rates, type World } from './fit.ts';
import type { Objective } from './step.ts';
import { drawNeighbours } from './pairs.ts';
import { random } from './random.ts';

export interface ScanNetwork {
  readonly network: NetworkSpec;
  readonly policy: ViewPolicy;
  readonly head: HeadSpec;
  readonly entropyWeight: number;
  readonly epochs: number;
  /** Pairs a step; twice as many views go through the network. */
  readonly batch: number;
  readonly rates: Rates;
}

/** @param weights of network and heads at the start */
export async function trainNetworkAndHeads(
  images: Images,
  neighbours: Neighbours,
  weights: Weights,
  scan: ScanNetwork,
  world: World,
): Promise<{ readonly weights: Weights; readonly curve: readonly number[] }> {
  const count = images.pixels.shape[0]!;
  const batch = Math.min(scan.batch, count);
  const stepsPerEpoch = Math.floor(count / batch);
  const shape = imageShape(images);
  const stream = random(world.seed);
  const pixels = rowsOf(images.pixels, 'pixels', 2 * batch);
  return fit(
    {
      weights,
      objective: scanObjective(scan, weights),
      rates: scan.rates,
      steps: scan.epochs * stepsPerEpoch,
      stepsPerEpoch,
      rows: pixels,
      feeds: viewSignatures(scan.policy, 2 * batch, shape),
      batch: (epoch, step) => {
        const anchors = batchOf(stream, count, batch, epoch, step);
        const others = drawNeighbours(neighbours, anchors, stream.split('pairs', epoch, step));
        const views = drawViewParameters(scan.policy, stream.split('views', epoch, step), 2 * batch, shape);
        return { ...pixels.feed(Int32Array.of(...anchors, ...others)), ...views };
      },
      batchSize: batch,
      perStep: { count: 2 * batch, of: 'images' },
    },
    world,
  );
}

function scanObjective({ network, policy, head, entropyWeight }: ScanNetwork, weights: Weights): Objective {
  return {
    trainable: trainableFor(head, weights),
    prepare: (_, feeds): TensorMap => ({ views: applyView(policy, toUnitRange(network, feeds['pixels'] as tf.Tensor4D), feeds) }),
    loss: (all, { views }) => {
      const outputs = forward(network, all, views as tf.Tensor4D, { training: true });
      const logits = headLogits(head, all, headInput(head, outputs)); //                        [2b, heads, C]
      const [anchors, others] = tf.split(logits, 2) as [tf.Tensor3D, tf.Tensor3D];
      return { loss: scanLoss(anchors, others, entropyWeight).total, statistics: outputs.statistics };
    },
  };
}
