// What a cache consists of, in figures. Computed from an inventory; changes nothing.
import type { StoredFile } from './folder.ts';
import type { Inventory } from './inventory.ts';
import type { ActionRecord } from './record.ts';
import type { Digest } from './store.ts';

export interface Amount {
  readonly count: number;
  readonly bytes: number;
}

export interface CacheStats {
  readonly blobs: Amount;
  /** Results; their bytes are those of the small record files, aliases included. */
  readonly records: Amount;
  readonly checkpoints: Amount;
  /** Last states of finished trainings, from which longer ones continue. */
  readonly states: Amount;
  readonly quarantine: Amount;
  readonly runs: Amount;
  /** Bytes that equal content in several results would take if it were stored for each. */
  readonly sharedBytes: number;
  /** By kind and name of the node; the largest first. Blobs that several share are counted for each. */
  readonly nodes: readonly NodeStats[];
}

export interface NodeStats {
  readonly node: string;
  readonly kind: string;
  readonly results: number;
  readonly bytes: number;
  /** What making all of them took. */
  readonly seconds: number;
}

/** The figures of an inventory. */
export function statsOf({ records, recordFiles, blobs, checkpoints, states, quarantine, runs }: Inventory): CacheStats {
  const all = [...records.values()];
  const stored = new Map<Digest, number>(all.flatMap((record) => record.blobs.map(({ digest, bytes }) => [digest, bytes] as const)));
  return {
    blobs: amount([...blobs.values()]),
    records: { ...amount([...recordFiles.values()]), count: records.size },
    checkpoints: amount(checkpoints),
    states: amount(states),
    quarantine: amount(quarantine),
    runs: amount(runs),
    sharedBytes: total(all, ({ bytes }) => bytes) - total([...stored.values()], (bytes) => bytes),
    nodes: byNode(all),
  };
}

function byNode(records: readonly ActionRecord[]): NodeStats[] {
  const groups = new Map<string, ActionRecord[]>();
  for (const record of records) {
    const name = JSON.stringify([record.kind, record.node]);
    groups.set(name, [...(groups.get(name) ?? []), record]);
  }
  const nodes = [...groups.values()].map((group) => ({
    node: group[0]!.node,
    kind: group[0]!.kind,
    results: group.length,
    bytes: total(group, ({ bytes }) => bytes),
    seconds: total(group, ({ seconds }) => seconds),
  }));
  return nodes.sort((a, b) => b.bytes - a.bytes || (a.node < b.node ? -1 : 1));
}

function amount(files: readonly StoredFile[]): Amount {
  return { count: files.length, bytes: total(files, ({ bytes }) => bytes) };
}

function total<T>(items: readonly T[], measure: (item: T) => number): number {
  return items.reduce((sum, item) => sum + measure(item), 0);
}
