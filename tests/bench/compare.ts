// Two sides measured alternately in one run, and the ratio of their medians. What is not measured is said, never left out.

/** One side of a comparison: does its work once and returns how much better is more, e.g. images per second. */
export interface Side {
  measure(): Promise<number>;
  close?(): Promise<void> | void;
}

/** A side that this machine does not have, and why. */
export interface Missing {
  readonly missing: string;
}

export interface Comparison {
  readonly bench: string;
  readonly case: string;
  readonly ours: number | null;
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
  ours: Side | Missing,
  peer: Side | Missing,
  { rounds = 7, better = 'more' as 'more' | 'less' } = {},
): Promise<Comparison> {
  const sides = [ours, peer].map((side) => ('missing' in side ? undefined : side));
  const figures: number[][] = [[], []];
  for (let round = -1; round < rounds; round += 1)
    for (const [index, side] of sides.entries()) {
      const figure = await side?.measure();
      if (round >= 0 && figure !== undefined) figures[index]!.push(figure);
    }
  for (const side of sides) await side?.close?.();
  const [a, b] = figures.map((each) => (each.length > 0 ? median(each) : null)) as [number | null, number | null];
  const ratio = a === null || b === null ? null : better === 'more' ? a / b : b / a;
  const note = [ours, peer].flatMap((side) => ('missing' in side ? [side.missing] : [])).join('; ');
  return { ...labels, ours: a, peer: b, ratio, ...(note ? { note } : {}) };
}

export function median(values: readonly number[]): number {
  const sorted = [...values].sort((a, b) => a - b);
  const middle = sorted.length >> 1;
  return sorted.length % 2 ? sorted[middle]! : (sorted[middle - 1]! + sorted[middle]!) / 2;
}
