// What a cache can do without, and its deletion. Results that are cheap to make again for their size go first. First everything is decided
// on an inventory, then it is deleted: records before the blobs that they alone need, so that a crash in between leaves orphans, not lies.
import { lstatSync, rmSync } from 'node:fs';
import { asWriteError } from './atomic-file.ts';
import type { StoredFile } from './folder.ts';
import type { Inventory } from './inventory.ts';
import type { ActionRecord } from './record.ts';
import type { Digest, Key } from './store.ts';

const HOUR = 3_600_000;
const WEEK = 7 * 24 * HOUR;
/** Logs of runs that are kept. */
const RUNS_KEPT = 50;

export interface CollectOptions {
  /** Resolved or predicted keys whose results stay, whatever they cost. */
  readonly keep: ReadonlySet<string>;
  /** As `keep`, because somebody said so. */
  readonly pinned?: ReadonlySet<string>;
  /** Names of runs whose logs stay. */
  readonly keepRuns?: ReadonlySet<string>;
  /** When the oldest run began that is still under way: what was written since may be about to be needed, whatever the clock says. */
  readonly busySince?: number;
  /** What the cache may take at most. */
  readonly maxBytes: number;
  /** Milliseconds since 1970. */
  readonly now: number;
}

/** Something that goes, and why. */
export interface Removal {
  readonly what: 'result' | 'broken' | 'orphans' | 'aliases' | 'checkpoint' | 'states' | 'temporaries' | 'quarantine' | 'runs';
  /** The node whose result or checkpoint it is. */
  readonly node?: string;
  readonly bytes: number;
  /** What it takes to make a result again. */
  readonly seconds?: number;
  /** When a result was made, in milliseconds since 1970. */
  readonly finished?: number;
  readonly reason: string;
  /** Deleted first, in this order. */
  readonly files: readonly StoredFile[];
  readonly blobs: readonly FreeBlob[];
}

/** A blob that nothing needs any more. */
interface FreeBlob extends StoredFile {
  /** When the last result that needed it was finished; 0 where nobody knows of any. */
  readonly neededAt: number;
}

export interface Collection {
  readonly removals: readonly Removal[];
  readonly bytesBefore: number;
  readonly bytesAfter: number;
  /** Bytes of results that stay because runs use them, or because they are pinned. */
  readonly bytesKept: number;
  readonly bytesPinned: number;
}

/** Decides what goes: waste in any case, then results until the rest fits. Touches nothing. */
export function planCollection(inventory: Inventory, options: CollectOptions): Collection {
  const ledger = createLedger(inventory);
  const isIn = (keys: ReadonlySet<string>, { key, predicted }: ActionRecord): boolean => keys.has(key) || keys.has(predicted);
  const { keep, pinned = new Set<string>() } = options;
  const isKept = (record: ActionRecord): boolean => isIn(keep, record) || isIn(pinned, record);
  const complete = (record: ActionRecord): boolean =>
    record.blobs.every(({ digest, bytes }) => inventory.blobs.get(digest)?.bytes === bytes);
  const orphans = orphansIn(inventory, options);
  const broken = [...inventory.records.values()]
    .filter((record) => !complete(record))
    .map((record) => resultRemoval('broken', 'blobs that it needs are gone', record, ledger.release(record), options));
  const removals = [...broken, ...orphans, ...wasteIn(inventory, complete, options)].filter(({ bytes }) => bytes > 0);
  const bytesBefore = sizeOf(inventory);
  const spare = oldestStates(inventory, bytesBefore - sum(removals) - options.maxBytes);
  if (spare.bytes > 0) removals.push(spare);
  let bytesAfter = bytesBefore - sum(removals);
  const evictable = [...inventory.records.values()].filter(
    (record) => complete(record) && !isKept(record) && !ledger.blobsOf(record).some((blob) => isAwaited(blob, options)),
  );
  const queue = cheapestFirst(evictable, ledger);
  while (bytesAfter > options.maxBytes) {
    const record = queue.next();
    if (!record) break;
    const perByte = record.seconds / ledger.weight(record);
    const reason = `over the cap, ${Number((perByte * 1e6).toPrecision(2)).toLocaleString('en')} s of work per MB`;
    const removal = resultRemoval('result', reason, record, ledger.release(record), options);
    removals.push(removal);
    bytesAfter -= removal.bytes;
  }
  const bytesOf = (keys: ReadonlySet<string>): number => {
    const records = [...inventory.records.values()].filter((record) => complete(record) && isIn(keys, record));
    const blobs = new Map(records.flatMap((record) => record.blobs.map(({ digest, bytes }) => [digest, bytes] as const)));
    return [...blobs.values()].reduce((total, bytes) => total + bytes, 0);
  };
  return { removals, bytesBefore, bytesAfter, bytesKept: bytesOf(keep), bytesPinned: bytesOf(pinned) };
}

