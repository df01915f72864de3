// The losses of self-labelling. Pure functions of tensors: which labels are trusted is decided elsewhere, or by a threshold given here.
import * as tf from '@tensorflow/tfjs-core';

/**
 * Cross-entropy over the samples that have a label, class-weighted and label-smoothed:
 *
 *   L = Σᵢ w(tᵢ)·CEᵢ / Σᵢ w(tᵢ),   CEᵢ = −Σ_c yᵢ_c log softmax(xᵢ)_c,   y = (1 − ε)·onehot(t) + ε/C
 *
 * The smoothing is that of Szegedy et al., "Rethinking the Inception architecture" (CVPR 2016, section 7). With no labelled sample the loss
 * is 0 and so is its gradient.
 *
 * @param logits [b, C]
 * @param targets [b, C] one-hot rows; a row of zeros is a sample without a label
 * @param classWeights [C]
 */
export function maskedCrossEntropy(logits: tf.Tensor2D, targets: tf.Tensor2D, classWeights: tf.Tensor1D, smoothing: number): tf.Scalar {
  const [, classes] = logits.shape;
  const smooth = tf.add(tf.mul(targets, 1 - smoothing), smoothing / classes); //          [b, C]
  const entropy = tf.neg(tf.sum(tf.mul(smooth, tf.logSoftmax(logits)), 1)); //            [b]
  const weights = tf.sum(tf.mul(targets, classWeights), 1); //                            [b]
  return tf.div(tf.sum(tf.mul(weights, entropy)), tf.maximum(tf.sum(weights), SMALLEST));
}

/** Keeps an empty set of labels from dividing 0 by 0; far below any sum of class weights. */
const SMALLEST = 1e-12;

/**
 * The reference's labels (SCAN repository, ConfidenceBasedCE): argmax of the weak view where its probability exceeds the threshold, strictly.
 * Above one half no two classes can exceed it, so comparing is the same as taking the argmax.
 *
 * @param weak [b, C] logits of the plain images
 * @param threshold at least 0.5
 * @returns [b, C] one-hot rows, or zeros where no class is confident
 */
export function confidentTargets(weak: tf.Tensor2D, threshold: number): tf.Tensor2D {
  return tf.cast(tf.greater(tf.softmax(weak), threshold), 'float32') as tf.Tensor2D;
}

/**
 * The reference's class balance: w_c = n / n_c over the labelled samples of a batch, 1 for a class that is absent, so that every class
 * present weighs the same.
 *
 * @param targets [b, C] one-hot rows or zeros
 * @returns [C]
 */
export function balancedWeights(targets: tf.Tensor2D): tf.Tensor1D {
  const counts = tf.sum(targets, 0); //                                                   [C]
  const present = tf.greater(counts, 0);
  const weights = tf.div(tf.sum(counts), tf.maximum(counts, 1)); //                       [C]
  return tf.where(present, weights, tf.onesLike(weights)) as tf.Tensor1D;
}
