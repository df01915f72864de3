// Uniform numbers that depend on a seed and a place alone: a sweep that goes on draws what it would have drawn.
import { canonical, sha256 } from '../../cache/digest.ts';

const DIGITS = 13;

/** A number in [0, 1) of the place that the words name. */
export function uniform(seed: number, ...place: readonly (string | number)[]): number {
  const text = canonical([seed, ...place]);
  return Number.parseInt(sha256(new TextEncoder().encode(text)).slice(0, DIGITS), 16) / 16 ** DIGITS;
}
