// Colour jitter and greying as one linear map of each image's channels plus a share of its mean: brightness, contrast, saturation, hue and
// grey are all linear, so their product is drawn on the CPU and applied at once. Clips once, at the end, where torchvision clips at each step.
import * as tf from '@tensorflow/tfjs-core';
import type { ViewPolicy } from '../artifacts.ts';
import type { Random } from '../training/random.ts';

/** Weights of red, green and blue in brightness (ITU-R BT.601). */
const LUMA = [0.299, 0.587, 0.114] as const;
const CHANNELS = [0, 1, 2] as const;
/** A quarter turn of hue about the grey axis, times √3: what each channel takes from red, green and blue. */
const QUARTER_TURN = [
  [0, -1, 1],
  [1, 0, -1],
  [-1, 1, 0],
] as const;

export interface Jitter {
  /** [n, C, C], row vectors of channels are multiplied from the left. */
  readonly matrix: Float32Array;
  /** [n], the share of the image's mean brightness that contrast adds to each channel. */
  readonly mean: Float32Array;
}

/** Draws the colour change of each image, in the order brightness, contrast, saturation, hue, grey. */
export function drawColour({ colour, grey = 0 }: ViewPolicy, random: Random, count: number, channels: number): Jitter {
  const factor = (name: string, range = 0, middle = 1): Float32Array => random.split(name).uniform(count, middle - range, middle + range);
  const jittered = random.split('chance').uniform(count);
  const greyed = random.split('grey').uniform(count);
  const [brightness, contrast] = [factor('brightness', colour?.brightness), factor('contrast', colour?.contrast)];
  const [saturation, hue] = [factor('saturation', colour?.saturation), factor('hue', colour?.hue, 0)];
  const matrix = new Float32Array(count * channels * channels);
  const mean = new Float32Array(count);
  for (let i = 0; i < count; i++) {
    const on = jittered[i]! < (colour?.chance ?? 0);
    const gain = on ? brightness[i]! * contrast[i]! : 1;
    const saturated = greyed[i]! < grey ? 0 : on ? saturation[i]! : 1;
    mean[i] = on ? brightness[i]! * (1 - contrast[i]!) : 0;
    matrix.set(channels === 1 ? [gain] : colourMatrix(gain, saturated, on ? hue[i]! : 0), i * channels * channels);
  }
  return { matrix, mean };
}

/**
 * gain · (L + saturation · (cos φ · (E − L) + sin φ · (E − L)K)), transposed for row vectors, with φ = 2π·hue, L the map to grey of equal
 * brightness and K a quarter turn about the grey axis: greys stay, brightness stays, and hues add up.
 */
function colourMatrix(gain: number, saturation: number, hue: number): number[] {
  const [cos, sin] = [Math.cos(2 * Math.PI * hue), Math.sin(2 * Math.PI * hue) / Math.sqrt(3)];
  const turned = (to: number, from: number): number => cos * (to === from ? 1 : 0) + sin * QUARTER_TURN[to]![from]!;
  return CHANNELS.flatMap((from) => {
    const grey = CHANNELS.reduce<number>((sum, to) => sum + LUMA[to] * turned(to, from), 0);
    return CHANNELS.map((to) => gain * (LUMA[from] + saturation * (turned(to, from) - grey)));
  });
}

/**
 * @param pixels [n, H, W, C] in 0–1
 * @param matrix [n, C, C]
 * @param mean [n]
 * @returns [n, H, W, C], clipped to 0–1
 */
export function applyColour(pixels: tf.Tensor4D, matrix: tf.Tensor3D, mean: tf.Tensor1D): tf.Tensor4D {
  const [count, height, width, channels] = pixels.shape;
  const planes = tf.reshape(tf.transpose(pixels, [0, 3, 1, 2]), [count, channels, height * width]); // [n, C, HW]
  const luma = tf.tensor1d(channels === 1 ? [1] : [...LUMA]);
  const brightness = tf.sum(tf.mul(tf.mean(planes, 2), luma), 1); //                      [n]
  const offset = tf.reshape(tf.mul(brightness, mean), [count, 1, 1]);
  const mixed = channels === 1 ? tf.mul(planes, matrix) : tf.matMul(matrix, planes, true);
  const clipped = tf.clipByValue(tf.add(mixed, offset), 0, 1);
  return tf.transpose(tf.reshape(clipped, [count, channels, height, width]), [0, 2, 3, 1]);
}
