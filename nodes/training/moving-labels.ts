// Self-labelling as the SCAN repository does it: at every step the current model labels the plain images it is sure of, and learns them on
// augmented ones. Batch norm uses the batch's statistics in both passes, and both move the running ones.
import * as tf from '@tensorflow/tfjs-core';
import type { Classifier, Images, ViewPolicy, Weights } from '../artifacts.ts';
import { balancedWeights, confidentTargets, maskedCrossEntropy } from '../losses/self-label.ts';
import { headInput, headLogits } from '../networks/heads.ts';
import { forward, toUnitRange, trainableFor } from '../networks/network.ts';
import type { TensorMap } from '../tensor/trace.ts';
import { applyView, drawViewParameters, viewSignatures } from '../views/policy.ts';
import { batchOf, imageShape } from './batches.ts';
import { rowsOf } from './data-set.ts';
import { fit, type Rates, type World } from './fit.ts';
import { random } from './random.ts';
import type { Objective } from './step.ts';

export interface MovingLabels {
  readonly policy: ViewPolicy;
  /** Above it, strictly, a probability makes a label. */
  readonly threshold: number;
  readonly epochs: number;
  /** Images a step; what does not fill a batch is dropped from an epoch. */
  readonly batch: number;
  readonly smoothing: number;
  readonly balance: boolean;
  readonly rates: Rates;
}

export async function learnMovingLabels(
  images: Images,
  classifier: Classifier,
  labels: MovingLabels,
  world: World,
): Promise<{ readonly weights: Weights; readonly curve: readonly number[] }> {
  const count = images.pixels.shape[0]!;
  const batch = Math.min(labels.batch, count);
  const stepsPerEpoch = Math.floor(count / batch);
  const shape = imageShape(images);
  const stream = random(world.seed);
  const pixels = rowsOf(images.pixels, 'pixels', batch);
  return fit(
    {
      weights: classifier.weights,
      objective: confidenceObjective(classifier, labels),
      rates: labels.rates,
      steps: labels.epochs * stepsPerEpoch,
      stepsPerEpoch,
      rows: pixels,
      feeds: viewSignatures(labels.policy, batch, shape),
      batch: (epoch, step) => ({
        ...pixels.feed(batchOf(stream, count, batch, epoch, step)),
        ...drawViewParameters(labels.policy, stream.split('views', epoch, step), batch, shape),
      }),
      batchSize: batch,
      perStep: { count: batch, of: 'images' },
    },
    world,
  );
}

/** Running statistics after the pass over plain images, among the tensors of a batch. */
const STATISTIC = 'statistics/';

function confidenceObjective(
  { network, head, weights, clusters }: Classifier,
  { policy, threshold, smoothing, balance }: MovingLabels,
): Objective {
  const logitsOf = (all: TensorMap, pixels: tf.Tensor4D): { logits: tf.Tensor2D; statistics: TensorMap } => {
    const outputs = forward(network, all, pixels, { training: true });
    return { logits: tf.reshape(headLogits(head, all, headInput(head, outputs)), [-1, clusters]), statistics: outputs.statistics };
  };
  return {
    trainable: trainableFor(head, weights),
    prepare: (all, feeds) => {
      const plain = toUnitRange(network, feeds['pixels'] as tf.Tensor4D);
      const { logits, statistics } = logitsOf(all, plain);
      const named = Object.entries(statistics).map(([name, value]) => [STATISTIC + name, value] as const);
      return { views: applyView(policy, plain, feeds), targets: confidentTargets(logits, threshold), ...Object.fromEntries(named) };
    },
    loss: (all, batch) => {
      const running = Object.entries(batch).filter(([name]) => name.startsWith(STATISTIC));
      const moved = Object.fromEntries(running.map(([name, value]) => [name.slice(STATISTIC.length), value]));
      const { logits, statistics } = logitsOf({ ...all, ...moved }, batch['views'] as tf.Tensor4D);
      const targets = batch['targets'] as tf.Tensor2D;
      const classWeights = balance ? balancedWeights(targets) : tf.ones([clusters]);
      return { loss: maskedCrossEntropy(logits, targets, classWeights as tf.Tensor1D, smoothing), statistics };
    },
  };
}
