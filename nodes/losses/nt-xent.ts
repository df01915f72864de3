// The contrastive loss of SimCLR. One pure function of tensors; knows no network and no optimizer.
import * as tf from '@tensorflow/tfjs-core';

/** Added to an anchor's similarity with itself, so that its softmax share is exactly 0. */
const EXCLUDED = -1e9;

/**
 * NT-Xent (Chen et al., "A simple framework for contrastive learning of visual representations", ICML 2020, eq. 1):
 *
 *   ℓ(i, j) = −log exp(⟨zᵢ, zⱼ⟩/τ) / Σ_{a ≠ i} exp(⟨zᵢ, zₐ⟩/τ)
 *
 * where a runs over both views of the batch. `anchors: 'both'` is the paper's mean over all 2b anchors; `'first'` takes the b anchors of the
 * first view alone, as the SCAN repository does.
 *
 * @param first [b, d] unit vectors, the first view; row i of `second` is its positive
 * @param second [b, d] unit vectors
 * @returns a scalar
 */
export function ntXent(first: tf.Tensor2D, second: tf.Tensor2D, temperature: number, anchors: 'both' | 'first' = 'both'): tf.Scalar {
  const [batch] = first.shape;
  const all = tf.concat([first, second]); //                                              [2b, d]
  const from = anchors === 'both' ? all : first; //                                       [a, d], a = 2b or b
  const { positives, self } = pairs(batch, from.shape[0]);
  const similarity = tf.div(tf.matMul(from, all, false, true), temperature); //           [a, 2b]
  const shares = tf.logSoftmax(tf.add(similarity, self)); //                              [a, 2b]
  return tf.div(tf.sum(tf.mul(shares, positives)), -from.shape[0]) as tf.Scalar;
}

/** Constant masks [anchors, 2b]: 1 at each anchor's positive; a large negative number at the anchor itself. */
function pairs(batch: number, anchors: number): { positives: tf.Tensor2D; self: tf.Tensor2D } {
  const positives = new Float32Array(anchors * 2 * batch);
  const self = new Float32Array(anchors * 2 * batch);
  for (let i = 0; i < anchors; i++) {
    positives[i * 2 * batch + ((i + batch) % (2 * batch))] = 1;
    self[i * 2 * batch + i] = EXCLUDED;
  }
  return { positives: tf.tensor2d(positives, [anchors, 2 * batch]), self: tf.tensor2d(self, [anchors, 2 * batch]) };
}
