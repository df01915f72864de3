// Cutout (DeVries and Taylor, 2017): one square hole an image, filled with the image's mean colour.
import * as tf from '@tensorflow/tfjs-core';
import type { Random } from '../training/random.ts';
import type { Size } from './geometry.ts';

/** [n, 4]: top, bottom, left, right of each hole in pixels (bottom and right excluded); side 1 … `longest`, centre anywhere in the image. */
export function drawCutout(longest: number, random: Random, count: number, { height, width }: Size): Float32Array {
  const sides = random.split('side').integers(count, longest);
  const down = random.split('down').integers(count, height);
  const right = random.split('right').integers(count, width);
  const holes = new Float32Array(count * 4);
  for (let i = 0; i < count; i++) {
    const side = sides[i]! + 1;
    const [top, left] = [down[i]! - Math.floor(side / 2), right[i]! - Math.floor(side / 2)];
    holes.set([top, top + side, left, left + side], i * 4);
  }
  return holes;
}

/**
 * @param pixels [n, H, W, C]
 * @param holes [n, 4]
 */
export function applyCutout(pixels: tf.Tensor4D, holes: tf.Tensor2D): tf.Tensor4D {
  const [count, height, width] = pixels.shape;
  const edge = (column: number): tf.Tensor4D => tf.reshape(tf.slice(holes, [0, column], [count, 1]), [count, 1, 1, 1]);
  const inside = (line: tf.Tensor4D, from: number, to: number): tf.Tensor =>
    tf.mul(tf.cast(tf.greaterEqual(line, edge(from)), 'float32'), tf.cast(tf.less(line, edge(to)), 'float32'));
  const rows = inside(line(height, [1, height, 1, 1]), 0, 1); //                          [n, H, 1, 1]
  const columns = inside(line(width, [1, 1, width, 1]), 2, 3); //                         [n, 1, W, 1]
  const hole = tf.mul(rows, columns); //                                                  [n, H, W, 1]
  const mean = tf.mean(pixels, [1, 2], true); //                                          [n, 1, 1, C]
  return tf.add(pixels, tf.mul(hole, tf.sub(mean, pixels)));
}

/** 0, 1, 2, … along one axis. */
const line = (length: number, shape: [number, number, number, number]): tf.Tensor4D =>
  tf.tensor4d(
    Array.from({ length }, (_, index) => index),
    shape,
  );
