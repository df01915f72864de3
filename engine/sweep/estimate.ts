// When a run or a sweep will end, from what is left to do and what the like took before. Pure; the clock and the events are the caller's.

/** A node that has not ended. Shared stages are one node: each key is counted once. */
export interface Work {
  readonly name: string;
  readonly kind: string;
  /** Names of the nodes that it reads; those that have ended count for nothing. */
  readonly inputs: readonly string[];
  /** Seconds that this very node took the last time, where known; goes before what its kind takes. */
  readonly lastSeconds?: number | undefined;
  /** Seconds since it started, where it runs. */
  readonly spent?: number | undefined;
}

/** Seconds that nodes took, by their kind. */
export type Recorded = ReadonlyMap<string, readonly number[]>;

/**
 * Seconds until all of `left` has ended; it stands in an order in which inputs come first. A node takes what it took last, else the median
 * of its kind, else that of all; one that has run for longer is about to end. Whichever is longer: all work shared by `atOnce` nodes at a
 * time, or the longest chain (list scheduling needs at most the sum of the two; Graham, 1969). Undefined where nothing was ever recorded.
 */
export function secondsLeft(left: readonly Work[], recorded: Recorded, atOnce: number): number | undefined {
  if (left.length === 0) return 0;
  const kinds = new Map([...recorded].map(([kind, seconds]) => [kind, median(seconds)]));
  const all = median([...recorded.values()].flat());
  const chains = new Map<string, number>();
  let [work, longest] = [0, 0];
  for (const { name, kind, inputs, lastSeconds, spent = 0 } of left) {
    const whole = lastSeconds ?? kinds.get(kind) ?? all;
    if (whole === undefined) return undefined;
    const own = Math.max(0, whole - spent);
    work += own;
    const chain = own + Math.max(0, ...inputs.map((input) => chains.get(input) ?? 0));
    chains.set(name, chain);
    longest = Math.max(longest, chain);
  }
  return Math.max(work / Math.max(1, atOnce), longest);
}

/** Seconds for trials that nobody has proposed yet: each takes as long as those before it did, shared stages included. */
export function secondsForTrials(more: number, done: number, elapsed: number): number | undefined {
  if (more <= 0) return 0;
  return done > 0 ? (more * elapsed) / done : undefined;
}

/**
 * How many nodes ran at once so far, at least 1: the time they took over the time in which any ran. Where a node takes all processors, that
 * is fewer than the run allows; so it is the better `atOnce` as soon as a few nodes have ended. Times in one unit; undefined for no nodes.
 */
export function seenAtOnce(spans: readonly { readonly start: number; readonly end: number }[]): number | undefined {
  const sorted = [...spans].sort((a, b) => a.start - b.start);
  let [busy, covered, until] = [0, 0, -Infinity];
  for (const { start, end } of sorted) {
    busy += end - start;
    covered += Math.max(0, end - Math.max(start, until));
    until = Math.max(until, end);
  }
  return covered > 0 ? busy / covered : undefined;
}

function median(values: readonly number[]): number | undefined {
  const sorted = [...values].sort((a, b) => a - b);
  const middle = sorted.length >> 1;
  return sorted.length % 2 ? sorted[middle] : sorted.length === 0 ? undefined : (sorted[middle - 1]! + sorted[middle]!) / 2;
}
