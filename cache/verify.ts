// Reads everything in a cache again and checks every digest. What is damaged is set aside by the store, as on any other read.
import { openStore } from './disk.ts';
import { digestsIn, keysIn, takeInventory } from './inventory.ts';
import { isComplete } from './record.ts';
import type { Digest, Key } from './store.ts';

export interface Verified {
  readonly records: number;
  readonly blobs: number;
  /** Bytes of sound blobs. */
  readonly bytes: number;
  readonly damaged: readonly Damage[];
  /** Results that are misses because blobs are missing or damaged. */
  readonly incomplete: readonly { readonly node: string; readonly key: Key }[];
}

export interface Damage {
  readonly what: 'record' | 'blob';
  readonly name: string;
  /** What was wrong and what was done. */
  readonly text: string;
  /** The nodes whose results it was part of, where that is known. */
  readonly nodes: readonly string[];
}

/** Checks the cache in a folder, one file after the other; a folder that does not exist is sound. */
export async function verifyCache(folder: string): Promise<Verified> {
  const { records } = takeInventory(folder);
  const damaged: Damage[] = [];
  let checking: Omit<Damage, 'text'> = { what: 'record', name: '', nodes: [] };
  const store = openStore(folder, { onDamage: (text) => void damaged.push({ ...checking, text }) });
  const keys = keysIn(folder);
  for (const name of keys) {
    checking = { what: 'record', name, nodes: [] };
    store.getRecordSync(name);
  }
  const nodesOf = nodesByBlob(records.values());
  const digests = digestsIn(folder);
  let bytes = 0;
  for (const name of digests) {
    checking = { what: 'blob', name, nodes: [...(nodesOf.get(name) ?? [])] };
    bytes += (await store.get(name))?.length ?? 0;
  }
  const incomplete = [...records.values()].filter((record) => !isComplete(store, record)).map(({ node, key }) => ({ node, key }));
  return { records: keys.length, blobs: digests.length, bytes, damaged, incomplete };
}

function nodesByBlob(records: Iterable<{ readonly node: string; readonly blobs: readonly { readonly digest: Digest }[] }>) {
  const nodes = new Map<Digest, Set<string>>();
  for (const { node, blobs } of records) for (const { digest } of blobs) nodes.set(digest, (nodes.get(digest) ?? new Set()).add(node));
  return nodes;
}
