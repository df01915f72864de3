// Resampling of images, channels first: everything that is not a plain resize becomes one GridSample over computed coordinates.
import { unsupported, type Lower, type Rules } from './lower.ts';
import type { Values } from './values.ts';

type Four = readonly [number, number, number, number];

/** Coordinates along one axis, [n, h·w] or [1, h·w], in pixels. */
interface Coordinates {
  readonly x: string;
  readonly y: string;
}

/**
 * Reads an image [n, C, H, W] at pixel coordinates [n, h·w]. GridSample counts from −1 to 1; with align_corners = 0 pixel p of S lies at
 * (2p + 1)/S − 1.
 */
function sample(
  values: Values,
  image: string,
  [count, height, width]: Four,
  at: Coordinates,
  [h, w]: readonly [number, number],
  padding: 'zeros' | 'border',
): string {
  const { graph } = values;
  const scaled = (pixels: string, side: number): string => {
    const position = graph.node('Add', [graph.node('Mul', [pixels, graph.scalar(2 / side)]), graph.scalar(1 / side - 1)]);
    return graph.node('Reshape', [position, graph.list([count, h, w, 1])]);
  };
  const grid = graph.node('Concat', [scaled(at.x, width), scaled(at.y, height)], { axis: 3 });
  return graph.node('GridSample', [image, grid], { mode: 'bilinear', padding_mode: padding, align_corners: 0 });
}

/** ⌊p + ½⌋: the nearest pixel, read by the same bilinear sampler. */
const nearest = ({ graph }: Values, pixels: string): string => graph.node('Floor', [graph.node('Add', [pixels, graph.scalar(0.5)])]);

/** 0 … h·w−1 as rows and columns, [1, h·w]. */
function positions({ graph }: Values, [h, w]: readonly [number, number]): Coordinates {
  const numbers = (value: (at: number) => number): string =>
    graph.constant(
      'float32',
      [1, h * w],
      Array.from({ length: h * w }, (_, at) => value(at)),
    );
  return { x: numbers((at) => at % w), y: numbers((at) => Math.floor(at / w)) };
}

/** Columns of a matrix [n, k], each [n, 1]. */
const columns = ({ graph }: Values, matrix: string, count: number): string[] => graph.nodes('Split', [matrix], { axis: 1 }, count);

/** Outside is a number, or the border's own pixels. */
const PADDING: { readonly [fillMode: string]: 'zeros' | 'border' } = { constant: 'zeros', nearest: 'border' };

/**
 * tf.image.transform: pixel (x, y) of the result reads the image at ((a₀x + a₁y + a₂)/k, (b₀x + b₁y + b₂)/k), k = c₀x + c₁y + 1, for the
 * transform [a₀, a₁, a₂, b₀, b₁, b₂, c₀, c₁].
 */
const transform: Lower = ({ inputs, outputs, attributes }, values) => {
  const { graph, get, signature } = values;
  const { image, transforms } = inputs as { image: number; transforms: number };
  const { interpolation, fillMode, fillValue, outputShape } = attributes as {
    interpolation: string;
    fillMode: string;
    fillValue: number;
    outputShape: [number, number];
  };
  const padding = PADDING[fillMode];
  if (!padding) throw unsupported(`tf.image.transform with fill mode "${fillMode}"`, 'Use "constant" or "nearest".');
  const shape = signature(image).shape as unknown as Four;
  const all =
    signature(transforms).shape[0] === shape[0] ? get(transforms) : graph.node('Expand', [get(transforms), graph.list([shape[0], 8])]);
  const [a0, a1, a2, b0, b1, b2, c0, c1] = columns(values, all, 8) as [string, string, string, string, string, string, string, string];
  const { x, y } = positions(values, outputShape);
  const line = (p: string, q: string, r: string): string =>
    graph.node('Add', [graph.node('Add', [graph.node('Mul', [p, x]), graph.node('Mul', [q, y])]), r]);
  const depth = line(c0, c1, graph.scalar(1));
  const read = (p: string, q: string, r: string): string => {
    const exact = graph.node('Div', [line(p, q, r), depth]);
    return interpolation === 'nearest' ? nearest(values, exact) : exact;
  };
  const at = { x: read(a0, a1, a2), y: read(b0, b1, b2) };
  const shifted =
    padding === 'zeros' && fillValue !== 0 ? graph.node('Sub', [get(image, 'first'), graph.scalar(fillValue)]) : get(image, 'first');
  const made = sample(values, shifted, shape, at, outputShape, padding);
  values.set(outputs[0]!, padding === 'zeros' && fillValue !== 0 ? graph.node('Add', [made, graph.scalar(fillValue)]) : made, 'first');
};

