// Precision, recall and F1 of each class, from a square confusion table and the true sizes.
import type { Counts } from './confusion.ts';

export interface ClassScores {
  readonly class: string;
  /** Share of the images predicted as this class that are of it. */
  readonly precision: number;
  /** Share of the images of this class that are predicted as it. */
  readonly recall: number;
  /** Harmonic mean of the two. */
  readonly f1: number;
  /** Images of this class. */
  readonly count: number;
}

/** table: [classes, classes]; sizes: [classes] images of each class, those without a prediction included. A share of nothing is 0. */
export function perClass({ columns, counts }: Counts, sizes: Int32Array, classes: readonly string[]): readonly ClassScores[] {
  return classes.map((name, c) => {
    const right = counts[c * columns + c]!;
    let predicted = 0;
    for (let row = 0; row < classes.length; row++) predicted += counts[row * columns + c]!;
    const [precision, recall] = [share(right, predicted), share(right, sizes[c]!)];
    return { class: name, precision, recall, f1: share(2 * precision * recall, precision + recall), count: sizes[c]! };
  });
}

const share = (part: number, whole: number): number => (whole === 0 ? 0 : part / whole);
