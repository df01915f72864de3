// Normalised mutual information of two partitions, as in scikit-learn: arithmetic mean of the entropies.
import { margins, type Counts } from './confusion.ts';

/** NMI = I(T; P) / ((H(T) + H(P)) / 2), 0–1; 1 where both partitions are a single group. Strehl & Ghosh, JMLR 2002. */
export function nmi(counts: Counts): number {
  const { ofRows, ofColumns, total } = margins(counts);
  if (isSingle(ofRows) && isSingle(ofColumns)) return 1;
  const information = mutualInformation(counts);
  return information <= Number.EPSILON ? 0 : information / ((entropy(ofRows, total) + entropy(ofColumns, total)) / 2);
}

/** I(T; P) = Σ n_tp/n · ln(n · n_tp / (n_t · n_p)), in nats. */
export function mutualInformation(table: Counts): number {
  const { ofRows, ofColumns, total } = margins(table);
  let sum = 0;
  table.counts.forEach((n, at) => {
    if (n > 0) sum += (n / total) * Math.log((total * n) / (ofRows[Math.floor(at / table.columns)]! * ofColumns[at % table.columns]!));
  });
  return Math.max(0, sum);
}

/** H = −Σ n_i/n · ln(n_i/n), in nats. */
export function entropy(sizes: Float64Array, total: number): number {
  return sizes.reduce((sum, size) => (size > 0 ? sum - (size / total) * Math.log(size / total) : sum), 0);
}

/** Whether at most one group has members. */
export const isSingle = (sizes: Float64Array): boolean => sizes.filter((size) => size > 0).length <= 1;
