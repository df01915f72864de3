// Augmentations as loops over single pixels, from their definitions.

/** One image [height][width][channel]. */
export type Picture = number[][][];

/**
 * Bilinear resampling: the view's pixel (x, y) is the image at map(x, y), both in pixels from the centre. Outside are zeros, or the border goes on.
 */
export function warp(image: Picture, [a, b, x0, c, d, y0]: readonly number[], outside: 'zeros' | 'border' = 'zeros'): Picture {
  const [height, width] = [image.length, image[0]!.length];
  const [right, down] = [(width - 1) / 2, (height - 1) / 2];
  const within = (place: number, side: number): number => (outside === 'border' ? Math.min(Math.max(place, 0), side - 1) : place);
  const at = (y: number, x: number, channel: number): number => image[within(y, height)]?.[within(x, width)]?.[channel] ?? 0;
  return image.map((row, y) =>
    row.map((pixel, x) => {
      const [u, v] = [x - right, y - down];
      const [px, py] = [a! * u + b! * v + x0! + right, c! * u + d! * v + y0! + down];
      const [left, top] = [Math.floor(px), Math.floor(py)];
      const [fx, fy] = [px - left, py - top];
      return pixel.map(
        (_, channel) =>
          at(top, left, channel) * (1 - fx) * (1 - fy) +
          at(top, left + 1, channel) * fx * (1 - fy) +
          at(top + 1, left, channel) * (1 - fx) * fy +
          at(top + 1, left + 1, channel) * fx * fy,
      );
    }),
  );
}

const luma = ([r, g, b]: readonly number[]): number => 0.299 * r! + 0.587 * g! + 0.114 * b!;

/** Brightness, then contrast about the mean brightness, then saturation about each pixel's brightness. */
export function jitter(image: Picture, brightness: number, contrast: number, saturation: number): Picture {
  const bright = image.map((row) => row.map((pixel) => pixel.map((x) => x * brightness)));
  const mean = bright.flat().reduce((sum, pixel) => sum + luma(pixel), 0) / bright.flat().length;
  const contrasted = bright.map((row) => row.map((pixel) => pixel.map((x) => contrast * x + (1 - contrast) * mean)));
  return contrasted.map((row) => row.map((pixel) => pixel.map((x) => saturation * x + (1 - saturation) * luma(pixel))));
}
