// What differs between two runs, node by node and leaf by leaf: the keys come from the records in the cache, what came of them from the events.
import { parseRecord } from '../../cache/record.ts';
import type { Key } from '../../cache/store.ts';
import type { Change } from '../events.ts';
import { difference, type Explained } from '../key.ts';
import type { NodeStory, Story } from '../report/story.ts';

/** A node that is not the same in both runs. */
export interface Difference {
  readonly node: string;
  /** `own`: leaves of its own changed. `follows`: only its inputs did. `unknown`: a key that it had is no longer in the cache. */
  readonly what: 'own' | 'follows' | 'only in the first' | 'only in the second' | 'unknown';
  /** The leaves of its key, from the first run to the second. */
  readonly changes: readonly Change[];
  /** Whether the same came out of it: then nothing after it had to run. */
  readonly sameResult: boolean;
  /** Figures that are not the same in both. */
  readonly metrics: { readonly [metric: string]: { readonly old?: number; readonly new?: number } };
}

type Store = { getRecordSync(key: Key): unknown };

/** The nodes that differ, in the order of the second run. */
export function differencesOf(first: Story, second: Story, store: Store): Difference[] {
  const before = new Map(first.nodes.map((node) => [node.name, node]));
  const after = new Map(second.nodes.map((node) => [node.name, node]));
  const gone = first.nodes.filter(({ name }) => !after.has(name)).map(({ name }) => alone(name, 'only in the first'));
  const kept = second.nodes.flatMap((now) => {
    const old = before.get(now.name);
    if (!old) return [alone(now.name, 'only in the second')];
    return old.key === now.key && old.artifact === now.artifact ? [] : [differenceAt(old, now, store)];
  });
  return [...kept, ...gone];
}

const alone = (node: string, what: Difference['what']): Difference => ({ node, what, changes: [], sameResult: false, metrics: {} });

function differenceAt(old: NodeStory, now: NodeStory, store: Store): Difference {
  const [before, after] = [keyOf(old, store), keyOf(now, store)];
  const changes = before && after ? difference(before, after) : [];
  const own = changes.some(({ leaf }) => !leaf.startsWith('inputs.'));
  return {
    node: now.name,
    what: !before || !after ? 'unknown' : own ? 'own' : 'follows',
    changes,
    sameResult: old.artifact !== undefined && old.artifact === now.artifact,
    metrics: metricsBetween(old.summary?.metrics ?? {}, now.summary?.metrics ?? {}),
  };
}

function keyOf({ key }: NodeStory, store: Store): Explained | undefined {
  return parseRecord(store.getRecordSync(key as Key), key as Key)?.readable as Explained | undefined;
}

function metricsBetween(old: { readonly [metric: string]: number }, now: { readonly [metric: string]: number }): Difference['metrics'] {
  const names = [...new Set([...Object.keys(old), ...Object.keys(now)])].filter((name) => old[name] !== now[name]);
  return Object.fromEntries(
    names.map((name) => [name, { ...(name in old ? { old: old[name]! } : {}), ...(name in now ? { new: now[name]! } : {}) }]),
  );
}
