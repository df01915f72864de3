// Pads of windows in TensorFlow's words. SAME and VALID are known to every kernel; other pads are added to the image first, since oneDNN's
// kernels for gradients, and pools, know no others.
import type { Window } from '../tracing/convolutions.ts';
import type { Attributes, GraphWriter } from './graph.ts';

/** Pixels before and after each axis of [N, H, W, C]. */
export type Pads = readonly (readonly [before: number, after: number])[];

export interface Padding {
  readonly attribute: 'SAME' | 'VALID';
  /** What is added to the image first. */
  readonly pads?: Pads;
}

/** The padding of a window of `taps` rows and columns over an image [N, H, W, C]. */
export function paddingOf(image: readonly number[], taps: readonly number[], { strides, dilations, pad }: Window): Padding {
  const sides = [0, 1].map((axis) => {
    const [side, stride, [before, after]] = [image[axis + 1]!, strides[axis]!, pad[axis + 1]!];
    const span = (taps[axis]! - 1) * dilations[axis]! + 1;
    return { side, stride, span, before, after };
  });
  if (sides.every(({ before, after }) => before === 0 && after === 0)) return { attribute: 'VALID' };
  if (sides.every((axis) => String(same(axis)) === String([axis.before, axis.after]))) return { attribute: 'SAME' };
  return { attribute: 'VALID', pads: [[0, 0], ...sides.map(reached), [0, 0]] };
}

interface Axis {
  readonly side: number;
  readonly stride: number;
  /** Pixels from the first tap to the last. */
  readonly span: number;
  readonly before: number;
  readonly after: number;
}

/** What SAME adds. */
function same({ side, stride, span }: Axis): readonly [number, number] {
  const all = Math.max(0, (Math.ceil(side / stride) - 1) * stride + span - side);
  return [Math.floor(all / 2), Math.ceil(all / 2)];
}

/** The pads, without pixels behind the last window. */
function reached({ side, stride, span, before, after }: Axis): readonly [number, number] {
  const windows = Math.floor((side + before + after - span) / stride) + 1;
  return [before, Math.max(0, (windows - 1) * stride + span - side - before)];
}

const FLOAT: Attributes = { T: { type: 'float32' } };

export const grown = (image: readonly number[], pads: Pads): number[] => image.map((side, axis) => side + pads[axis]![0] + pads[axis]![1]);

/** An image with a number around it. */
export function padded(graph: GraphWriter, image: string, pads: Pads | undefined, filling = 0): string {
  if (!pads) return image;
  const pairs = graph.constant('int32', [4, 2], pads.flat());
  return filling === 0
    ? graph.node('Pad', [image, pairs], FLOAT)
    : graph.node('PadV2', [image, pairs, graph.constant('float32', [], [filling])], FLOAT);
}

/** The part of a padded image that is the image itself. */
export function inner(graph: GraphWriter, wide: string, image: readonly number[], pads: Pads | undefined): string {
  if (!pads) return wide;
  const begin = graph.list(pads.map(([before]) => before));
  return graph.node('Slice', [wide, begin, graph.list(image)], { ...FLOAT, Index: { type: 'int32' } });
}
