// Every loss, on logits or vectors like those of a network half trained.
import * as tf from '@tensorflow/tfjs-core';
import { ntXent } from '../../../../nodes/losses/nt-xent.ts';
import { scanLoss } from '../../../../nodes/losses/scan.ts';
import { balancedWeights, confidentTargets, maskedCrossEntropy } from '../../../../nodes/losses/self-label.ts';
import { unitRows } from '../../../../nodes/networks/layers.ts';
import { numbers } from '../parity.ts';
import type { Case } from './case.ts';

const [first, second] = [numbers(70, [6, 8]), numbers(71, [6, 8])];
const [anchors, neighbours] = [numbers(72, [6, 2, 4], -4, 4), numbers(73, [6, 2, 4], -4, 4)];
const [strong, weak] = [numbers(74, [6, 4], -3, 3), numbers(75, [6, 4], -4, 4)];

export const LOSSES: readonly Case[] = [
  ...(['both', 'first'] as const).map((from): Case => ({
    name: `NT-Xent, ${from === 'both' ? 'anchors of both views' : 'anchors of the first view'}`,
    body: ({ first, second }) => ntXent(unitRows(first as tf.Tensor2D), unitRows(second as tf.Tensor2D), 0.5, from),
    feeds: { first, second },
  })),
  {
    name: 'SCAN with two heads',
    body: ({ anchors, neighbours }) => {
      const { total, consistency, entropy } = scanLoss(anchors as tf.Tensor3D, neighbours as tf.Tensor3D, 5);
      return [total, consistency, entropy];
    },
    feeds: { anchors, neighbours },
  },
  {
    name: 'cross-entropy of confident labels, balanced and smoothed',
    body: ({ strong, weak }) => {
      const targets = confidentTargets(weak as tf.Tensor2D, 0.6);
      const weights = balancedWeights(targets);
      return [maskedCrossEntropy(strong as tf.Tensor2D, targets, weights, 0.1), targets, weights];
    },
    feeds: { strong, weak },
  },
  {
    name: 'cross-entropy without a label',
    body: ({ strong }) => maskedCrossEntropy(strong as tf.Tensor2D, tf.zeros([6, 4]), tf.ones([4]), 0),
    feeds: { strong },
  },
];