/** Deletes what was decided. What somebody else deleted meanwhile is no error; what somebody may need again stays. Throws a CacheWriteError. */
export function collect(
  { removals }: Collection,
  { now = Date.now, busySince }: { readonly now?: () => number; readonly busySince?: number } = {},
): void {
  for (const { files, blobs } of removals) {
    for (const file of files) remove(file.path);
    for (const blob of blobs) {
      const modified = lstatSync(blob.path, { throwIfNoEntry: false })?.mtimeMs;
      if (modified !== undefined && !isAwaited({ ...blob, modified }, moment(now(), busySince))) remove(blob.path);
    }
  }
}

type Moment = Pick<CollectOptions, 'now' | 'busySince'>;

const moment = (now: number, busySince: number | undefined): Moment => ({ now, ...(busySince === undefined ? {} : { busySince }) });

/** Whether a writer may have put the blob and not yet written the record that needs it. */
function isAwaited({ modified, neededAt }: FreeBlob, { now, busySince = Infinity }: Moment): boolean {
  return modified > neededAt && (modified >= busySince || now - modified < HOUR);
}

function remove(path: string): void {
  try {
    rmSync(path, { force: true, recursive: true });
  } catch (error) {
    throw asWriteError(error, path);
  }
}

type Released = ReturnType<ReturnType<typeof createLedger>['release']>;

function resultRemoval(
  what: 'result' | 'broken',
  reason: string,
  { node, seconds, finished }: ActionRecord,
  { files, blobs }: Released,
  options: Moment,
): Removal {
  const free = blobs.filter((blob) => !isAwaited(blob, options));
  return { what, node, seconds, finished, reason, files, blobs: free, bytes: sum([...files, ...free]) };
}

/** Who needs which blob, kept up to date while results go. */
function createLedger({ records, aliases, recordFiles, blobs }: Inventory) {
  const users = new Map<Digest, Set<ActionRecord>>();
  const neededAt = new Map<Digest, number>();
  const aliasesOf = new Map<Key, Key[]>();
  for (const record of records.values()) {
    for (const { digest } of record.blobs) {
      users.set(digest, (users.get(digest) ?? new Set()).add(record));
      neededAt.set(digest, Math.max(neededAt.get(digest) ?? 0, record.finished));
    }
  }
  for (const [alias, resolved] of aliases) aliasesOf.set(resolved, [...(aliasesOf.get(resolved) ?? []), alias]);
  const filesOf = ({ key }: ActionRecord): StoredFile[] => [key, ...(aliasesOf.get(key) ?? [])].map((name) => recordFiles.get(name)!);
  const blobsOf = (record: ActionRecord): FreeBlob[] =>
    [...new Set(record.blobs.map(({ digest }) => digest))].flatMap((digest) => {
      const file = blobs.get(digest);
      return file ? [{ ...file, neededAt: neededAt.get(digest)! }] : [];
    });
  const alone = (record: ActionRecord): FreeBlob[] => blobsOf(record).filter(({ name }) => users.get(name as Digest)!.size === 1);
  return {
    /** The blobs of a result that are there. */
    blobsOf,
    /** Bytes that would be free without this result. */
    weight: (record: ActionRecord): number => sum([...filesOf(record), ...alone(record)]),
    /** Results that share a blob with this one. */
    sharing: (record: ActionRecord): Set<ActionRecord> => new Set(record.blobs.flatMap(({ digest }) => [...users.get(digest)!])),
    /** Takes the result out, and says which files go with it. */
    release(record: ActionRecord): { readonly files: readonly StoredFile[]; readonly blobs: readonly FreeBlob[] } {
      const released = { files: filesOf(record), blobs: alone(record) };
      for (const { digest } of record.blobs) users.get(digest)!.delete(record);
      return released;
    },
  };
}

