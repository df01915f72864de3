// Where each pixel of a view comes from: one affine map an image, so that crop, flip and warp cost one resampling together. Plain numbers.

/** Row-major [n, 2, 3]: maps a point of the view to a point of the image, both in pixels from the centre. */
export type Maps = Float64Array;

/** Height and width in pixels. */
export interface Size {
  readonly height: number;
  readonly width: number;
}

/** n maps made one by one; `row` returns a, b, x, c, d, y: (u, v) ↦ (a·u + b·v + x, c·u + d·v + y). */
export function maps(count: number, row: (index: number) => readonly [number, number, number, number, number, number]): Maps {
  const all = new Float64Array(count * 6);
  for (let i = 0; i < count; i++) all.set(row(i), i * 6);
  return all;
}

/** First `inner`, then `outer`, for each image. */
export function compose(outer: Maps, inner: Maps): Maps {
  return maps(outer.length / 6, (i) => {
    const [a, b, x, c, d, y] = outer.subarray(i * 6, i * 6 + 6) as unknown as Six;
    const [e, f, u, g, h, v] = inner.subarray(i * 6, i * 6 + 6) as unknown as Six;
    return [a * e + b * g, a * f + b * h, a * u + b * v + x, c * e + d * g, c * f + d * h, c * u + d * v + y];
  });
}

type Six = readonly [number, number, number, number, number, number];

/** The same maps as `tf.image.transform` takes them: [n, 8], in pixels from the upper left pixel's centre. */
export function toTransforms(all: Maps, { height, width }: Size): Float32Array {
  const [right, down] = [(width - 1) / 2, (height - 1) / 2];
  const rows = new Float32Array((all.length / 6) * 8);
  for (let i = 0; i < all.length / 6; i++) {
    const [a, b, x, c, d, y] = all.subarray(i * 6, i * 6 + 6) as unknown as Six;
    rows.set([a, b, x - a * right - b * down + right, c, d, y - c * right - d * down + down, 0, 0], i * 8);
  }
  return rows;
}
