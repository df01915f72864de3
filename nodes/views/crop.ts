// Random resized crop, as maps from view to image.
import type { ViewPolicy } from '../artifacts.ts';
import type { Random } from '../training/random.ts';
import { type Maps, maps, type Size } from './geometry.ts';

/** Draws of a shape before the whole image is taken, as in torchvision. */
const ATTEMPTS = 10;
/** Of the box, before it is stretched to the view's shape. */
const LOG_ASPECT = Math.log(4 / 3);

/**
 * Draws one box an image: its share of the area uniform in `area`, its aspect ratio log-uniform in 3/4–4/3, its place uniform among those
 * inside the image (torchvision's RandomResizedCrop, without rounding to pixels).
 */
export function drawCrop({ area }: NonNullable<ViewPolicy['crop']>, random: Random, count: number, size: Size): Maps {
  const areas = random.split('area').uniform(count * ATTEMPTS, area[0], area[1]);
  const aspects = random.split('aspect').uniform(count * ATTEMPTS, -LOG_ASPECT, LOG_ASPECT);
  const right = random.split('right').uniform(count, -1, 1);
  const down = random.split('down').uniform(count, -1, 1);
  return maps(count, (i) => {
    const [across, along] = firstFitting(areas, aspects, i * ATTEMPTS, size);
    return [across, 0, (right[i]! * (1 - across) * size.width) / 2, 0, along, (down[i]! * (1 - along) * size.height) / 2];
  });
}

/** The box's sides as shares of the image's. */
function firstFitting(areas: Float32Array, aspects: Float32Array, from: number, { height, width }: Size): readonly [number, number] {
  for (let attempt = from; attempt < from + ATTEMPTS; attempt++) {
    const side = Math.sqrt(areas[attempt]! * height * width);
    const stretch = Math.exp(aspects[attempt]! / 2);
    const [across, along] = [(side * stretch) / width, side / stretch / height];
    if (across <= 1 && along <= 1) return [across, along];
  }
  return [1, 1];
}
