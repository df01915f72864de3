// The clustering loss of SCAN, for several heads at once. One pure function of tensors; which head is kept is decided elsewhere.
import * as tf from '@tensorflow/tfjs-core';

/** Lower bound of a log-probability, as in PyTorch's binary cross-entropy. */
const LOG_FLOOR = -100;
/** Lower bound of a mean probability inside the entropy's logarithm, as in the SCAN repository. */
const MEAN_FLOOR = 1e-8;

export interface ScanLoss {
  /** [heads] */
  readonly consistency: tf.Tensor1D;
  /** [heads], in nats; at most log C */
  readonly entropy: tf.Tensor1D;
  /** Scalar: the heads' losses added up. */
  readonly total: tf.Scalar;
}

/**
 * SCAN (Van Gansbeke et al., "SCAN: learning to classify images without labels", ECCV 2020, eq. 2):
 *
 *   L = −1/b Σᵢ log⟨pᵢ, qᵢ⟩ + λ Σ_c p̄_c log p̄_c,   p = softmax(anchor), q = softmax(neighbour), p̄ = 1/b Σᵢ pᵢ
 *
 * that is consistency − λ·entropy: a pair shall agree, and the batch shall use all clusters. Negative by construction when λ > 0.
 *
 * @param anchors [b, heads, C] logits
 * @param neighbours [b, heads, C] logits of one neighbour of each anchor
 */
export function scanLoss(anchors: tf.Tensor3D, neighbours: tf.Tensor3D, entropyWeight: number): ScanLoss {
  const p = tf.softmax(anchors); //                                                       [b, heads, C]
  const q = tf.softmax(neighbours); //                                                    [b, heads, C]
  const agreement = tf.sum(tf.mul(p, q), 2); //                                           [b, heads]
  const consistency = tf.neg(tf.mean(clampedLog(agreement), 0)) as tf.Tensor1D; //        [heads]
  const mean = tf.maximum(tf.mean(p, 0), MEAN_FLOOR); //                                  [heads, C]
  const entropy = tf.neg(tf.sum(tf.mul(mean, tf.log(mean)), 1)) as tf.Tensor1D; //        [heads]
  return { consistency, entropy, total: tf.sum(tf.sub(consistency, tf.mul(entropy, entropyWeight))) };
}

/** max(log x, −100), with a gradient of 0 rather than NaN at x = 0; for x ≥ 0. */
function clampedLog(x: tf.Tensor): tf.Tensor {
  const positive = tf.step(x);
  const zero = tf.sub(1, positive);
  return tf.maximum(tf.add(tf.log(tf.add(x, zero)), tf.mul(zero, LOG_FLOOR)), LOG_FLOOR);
}
