// Self-labelling on labels that stay as they are: the student learns the trusted labels from images half of which are augmented.
// Moving labels drift, and a student that never sees a plain image forgets what its labels were read from.
import * as tf from '@tensorflow/tfjs-core';
import { ndarray } from '../../cache/array.ts';
import type { Classifier, Images, ViewPolicy, Weights } from '../artifacts.ts';
import { maskedCrossEntropy } from '../losses/self-label.ts';
import { headInput, headLogits } from '../networks/heads.ts';
import { forward, toUnitRange, trainableFor } from '../networks/network.ts';
import type { TensorMap } from '../tensor/trace.ts';
import { applyView, drawViewParameters, viewSignatures } from '../views/policy.ts';
import { batchOf, imageShape } from './batches.ts';
import { rowsOf } from './data-set.ts';
import { fit, type Rates, type World } from './fit.ts';
import { random } from './random.ts';
import type { Objective } from './step.ts';
import { clusterWeights } from './trusted-labels.ts';

export interface FixedLabels {
  readonly policy: ViewPolicy;
  /** Indices of the images whose label is trusted. */
  readonly trusted: Int32Array;
  readonly epochs: number;
  /** Images a step; the last batch of an epoch is filled up. */
  readonly batch: number;
  /** Share of a batch that is augmented. */
  readonly augmented: number;
  readonly smoothing: number;
  readonly balance: boolean;
  readonly rates: Rates;
}

export async function learnFixedLabels(
  images: Images,
  classifier: Classifier,
  labels: FixedLabels,
  world: World,
): Promise<{ readonly weights: Weights; readonly curve: readonly number[] }> {
  const { policy, trusted, epochs, rates } = labels;
  const batch = Math.min(labels.batch, trusted.length);
  const stepsPerEpoch = Math.ceil(trusted.length / batch);
  const augmented = Math.round(labels.augmented * batch);
  const shape = imageShape(images);
  const stream = random(world.seed);
  const pixels = rowsOf(images.pixels, 'pixels', batch);
  return fit(
    {
      weights: classifier.weights,
      objective: labelObjective(classifier, labels),
      rates,
      steps: epochs * stepsPerEpoch,
      stepsPerEpoch,
      rows: pixels,
      feeds: {
        targets: { shape: [batch, classifier.clusters], dtype: 'float32' },
        ...(augmented > 0 ? viewSignatures(policy, augmented, shape) : {}),
      },
      batch: (epoch, step) => {
        const chosen = batchOf(stream, trusted.length, batch, epoch, step).map((place) => trusted[place]!);
        const views = augmented > 0 ? drawViewParameters(policy, stream.split('views', epoch, step), augmented, shape) : {};
        return { ...pixels.feed(chosen), targets: oneHot(classifier, chosen), ...views };
      },
      batchSize: batch,
      perStep: { count: batch, of: 'images' },
    },
    world,
  );
}

function labelObjective(classifier: Classifier, { policy, trusted, smoothing, balance }: FixedLabels): Objective {
  const { network, head, weights, clusters } = classifier;
  const classWeights = balance ? clusterWeights(classifier, trusted) : new Float32Array(clusters).fill(1);
  return {
    trainable: trainableFor(head, weights),
    prepare: (_, feeds): TensorMap => {
      const plain = toUnitRange(network, feeds['pixels'] as tf.Tensor4D);
      return { pixels: partlyAugmented(policy, plain, feeds), targets: feeds['targets']! };
    },
    loss: (all, { pixels, targets }) => {
      const outputs = forward(network, all, pixels as tf.Tensor4D, { training: true });
      const logits = tf.reshape(headLogits(head, all, headInput(head, outputs)), [-1, clusters]) as tf.Tensor2D;
      return {
        loss: maskedCrossEntropy(logits, targets as tf.Tensor2D, tf.tensor1d(classWeights), smoothing),
        statistics: outputs.statistics,
      };
    },
  };
}

/** The first images as views, as many as there are parameters of views, the others as they are. */
function partlyAugmented(policy: ViewPolicy, pixels: tf.Tensor4D, feeds: TensorMap): tf.Tensor4D {
  const [count] = pixels.shape;
  const augmented = Object.entries(feeds).find(([name]) => name.startsWith('view/'))?.[1].shape[0] ?? 0;
  if (augmented === 0) return pixels;
  const views = applyView(policy, tf.slice(pixels, 0, augmented), feeds);
  return augmented === count ? views : tf.concat([views, tf.slice(pixels, augmented, count - augmented)]);
}

function oneHot({ assigned, clusters }: Classifier, images: Int32Array): ReturnType<typeof ndarray<'float32'>> {
  const rows = new Float32Array(images.length * clusters);
  images.forEach((image, row) => (rows[row * clusters + assigned.data[image]!] = 1));
  return ndarray('float32', [images.length, clusters], rows);
}
