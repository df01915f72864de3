// The gradient of a maximum pool in operators that every kind of device has: WebGPU's pool does not tell where the maxima were.
import type { Window } from '../tracing/convolutions.ts';
import { ELEMENT } from './graph.ts';
import type { Lower } from './lower.ts';
import type { Shape4 } from './values.ts';

/** Below every number: what lies beyond the border is no maximum. */
const LEAST = -3.4e38;

/**
 * Tap by tap of the window: where the input equals the maximum, and no earlier tap did, goes the gradient. A transposed convolution of every
 * image and channel for itself, whose filters hold a single 1, puts the taps back in their places.
 */
export const maximumPoolGradient: Lower = ({ inputs, outputs, attributes }, values) => {
  const { graph, signature, get } = values;
  const { strides, pad, filterSize } = attributes as unknown as Window & { readonly filterSize: readonly [number, number] };
  const [height, width] = filterSize;
  const [, [top, bottom], [left, right]] = pad;
  const [, inHeight, inWidth, channels] = signature(inputs['input']!).shape as Shape4;
  const [count, outHeight, outWidth] = signature(inputs['dy']!).shape as Shape4;
  const taps = height * width;
  const [dy, most] = [get(inputs['dy']!, 'first'), get(inputs['output']!, 'first')];
  const plain = get(inputs['input']!, 'first');
  const isPadded = top + bottom + left + right > 0;
  const x = isPadded ? graph.node('Pad', [plain, graph.list([0, 0, top, left, 0, 0, bottom, right]), graph.scalar(LEAST)]) : plain;

  let free = graph.scalar(1);
  const shares = Array.from({ length: taps }, (_, tap) => {
    const from = [Math.floor(tap / width), tap % width];
    const to = [outHeight, outWidth].map((side, i) => from[i]! + (side - 1) * strides[i]! + 1);
    const seen = graph.node('Slice', [x, graph.list(from), graph.list(to), graph.list([2, 3]), graph.list(strides)]);
    const first = graph.node('Mul', [graph.node('Cast', [graph.node('Equal', [seen, most])], { to: ELEMENT.float32 }), free]);
    free = graph.node('Sub', [free, first]);
    return graph.node('Reshape', [graph.node('Mul', [first, dy]), graph.list([count * channels, 1, outHeight, outWidth])]);
  });
  const stacked = taps === 1 ? shares[0]! : graph.node('Concat', shares, { axis: 1 });
  const ones = Array.from({ length: taps * taps }, (_, i) => (i % (taps + 1) === 0 ? 1 : 0));
  const filter = graph.constant('float32', [taps, 1, height, width], ones);
  // Where windows end before the image does, there are zeros to add instead of pads to cut off.
  const beyond = [top + inHeight, left + inWidth].map((end, i) => end - (([outHeight, outWidth][i]! - 1) * strides[i]! + filterSize[i]!));
  const [cut, missing] = [beyond.map((side) => Math.max(0, -side)), beyond.map((side) => Math.max(0, side))];
  const spread = graph.node('ConvTranspose', [stacked, filter], {
    kernel_shape: filterSize,
    strides,
    pads: [top, left, ...cut],
  });
  const whole = missing.some((side) => side > 0) ? graph.node('Pad', [spread, graph.list([0, 0, 0, 0, 0, 0, ...missing])]) : spread;
  values.set(outputs[0]!, graph.node('Reshape', [whole, graph.list([count, channels, inHeight, inWidth])]), 'first');
};
