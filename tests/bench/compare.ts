// Two sides measured alternately in one run, and the ratio of their medians. What is not measured is said, never left out.

/** One side of a comparison: does its work once and returns how much better is more, e.g. images per second. */
export interface Side {
  measure(): Promise<number>;
  close?(): Promise<void> | void;
}

export interface Comparison {
  readonly bench: string;
  readonly case: string;
  readonly ours: number;
  readonly peer: number | null;
  readonly peerName: string;
  readonly unit: string;
  /** Greater than 1 means ours is better. */
  readonly ratio: number | null;
  readonly note?: string;
}

/** Measures both sides `rounds` times, alternately, after one unmeasured round each. `better` says which way is up. */
export async function compare(
  labels: Pick<Comparison, 'bench' | 'case' | 'peerName' | 'unit'>,
  ours: Side,
  peer: Side | { readonly missing: string },
  { rounds = 7, better = 'more' as 'more' | 'less' } = {},
): Promise<Comparison> {
  const mine: number[] = [];
  const theirs: number[] = [];
  const other = 'missing' in peer ? undefined : peer;
  for (let round = -1; round < rounds; round += 1) {
    const figures = [await ours.measure(), await other?.measure()] as const;
    if (round < 0) continue;
    mine.push(figures[0]);
    if (figures[1] !== undefined) theirs.push(figures[1]);
  }
  await ours.close?.();
  await other?.close?.();
  const [a, b] = [median(mine), other ? median(theirs) : null];
  const ratio = b === null ? null : better === 'more' ? a / b : b / a;
  return { ...labels, ours: a, peer: b, ratio, ...('missing' in peer ? { note: peer.missing } : {}) };
}

export function median(values: readonly number[]): number {
  const sorted = [...values].sort((a, b) => a - b);
  const middle = sorted.length >> 1;
  return sorted.length % 2 ? sorted[middle]! : (sorted[middle - 1]! + sorted[middle]!) / 2;
}
