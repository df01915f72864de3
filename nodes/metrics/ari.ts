// Adjusted Rand index: agreement on pairs of items, minus what chance would give.
import { margins, type Counts } from './confusion.ts';

/**
 * ARI = (Σ C(n_tp, 2) − e) / ((Σ C(n_t, 2) + Σ C(n_p, 2)) / 2 − e) with e = Σ C(n_t, 2) · Σ C(n_p, 2) / C(N, 2).
 * About 0 for chance, 1 for equal partitions. Hubert & Arabie, 1985.
 */
export function ari(counts: Counts): number {
  const { ofRows, ofColumns, total } = margins(counts);
  const together = pairs(counts.counts);
  const [inRows, inColumns] = [pairs(ofRows), pairs(ofColumns)];
  if (together === inRows && together === inColumns) return 1;
  const expected = (inRows * inColumns) / ((total * (total - 1)) / 2);
  return (together - expected) / ((inRows + inColumns) / 2 - expected);
}

/** Σ C(n, 2). */
function pairs(sizes: Iterable<number>): number {
  let sum = 0;
  for (const n of sizes) sum += (n * (n - 1)) / 2;
  return sum;
}
