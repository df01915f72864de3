// A smaller data set that still looks like the whole: the same items every time, no randomness.

/**
 * Indices, rising, of at most `limit` items: as equal a number of each group as there are items, every n-th of a group. groupOf: [N].
 */
export function evenSample(groupOf: readonly number[], limit: number): readonly number[] {
  const groups = new Map<number, number[]>();
  groupOf.forEach((group, i) => (groups.get(group) ?? groups.set(group, []).get(group)!).push(i));
  const bySize = [...groups.values()].sort((a, b) => a.length - b.length);
  let left = limit;
  const chosen = bySize.flatMap((members, at) => {
    const share = Math.min(members.length, Math.floor(left / (bySize.length - at)));
    left -= share;
    return everyNth(members, share);
  });
  return chosen.sort((a, b) => a - b);
}

/** `count` of the items, evenly spaced, the first included. */
export function everyNth<T>(items: readonly T[], count: number): readonly T[] {
  if (count >= items.length) return items;
  return Array.from({ length: count }, (_, i) => items[Math.floor((i * items.length) / count)]!);
}
