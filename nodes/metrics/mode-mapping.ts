// The mapping by hand of many tutorials: a class gets the cluster in which most of its images lie, and a person settles disputes.
import type { Counts } from './confusion.ts';

export interface CommonClusters {
  readonly class: string;
  readonly clusters: readonly { readonly cluster: number; readonly count: number }[];
}

/** The `most` most common clusters of each class with their counts, falling, ties by cluster. */
export function commonClusters({ columns, counts }: Counts, classes: readonly string[], most = 5): readonly CommonClusters[] {
  return classes.map((name, row) => ({
    class: name,
    clusters: Array.from(counts.subarray(row * columns, (row + 1) * columns), (count, cluster) => ({ cluster, count }))
      .filter(({ count }) => count > 0)
      .sort((a, b) => b.count - a.count || a.cluster - b.cluster)
      .slice(0, most),
  }));
}

/**
 * Each class claims its most common cluster, or the one that `overrides` (class index → cluster) gives it. An override beats every claim, then
 * the largest claim wins (the first of equals); the others go without and are named in `notes`.
 */
export function modeMapping(
  common: readonly CommonClusters[],
  clusters: number,
  overrides: ReadonlyMap<number, number>,
): { readonly classOf: Int32Array; readonly notes: readonly string[] } {
  const classOf = new Int32Array(clusters).fill(-1);
  const claims = common.map((of, row) => claimOf(of, overrides.get(row)));
  claims.forEach(({ cluster, strength }, row) => {
    if (cluster < 0) return;
    const holder = classOf[cluster]!;
    if (holder < 0 || strength > claims[holder]!.strength) classOf[cluster] = row;
  });
  const losers = [...claims.keys()].filter((row) => claims[row]!.cluster < 0 || classOf[claims[row]!.cluster] !== row);
  return { classOf, notes: losers.map((row) => note(common, row, classOf)) };
}

function claimOf(
  { clusters: [first] }: CommonClusters,
  override: number | undefined,
): { readonly cluster: number; readonly strength: number } {
  if (override !== undefined) return { cluster: override, strength: Infinity };
  return first ? { cluster: first.cluster, strength: first.count } : { cluster: -1, strength: 0 };
}

function note(common: readonly CommonClusters[], row: number, classOf: Int32Array): string {
  const loser = common[row]!;
  const [first, ...others] = loser.clusters;
  if (!first) return `No labelled image of ${loser.class}, so no cluster stands for it.`;
  const winner = common[classOf[first.cluster]!]!.class;
  const claims = `Both ${winner} and ${loser.class} (${first.count} images) claim cluster ${first.cluster}; ${winner} has it.`;
  const next = others.map(({ cluster, count }) => `${cluster} (${count})`).join(', ');
  return next
    ? `${claims} Next for ${loser.class}: ${next}; overrides: { '${loser.class}': ${others[0]!.cluster} } would take the first.`
    : claims;
}
