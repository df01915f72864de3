// "Did you mean …?": the nearest known word, if it is near enough to be a slip of the fingers.
import { closest, distance } from 'fastest-levenshtein';

/** The known word nearest to `word` by edit distance, or undefined when none is near. */
export function nearest(word: string, known: readonly string[]): string | undefined {
  if (known.length === 0) return undefined;
  const best = closest(word, known);
  return distance(word.toLowerCase(), best.toLowerCase()) <= Math.max(2, word.length / 3) ? best : undefined;
}
