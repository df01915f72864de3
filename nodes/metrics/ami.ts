// Adjusted mutual information: NMI minus what chance would give. Exact expectation, no sampling.
import { margins, type Counts } from './confusion.ts';
import { entropy, isSingle, mutualInformation } from './nmi.ts';

/**
 * AMI = (I − E[I]) / ((H(T) + H(P)) / 2 − E[I]): about 0 for chance, 1 for equal partitions.
 * Vinh, Epps & Bailey, "Information theoretic measures for clusterings comparison", JMLR 2010.
 */
export function ami(counts: Counts): number {
  const { ofRows, ofColumns, total } = margins(counts);
  if (isSingle(ofRows) && isSingle(ofColumns)) return 1;
  const expected = expectedInformation(ofRows, ofColumns, total);
  const range = (entropy(ofRows, total) + entropy(ofColumns, total)) / 2 - expected;
  const bounded = range < 0 ? Math.min(range, -Number.EPSILON) : Math.max(range, Number.EPSILON);
  return (mutualInformation(counts) - expected) / bounded;
}

/**
 * E[I] over all tables with these margins: Σ_a Σ_b Σ_n n/N · ln(N·n / (a·b)) · P(n), with the hypergeometric
 * P(n) = a! b! (N−a)! (N−b)! / (N! n! (a−n)! (b−n)! (N−a−b+n)!).
 */
function expectedInformation(ofRows: Float64Array, ofColumns: Float64Array, total: number): number {
  const f = logFactorials(total);
  let sum = 0;
  for (const a of ofRows) {
    for (const b of ofColumns) {
      const fixed = f[a]! + f[b]! + f[total - a]! + f[total - b]! - f[total]!;
      for (let n = Math.max(1, a + b - total); n <= Math.min(a, b); n++) {
        const chance = Math.exp(fixed - f[n]! - f[a - n]! - f[b - n]! - f[total - a - b + n]!);
        sum += (n / total) * Math.log((total * n) / (a * b)) * chance;
      }
    }
  }
  return sum;
}

/** ln 0!, ln 1!, … ln n!. */
function logFactorials(n: number): Float64Array {
  const logs = new Float64Array(n + 1);
  for (let i = 2; i <= n; i++) logs[i] = logs[i - 1]! + Math.log(i);
  return logs;
}
