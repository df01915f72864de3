// Two sides measured alternately in one run, and the ratio of their medians. What is not measured is said, never left out.

/** One side of a comparison: does its work once and returns a figure, e.g. images per second. */
export interface Side {
  /** A side that turns out to be too slow is missing from then on. */
  measure(): Promise<number | Missing>;
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

/**
 * Measures both sides `rounds` times, alternately, after one unmeasured round each; fewer times, at least once, where `within` seconds are over.
 * `better` says which way is up.
 */
export async function compare(
  labels: Pick<Comparison, 'bench' | 'case' | 'peerName' | 'unit'>,
  ours: Side | Missing,
  peer: Side | Missing,
  { rounds = 7, within = Infinity, better = 'more' as 'more' | 'less' } = {},
): Promise<Comparison> {
  const sides = [turns(ours), turns(peer)];
  const started = performance.now();
  for (let round = 0; round <= rounds && performance.now() - started < within * 1000; round += 1)
    for (const side of sides) await side.turn();
  for (const side of [ours, peer]) if (!('missing' in side)) await side.close?.();
  const [a, b] = sides.map((side) => side.median()) as [number | null, number | null];
  const ratio = a === null || b === null ? null : better === 'more' ? a / b : b / a;
  const note = sides.flatMap((side) => side.missing() ?? []).join('; ');
  return { ...labels, ours: a, peer: b, ratio, ...(note ? { note } : {}) };
}

/** Whether `--only=…` leaves a case in. */
export function isWanted(name: string): boolean {
  return name.includes(process.argv.find((word) => word.startsWith('--only='))?.slice('--only='.length) ?? '');
}

/** A side's turns: their median without the first, unless that was the only one. */
function turns(side: Side | Missing) {
  const figures: number[] = [];
  let missing = 'missing' in side ? side.missing : undefined;
  return {
    async turn(): Promise<void> {
      if (missing !== undefined || 'missing' in side) return;
      const figure = await side.measure();
      if (typeof figure === 'number') figures.push(figure);
      else missing = figure.missing;
    },
    median: () => (missing !== undefined || figures.length === 0 ? null : median(figures.length > 1 ? figures.slice(1) : figures)),
    missing: () => missing,
  };
}

export function median(values: readonly number[]): number {
  const sorted = [...values].sort((a, b) => a - b);
  const middle = sorted.length >> 1;
  return sorted.length % 2 ? sorted[middle]! : (sorted[middle - 1]! + sorted[middle]!) / 2;
}
