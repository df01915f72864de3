// Clustering accuracy: clusters are matched to classes first, since clusters have no names.
import type { Counts } from './confusion.ts';

/**
 * The one-to-one matching of clusters (columns) to classes (rows) that gets the most items right: [columns] class of each cluster, −1 for
 * clusters left over where there are more clusters than classes. H. W. Kuhn, "The Hungarian method", 1955; solved by Jonker–Volgenant.
 */
export async function hungarian({ rows, columns, counts }: Counts): Promise<Int32Array> {
  const { linearSumAssignment } = await import('linear-sum-assignment'); // takes 0.2 s to load
  const cost = Array.from({ length: rows }, (_, row) => [...counts.subarray(row * columns, (row + 1) * columns)]);
  return Int32Array.from(linearSumAssignment(cost, { maximaze: true }).columnAssignments);
}

/** Many-to-one: each cluster stands for its most common class (the first of equals), −1 for an empty cluster. */
export function majority({ rows, columns, counts }: Counts): Int32Array {
  return Int32Array.from({ length: columns }, (_, column) => {
    let best = -1;
    for (let row = 0; row < rows; row++) {
      if (counts[row * columns + column]! > (best < 0 ? 0 : counts[best * columns + column]!)) best = row;
    }
    return best;
  });
}

/** Share of the counted items whose cluster stands for their class, 0–1; 0 where nothing was counted. */
export function accuracy({ columns, counts }: Counts, classOf: Int32Array): number {
  let right = 0;
  let total = 0;
  counts.forEach((count, at) => {
    total += count;
    if (classOf[at % columns] === Math.floor(at / columns)) right += count;
  });
  return total === 0 ? 0 : right / total;
}
