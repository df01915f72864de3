// SimCLR (Chen et al., ICML 2020): two views of each image of a batch go through the network and attract each other. Reads no label.
import * as tf from '@tensorflow/tfjs-core';
import { KithError } from '../../engine/errors.ts';
import type { Encoder, Images, NetworkSpec, ViewPolicy, Weights } from '../artifacts.ts';
import { ntXent } from '../losses/nt-xent.ts';
import { unitRows } from '../networks/layers.ts';
import { forward, initialise, toUnitRange } from '../networks/network.ts';
import { isStatistic } from '../networks/weights.ts';
import type { TensorMap } from '../tensor/trace.ts';
import { applyView, drawViewParameters, viewSignatures } from '../views/policy.ts';
import { batchOf, imageShape } from './batches.ts';
import { rowsOf } from './data-set.ts';
import { fit, type Rates, type World } from './fit.ts';
import { random } from './random.ts';
import type { Objective } from './step.ts';

export interface Simclr {
  readonly network: NetworkSpec;
  readonly policy: ViewPolicy;
  readonly epochs: number;
  /** Images a step; twice as many views go through the network. What does not fill a batch is dropped from an epoch. */
  readonly batch: number;
  readonly temperature: number;
  readonly anchors: 'both' | 'first';
  readonly rates: Rates;
}

/** Trains backbone and projection head from random weights. */
export async function trainSimclr(images: Images, simclr: Simclr, world: World): Promise<Pick<Encoder, 'weights' | 'curve' | 'seen'>> {
  const { network, policy, epochs, rates } = simclr;
  const count = images.pixels.shape[0]!;
  if (count < 2) throw new KithError('Contrastive learning needs at least two images.', { facts: [`images: ${count}`] });
  const batch = Math.min(simclr.batch, count);
  const stepsPerEpoch = Math.floor(count / batch);
  const shape = imageShape(images);
  const stream = random(world.seed);
  const pixels = rowsOf(images.pixels, 'pixels', batch);
  const weights = initialise(network, stream.split('weights'));
  const trained = await fit(
    {
      weights,
      objective: simclrObjective(simclr, weights),
      rates,
      steps: epochs * stepsPerEpoch,
      stepsPerEpoch,
      rows: pixels,
      feeds: viewSignatures(policy, 2 * batch, shape),
      batch: (epoch, step) => ({
        ...pixels.feed(batchOf(stream, count, batch, epoch, step)),
        ...drawViewParameters(policy, stream.split('views', epoch, step), 2 * batch, shape),
      }),
      batchSize: batch,
      perStep: { count: 2 * batch, of: 'images' },
    },
    world,
  );
  return { ...trained, seen: 2 * batch * epochs * stepsPerEpoch };
}

function simclrObjective({ network, policy, temperature, anchors }: Simclr, weights: Weights): Objective {
  return {
    trainable: Object.keys(weights).filter((name) => !isStatistic(name)),
    prepare: (_, feeds): TensorMap => {
      const pixels = toUnitRange(network, feeds['pixels'] as tf.Tensor4D); //                   [b, H, W, C]
      return { views: applyView(policy, tf.concat([pixels, pixels]), feeds) }; //               [2b, H, W, C]
    },
    loss: (all, { views }) => {
      const { projection, statistics } = forward(network, all, views as tf.Tensor4D, { training: true });
      const [first, second] = tf.split(unitRows(projection), 2) as [tf.Tensor2D, tf.Tensor2D]; // [b, d] each
      return { loss: ntXent(first, second, temperature, anchors), statistics };
    },
  };
}