/** Boxes [b, 4] are (y₁, x₁, y₂, x₂) in shares of the image less one pixel; what lies outside is `extrapolationValue`, not interpolated. */
const cropAndResize: Lower = ({ inputs, outputs, attributes }, values) => {
  const { graph, get, signature } = values;
  const { image, boxes, boxInd } = inputs as { image: number; boxes: number; boxInd: number };
  const { cropSize, method, extrapolationValue } = attributes as { cropSize: [number, number]; method: string; extrapolationValue: number };
  const [, height, width, channels] = signature(image).shape as unknown as Four;
  const count = signature(boxes).shape[0]!;
  const chosen = graph.node('Gather', [get(image, 'first'), get(boxInd)], { axis: 0 });
  const [y1, x1, y2, x2] = columns(values, get(boxes), 4) as [string, string, string, string];
  const grid = positions(values, cropSize);
  const along = (from: string, to: string, share: string, steps: number, side: number): string => {
    const last = graph.scalar(side - 1);
    if (steps === 1) return graph.node('Mul', [graph.node('Mul', [graph.node('Add', [from, to]), graph.scalar(0.5)]), last]);
    const stride = graph.node('Mul', [graph.node('Sub', [to, from]), graph.scalar((side - 1) / (steps - 1))]);
    return graph.node('Add', [graph.node('Mul', [from, last]), graph.node('Mul', [share, stride])]);
  };
  const whole = (pixels: string): string => graph.node('Expand', [pixels, graph.list([count, cropSize[0] * cropSize[1]])]);
  const exact = { x: whole(along(x1, x2, grid.x, cropSize[1], width)), y: whole(along(y1, y2, grid.y, cropSize[0], height)) };
  const at = method === 'nearest' ? { x: nearest(values, exact.x), y: nearest(values, exact.y) } : exact;
  const within = (pixels: string, side: number): string =>
    graph.node('And', [
      graph.node('GreaterOrEqual', [pixels, graph.scalar(0)]),
      graph.node('LessOrEqual', [pixels, graph.scalar(side - 1)]),
    ]);
  const inside = graph.node('Reshape', [
    graph.node('And', [within(exact.x, width), within(exact.y, height)]),
    graph.list([count, 1, ...cropSize]),
  ]);
  const made = sample(values, chosen, [count, height, width, channels], at, cropSize, 'border');
  values.set(outputs[0]!, graph.node('Where', [inside, made, graph.scalar(extrapolationValue)]), 'first');
};

const resize =
  (mode: 'linear' | 'nearest'): Lower =>
  ({ inputs, outputs, attributes }, values) => {
    const { graph, get, signature } = values;
    const [count, height, width, channels] = signature(outputs[0]!).shape as unknown as Four;
    const { alignCorners, halfPixelCenters } = attributes;
    const coordinates = alignCorners ? 'align_corners' : halfPixelCenters ? 'half_pixel' : 'asymmetric';
    const rounding = mode === 'nearest' ? { nearest_mode: coordinates === 'asymmetric' ? 'floor' : 'round_prefer_ceil' } : {};
    const inner = [get(inputs['images']!, 'first'), '', '', graph.list([count, channels, height, width])];
    values.set(outputs[0]!, graph.node('Resize', inner, { mode, coordinate_transformation_mode: coordinates, ...rounding }), 'first');
  };

export const IMAGE_RULES: Rules = {
  CropAndResize: cropAndResize,
  ResizeBilinear: resize('linear'),
  ResizeNearestNeighbor: resize('nearest'),
  Transform: transform,
};
