// The SCAN step on cached vectors: only heads are trained, several at once, and no image is touched.
import type * as tf from '@tensorflow/tfjs-core';
import type { NdArray } from '../../cache/array.ts';
import type { HeadSpec, Neighbours, Weights } from '../artifacts.ts';
import { scanLoss } from '../losses/scan.ts';
import { headLogits } from '../networks/heads.ts';
import { gatherRows } from './batches.ts';
import { fit, type Rates, type World } from './fit.ts';
import { drawNeighbours } from './pairs.ts';
import { random } from './random.ts';

export interface ScanHeads {
  readonly head: HeadSpec;
  readonly entropyWeight: number;
  readonly steps: number;
  /** Pairs a step. */
  readonly batch: number;
  readonly rates: Rates;
}

/** Steps between two reports and checkpoints. */
const ROUND = 50;

/** @param vectors [N, D]; @param weights of the heads at the start */
export async function trainHeads(
  vectors: NdArray<'float32'>,
  neighbours: Neighbours,
  weights: Weights,
  { head, entropyWeight, steps, batch, rates }: ScanHeads,
  world: World,
): Promise<{ readonly weights: Weights; readonly curve: readonly number[] }> {
  const [count, dimension] = vectors.shape as [number, number];
  const stream = random(world.seed);
  const rows = { shape: [batch, dimension], dtype: 'float32' as const };
  return fit(
    {
      weights,
      objective: {
        trainable: Object.keys(weights),
        loss: (all, { anchors, others }) => {
          const logits = [anchors, others].map((x) => headLogits(head, all, x as tf.Tensor2D)); // [b, heads, C] each
          return { loss: scanLoss(logits[0]!, logits[1]!, entropyWeight).total, statistics: {} };
        },
      },
      rates,
      steps,
      stepsPerEpoch: ROUND,
      feeds: { anchors: rows, others: rows },
      batch: (round, step) => {
        const own = stream.split('pairs', round, step);
        const anchors = own.split('anchors').integers(batch, count);
        return { anchors: gatherRows(vectors, anchors), others: gatherRows(vectors, drawNeighbours(neighbours, anchors, own)) };
      },
      batchSize: batch,
      perStep: { count: batch, of: 'pairs' },
      unit: 'step',
    },
    world,
  );
}
