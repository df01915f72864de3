// Random rotation, scale, aspect ratio, shear and shift, as maps from view to image.
import type { ViewPolicy } from '../artifacts.ts';
import type { Random } from '../training/random.ts';
import { type Maps, maps, type Size } from './geometry.ts';

/**
 * Draws one inverse affine map an image: rotation · shear · diag(e^(s + r/2), e^(s − r/2)), then a shift in half sides; each parameter is
 * uniform in ± its range. A positive log scale shows more of the image, smaller.
 */
export function drawAffine(ranges: NonNullable<ViewPolicy['affine']>, random: Random, count: number, { height, width }: Size): Maps {
  const draw = (name: string, range: number): Float32Array => random.split(name).uniform(count, -range, range);
  const rotate = draw('rotate', ranges.rotate);
  const logScale = draw('scale', ranges.logScale);
  const logAspect = draw('aspect', ranges.logAspect);
  const shear = draw('shear', ranges.shear);
  const right = draw('right', ranges.shift);
  const down = draw('down', ranges.shift);
  return maps(count, (i) => {
    const [cos, sin] = [Math.cos(rotate[i]!), Math.sin(rotate[i]!)];
    const across = Math.exp(logScale[i]! + logAspect[i]! / 2);
    const along = Math.exp(logScale[i]! - logAspect[i]! / 2);
    const [x, y] = [(right[i]! * width) / 2, (down[i]! * height) / 2];
    return [cos * across, (cos * shear[i]! - sin) * along, x, sin * across, (sin * shear[i]! + cos) * along, y];
  });
}
