// Bilinear resampling where rows and columns do not mix, as in crops, flips and scalings: two batched matrix products an image, which every
// executor does fast, instead of a look-up for each pixel.
import * as tf from '@tensorflow/tfjs-core';

/** Beyond the border: zeros, or the border's own pixels. */
export type Beyond = 'constant' | 'nearest';

/**
 * out = Ry · image · Rxᵀ for each channel, where row i of R holds the weights of what lies about its place p: R[i, j] = max(0, 1 − |p − j|).
 * @param pixels [n, H, W, C]
 * @param transforms [n, 8] as `tf.image.transform` takes them: x reads a₀x + a₂, y reads b₁y + b₂; the rest is not looked at
 * @returns [n, H, W, C], what `tf.image.transform` gives where a₁ = b₀ = c₀ = c₁ = 0
 */
export function resample(pixels: tf.Tensor4D, transforms: tf.Tensor2D, beyond: Beyond): tf.Tensor4D {
  const [count, height, width, channels] = pixels.shape;
  const column = (at: number): tf.Tensor3D => tf.reshape(tf.slice(transforms, [0, at], [count, 1]), [count, 1, 1]);
  const down = placesOf(height, 1, column(4), column(5), beyond); //                                   [n, H, 1]
  const across = placesOf(width, 2, column(0), column(2), beyond); //                                  [n, 1, W]
  const rows = tf.matMul(weights(down, indices(height, 2)), tf.reshape(pixels, [count, height, width * channels])); // [n, H, W·C]
  const planes = tf.transpose(tf.reshape(rows, [count, height, width, channels]), [0, 3, 1, 2]); //    [n, C, H, W]
  const both = tf.matMul(tf.reshape(planes, [count, channels * height, width]), weights(across, indices(width, 1))); // [n, C·H, W]
  return tf.transpose(tf.reshape(both, [count, channels, height, width]), [0, 2, 3, 1]);
}

/** 0, 1, 2, … along one axis of three. */
const indices = (length: number, axis: 1 | 2): tf.Tensor3D => tf.reshape(tf.range(0, length), axis === 1 ? [1, length, 1] : [1, 1, length]);

/** Where each index reads, at most at the border where that goes on. */
function placesOf(length: number, axis: 1 | 2, scale: tf.Tensor3D, shift: tf.Tensor3D, beyond: Beyond): tf.Tensor {
  const places = tf.add(tf.mul(scale, indices(length, axis)), shift);
  return beyond === 'nearest' ? tf.clipByValue(places, 0, length - 1) : places;
}

/** max(0, 1 − |p − j|) */
const weights = (places: tf.Tensor, read: tf.Tensor): tf.Tensor => tf.relu(tf.sub(1, tf.abs(tf.sub(places, read))));
