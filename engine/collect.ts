// What a collection of a project's cache keeps, and the one that a run makes by itself when the cache has grown over its cap.
import { CacheWriteError } from '../cache/atomic-file.ts';
import { collect, planCollection, type Collection } from '../cache/gc.ts';
import { readHistories } from '../cache/history.ts';
import { takeInventory, type Inventory } from '../cache/inventory.ts';
import { readPins } from '../cache/pins.ts';
import { addToSize, setSize } from '../cache/size.ts';
import { keysOfNewestRuns, runsUnderWay } from './journal.ts';
import { bytes, count } from './report/format.ts';

/** A run lets go a tenth more than it must, so that the next ones need not do it again. */
const ROOM = 0.9;

export interface Decided {
  readonly inventory: Inventory;
  readonly collection: Collection;
  /** Names of pins. */
  readonly pins: readonly string[];
  /** Pins that cannot be read: then no result goes, since it may be what they kept. */
  readonly damagedPins: readonly string[];
}

export interface Collecting {
  readonly maxBytes: number;
  /** Whether what the latest runs used may go too. */
  readonly all?: boolean;
  /** Keys that stay beside those of pins and of runs. */
  readonly keep?: Iterable<string>;
}

/** Decides what goes from the cache in a folder. Pinned results, and what runs under way use, stay in any case. */
export function decide(folder: string, { maxBytes, all = false, keep = [] }: Collecting): Decided {
  const inventory = takeInventory(folder);
  const { pins, damaged } = readPins(folder);
  const { keys, runs, since } = runsUnderWay(folder);
  const used = all ? [] : keysOfLatestRuns(folder);
  const collection = planCollection(inventory, {
    keep: new Set([...used, ...keys, ...keep]),
    pinned: new Set(pins.flatMap((pin) => pin.keys)),
    keepRuns: new Set([...runs, ...pins.map(({ name }) => name)]),
    maxBytes: damaged.length > 0 ? Infinity : maxBytes,
    busySince: since,
    now: Date.now(),
  });
  return { inventory, collection, pins: pins.map(({ name }) => name), damagedPins: damaged };
}

/** Deletes what was decided, except for what a run has begun to use meanwhile, and remembers how large the cache is now. */
export function carryOut(folder: string, { collection }: Pick<Decided, 'collection'>): void {
  const { keys, since } = runsUnderWay(folder);
  const used = new Set(keys);
  const removals = collection.removals.filter(({ files }) => !files.some(({ name }) => used.has(name)));
  collect({ ...collection, removals }, { busySince: since });
  setSize(folder, collection.bytesAfter);
}

/**
 * Called when a run has made so many bytes: lets results go where the cache is over its cap. Returns what went, or undefined where there was
 * no need. `keep` are the keys of the run.
 */
export function collectAfterRun(
  folder: string,
  { made, cap, keep }: { readonly made: number; readonly cap: number; readonly keep: Iterable<string> },
): Collection | undefined {
  if (made === 0 || addToSize(folder, made) <= cap) return undefined;
  const decided = decide(folder, { maxBytes: cap * ROOM, keep });
  try {
    // The hint counts content that several results share more than once.
    if (decided.collection.bytesBefore <= cap) {
      setSize(folder, decided.collection.bytesBefore);
      return undefined;
    }
    carryOut(folder, decided);
    return decided.collection;
  } catch (error) {
    if (!(error instanceof CacheWriteError)) throw error;
    return undefined; // What may not be deleted stays.
  }
}

/** What a collection after a run did, in a sentence. */
export function collectionText({ bytesBefore, bytesAfter, removals }: Collection, cap: number): string {
  const results = removals.filter(({ what }) => what === 'result').length;
  const state = `The cache was over its cap of ${bytes(cap)}`;
  if (bytesAfter > cap)
    return `${state} and still is, with ${bytes(bytesAfter)}: the latest runs use it, or it is pinned. Raise kith.cacheSize in package.json, or see kith gc --dry-run.`;
  return `${state}: ${bytes(bytesBefore - bytesAfter)} went, ${count(results, 'result')} among it that cost the least to make again (kith pin keeps what must stay).`;
}

/**
 * What every pipeline's newest run used, and what its nodes last were in any run, so that running one node does not free the others.
 * Variants (`node[param=value]`) count only in the newest run: else every variant ever tried would stay.
 */
function keysOfLatestRuns(folder: string): string[] {
  const last = readHistories(folder)
    .flatMap((entries) => Object.entries(entries) as [string, { readonly resolved?: unknown } | null][])
    .flatMap(([node, entry]) => (node.includes('[') || typeof entry?.resolved !== 'string' ? [] : [entry.resolved]));
  return [...last, ...keysOfNewestRuns(folder)];
}
