// A view policy as two pure functions: parameters drawn on the CPU, and the same parameters applied to pixels inside a training step.
// Steps that the policy does not name cost nothing. The order is: crop, flip and warp at once; colour; gamma; gain; noise; cutout.
import * as tf from '@tensorflow/tfjs-core';
import { ndarray } from '../../cache/array.ts';
import type { ViewPolicy } from '../artifacts.ts';
import type { Arrays, Signatures } from '../tensor/executor.ts';
import type { TensorMap } from '../tensor/trace.ts';
import type { Random } from '../training/random.ts';
import { drawAffine } from './affine.ts';
import { applyColour, drawColour } from './colour.ts';
import { drawCrop } from './crop.ts';
import { applyCutout, drawCutout } from './cutout.ts';
import { drawFlip } from './flip.ts';
import { compose, type Maps, type Size, toTransforms } from './geometry.ts';
import { applyGain, applyGamma, drawGain, drawGamma } from './intensity.ts';
import { resample } from './resample.ts';

/** Height, width and channels of an image. */
export type ImageShape = readonly [number, number, number];

/** One step of a policy: the shape of its parameters for one image, how they are drawn, and what they do. */
interface Step {
  readonly parameters: { readonly [name: string]: readonly number[] };
  draw(random: Random, count: number): { readonly [name: string]: Float32Array };
  apply(pixels: tf.Tensor4D, parameters: TensorMap): tf.Tensor4D;
}

/** Random parameters for `count` views of images of this shape; every value depends on the stream alone. */
export function drawViewParameters(policy: ViewPolicy, random: Random, count: number, shape: ImageShape): Arrays {
  const drawn = steps(policy, shape).map((step) => wrap(step, step.draw(random, count), count));
  return Object.assign({}, ...drawn) as Arrays;
}

const wrap = (step: Step, drawn: { readonly [name: string]: Float32Array }, count: number): Arrays =>
  Object.fromEntries(Object.entries(drawn).map(([name, data]) => [name, ndarray('float32', [count, ...step.parameters[name]!], data)]));

/** The signatures of what `drawViewParameters` draws, as feeds of a step. */
export function viewSignatures(policy: ViewPolicy, count: number, shape: ImageShape): Signatures {
  const named = steps(policy, shape).flatMap((step) => Object.entries(step.parameters));
  return Object.fromEntries(named.map(([name, inner]) => [name, { shape: [count, ...inner], dtype: 'float32' as const }]));
}

/**
 * Views of images.
 * @param pixels [n, H, W, C] in 0–1
 * @param parameters drawn for n views; other entries are ignored
 * @returns [n, H, W, C]; gain and noise may leave 0–1
 */
export function applyView(policy: ViewPolicy, pixels: tf.Tensor4D, parameters: TensorMap): tf.Tensor4D {
  const [, height, width, channels] = pixels.shape;
  return steps(policy, [height, width, channels]).reduce((view, step) => step.apply(view, parameters), pixels);
}

function steps(policy: ViewPolicy, [height, width, channels]: ImageShape): readonly Step[] {
  const size = { height, width };
  const { cutout, gamma, gain, noise } = policy;
  const list: Step[] = [];
  if (policy.affine || policy.crop || policy.flip) list.push(warp(policy, size));
  if (policy.colour || policy.grey) list.push(recolour(policy, channels));
  if (gamma) list.push(perImage('view/gamma', (random, count) => drawGamma(gamma, random, count), applyGamma));
  if (gain) list.push(perImage('view/gain', (random, count) => drawGain(policy, random, count), applyGain));
  if (noise) list.push(grain(noise, [height, width, channels]));
  if (cutout) list.push(hole(cutout, size));
  return list;
}

/** Crop, flip and warp as one resampling. Beyond the border are zeros if the policy warps, else the border's own pixels. */
function warp(policy: ViewPolicy, size: Size): Step {
  return {
    parameters: { 'view/transform': [8] },
    draw: (random, count) => ({ 'view/transform': toTransforms(drawGeometry(policy, random, count, size), size) }),
    apply: (pixels, parameters) => {
      const transforms = parameters['view/transform'] as tf.Tensor2D;
      const beyond = policy.affine ? 'constant' : 'nearest';
      return turns(policy) ? tf.image.transform(pixels, transforms, 'bilinear', beyond, 0) : resample(pixels, transforms, beyond);
    },
  };
}

/** Whether rows and columns mix. */
const turns = ({ affine }: ViewPolicy): boolean => affine !== undefined && (affine.rotate > 0 || affine.shear > 0);

function drawGeometry({ affine, crop, flip }: ViewPolicy, random: Random, count: number, size: Size): Maps {
  const parts = [
    ...(affine ? [drawAffine(affine, random.split('affine'), count, size)] : []),
    ...(crop ? [drawCrop(crop, random.split('crop'), count, size)] : []),
    ...(flip ? [drawFlip(flip, random.split('flip'), count)] : []),
  ];
  return parts.reduce(compose);
}

function recolour(policy: ViewPolicy, channels: number): Step {
  return {
    parameters: { 'view/colour': [channels, channels], 'view/brightness': [] },
    draw: (random, count) => {
      const { matrix, mean } = drawColour(policy, random.split('colour'), count, channels);
      return { 'view/colour': matrix, 'view/brightness': mean };
    },
    apply: (pixels, parameters) =>
      applyColour(pixels, parameters['view/colour'] as tf.Tensor3D, parameters['view/brightness'] as tf.Tensor1D),
  };
}

/** A step with one number an image. */
function perImage(
  name: string,
  draw: (random: Random, count: number) => Float32Array,
  apply: (pixels: tf.Tensor4D, numbers: tf.Tensor1D) => tf.Tensor4D,
): Step {
  return {
    parameters: { [name]: [] },
    draw: (random, count) => ({ [name]: draw(random.split(name), count) }),
    apply: (pixels, parameters) => apply(pixels, parameters[name] as tf.Tensor1D),
  };
}

/** Gaussian noise on each pixel and channel. */
function grain(deviation: number, shape: ImageShape): Step {
  const size = shape[0] * shape[1] * shape[2];
  return {
    parameters: { 'view/noise': shape },
    draw: (random, count) => ({ 'view/noise': random.split('noise').normal(count * size, 0, deviation) }),
    apply: (pixels, parameters) => tf.add(pixels, parameters['view/noise']!),
  };
}

function hole(longest: number, size: Size): Step {
  return {
    parameters: { 'view/hole': [4] },
    draw: (random, count) => ({ 'view/hole': drawCutout(longest, random.split('cutout'), count, size) }),
    apply: (pixels, parameters) => applyCutout(pixels, parameters['view/hole'] as tf.Tensor2D),
  };
}
