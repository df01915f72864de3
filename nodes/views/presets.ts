// Policies by name, plain data to be spread and changed at the call of `augment`. Computes nothing.
import type { ViewPolicy } from '../artifacts.ts';

type Affine = NonNullable<ViewPolicy['affine']>;

/** An affine warp, ranges left out being 0; other steps of the policy may stand beside it: `affine({ rotate: 0.35, noise: 0.05 })`. */
export function affine({
  rotate = 0,
  logScale = 0,
  logAspect = 0,
  shear = 0,
  shift = 0,
  ...rest
}: Partial<Affine> & Omit<ViewPolicy, 'affine'>): ViewPolicy {
  return { ...rest, affine: { rotate, logScale, logAspect, shear, shift } };
}

/** SimCLR's colour jitter as the SCAN repository sets it for 32×32 pictures, and its greying. */
export function simclrColour(strength = 1): ViewPolicy {
  return {
    colour: { brightness: 0.4 * strength, contrast: 0.4 * strength, saturation: 0.4 * strength, hue: 0.1 * strength, chance: 0.8 },
    grey: 0.2,
  };
}

/** For small colour pictures of things that may be mirrored: random resized crop, flip, colour jitter, greying (SCAN repository, "simclr"). */
export function simclr(): ViewPolicy {
  return { crop: { area: [0.2, 1] }, flip: 0.5, ...simclrColour() };
}

/** For handwriting: a small warp, brightness and noise; never mirrored. */
export function handwriting(): ViewPolicy {
  return affine({ rotate: 0.35, logScale: 0.2, logAspect: 0.1, shear: 0.3, shift: 0.15, gain: 0.3, noise: 0.05 });
}

/** For grey pictures of clothes and the like: a small warp, mirrored, with strong changes of intensity. */
export function greyThings(): ViewPolicy {
  return affine({
    rotate: 0.15,
    logScale: 0.15,
    logAspect: 0.1,
    shear: 0.1,
    shift: 0.12,
    flip: 0.5,
    gamma: 1,
    gain: 0.7,
    logGain: true,
    noise: 0.03,
  });
}