/** Results by seconds per byte that is theirs alone, least first; what they share falls to those that stay. */
function cheapestFirst(records: readonly ActionRecord[], ledger: ReturnType<typeof createLedger>): { next(): ActionRecord | undefined } {
  const cost = (record: ActionRecord): number => record.seconds / ledger.weight(record);
  const costs = new Map(records.map((record) => [record, cost(record)]));
  let previous: ReadonlySet<ActionRecord> = new Set();
  return {
    next() {
      for (const record of previous) if (costs.has(record)) costs.set(record, cost(record));
      let best: ActionRecord | undefined;
      for (const [record, each] of costs) if (!best || each < costs.get(best)!) best = record;
      if (best) costs.delete(best);
      previous = best ? ledger.sharing(best) : new Set();
      return best;
    },
  };
}

/** States of finished trainings, the oldest first, until so many bytes are free: no result is lost by them, so they go before any. */
function oldestStates({ states }: Inventory, excess: number): Removal {
  let free = 0;
  const files = [...states].reverse().filter(({ bytes }) => free < excess && (free += bytes) > 0);
  return { what: 'states', reason: 'over the cap; longer trainings would continue from them', files, blobs: [], bytes: sum(files) };
}

/** Blobs that no record needs. Where a record cannot be understood, every blob may be its own. */
function orphansIn({ records, blobs, foreign }: Inventory, options: Moment): Removal[] {
  if (foreign.length > 0) return [];
  const needed = new Set([...records.values()].flatMap((record) => record.blobs.map(({ digest }) => digest)));
  const orphans = [...blobs].filter(([digest]) => !needed.has(digest)).map(([, file]) => ({ ...file, neededAt: 0 }));
  const free = orphans.filter((blob) => !isAwaited(blob, options));
  return [{ what: 'orphans', reason: `${blobCount(free.length)} no result needs`, files: [], blobs: free, bytes: sum(free) }];
}

function wasteIn(
  inventory: Inventory,
  complete: (record: ActionRecord) => boolean,
  { now, keepRuns = new Set() }: CollectOptions,
): Removal[] {
  const { records, aliases, recordFiles, checkpoints, held, leftBehind, quarantine, runs, foreign } = inventory;
  const of = (what: Removal['what'], reason: string, files: readonly StoredFile[]): Removal => ({
    what,
    reason,
    files,
    blobs: [],
    bytes: sum(files),
  });
  const isOld = ({ modified }: StoredFile, age = HOUR): boolean => now - modified >= age;
  const finished = checkpoints.flatMap((file): Removal[] => {
    const record = records.get(file.name as Key);
    if (!record || !complete(record) || held.has(file.name)) return [];
    return [{ ...of('checkpoint', 'its training is finished', [file]), node: record.node }];
  });
  // An alias is written after its record, so one without a record is what an earlier deletion left. A foreign record may still be its aim.
  const aimless =
    foreign.length > 0 ? [] : [...aliases].filter(([, resolved]) => !recordFiles.has(resolved)).map(([key]) => recordFiles.get(key)!);
  return [
    ...finished,
    of('aliases', 'they lead to results that are gone', aimless),
    of('temporaries', 'their writers are gone', leftBehind),
    of(
      'quarantine',
      'damaged, and set aside more than a week ago',
      quarantine.filter((file) => isOld(file, WEEK)),
    ),
    of(
      'runs',
      `logs of all but the newest ${RUNS_KEPT} runs`,
      runs.slice(0, -RUNS_KEPT).filter((run) => isOld(run) && !keepRuns.has(run.name)),
    ),
  ];
}

function sizeOf({ recordFiles, blobs, checkpoints, states, quarantine, leftBehind, runs }: Inventory): number {
  return sum([...recordFiles.values(), ...blobs.values(), ...checkpoints, ...states, ...quarantine, ...leftBehind, ...runs]);
}

function sum(files: readonly { readonly bytes: number }[]): number {
  return files.reduce((total, { bytes }) => total + bytes, 0);
}

function blobCount(amount: number): string {
  return amount === 1 ? 'a blob that' : `${amount} blobs that`;
}
