// Mean and deviation of each channel over a set of images.
import type { Images } from '../artifacts.ts';

/** Of pixels in 0–1. A channel without any variation has deviation 1, so that dividing by it is harmless. */
export function channelStatistics({ pixels }: Images): { readonly mean: readonly number[]; readonly deviation: readonly number[] } {
  const channels = pixels.shape.at(-1)!;
  const count = pixels.data.length / channels;
  const sums = new Float64Array(channels);
  const squares = new Float64Array(channels);
  for (let i = 0; i < pixels.data.length; i++) {
    const x = pixels.data[i]! / 255;
    sums[i % channels]! += x;
    squares[i % channels]! += x * x;
  }
  const mean = [...sums].map((sum) => sum / count);
  const deviation = mean.map((m, c) => Math.sqrt(Math.max(0, squares[c]! / count - m * m)) || 1);
  return { mean, deviation };
}
