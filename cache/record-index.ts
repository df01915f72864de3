// What records said when they were last read, all in one file: a plan of ten thousand nodes then opens one file, not ten thousand. The records
// stay the truth: an entry counts only while the file of its record is the one that was read. Damaged or gone, the index is made anew.
import { lstatSync, type Stats } from 'node:fs';
import { dirname, join } from 'node:path';
import type { Plain } from './array.ts';
import { replaceFileSync } from './atomic-file.ts';
import type { Hasher } from './digest.ts';
import type { DiskStore } from './disk.ts';
import { readOwnFile } from './folder.ts';
import type { BlobReference } from './local-store.ts';
import { parseRecord, type ActionRecord, type Result } from './record.ts';
import type { Digest, Key } from './store.ts';

/** Raised when the form of the file changes; one of another form is made anew. */
const FORM = 1;
/** Beyond this many entries only those asked for by this process are kept. */
const MANY = 100_000;

export interface RecordIndex {
  /** What the record of a key says, whether or not its blobs are there; undefined where there is no record. */
  find(key: Key): Result | undefined;
  /** Remembers a record that was just written, so that the next process need not read it. */
  add(record: ActionRecord): void;
  /** Writes what is new; does nothing when nothing is. It may be lost without harm, so a cache that cannot be written is no error. */
  save(): void;
}

interface Contents {
  readonly entries: Map<Key, Kept>;
  /** The folder of the records as it was when all of them were found there: files in it are only made, replaced and deleted. */
  folder: string;
}

interface Kept {
  readonly entry: Entry;
  /** Whether this process asked for it. */
  used: boolean;
}

/** In place of a folder's state: nobody looked, and it changed so shortly before that it may have changed again since. */
const UNKNOWN = 'unknown';
const UNSETTLED = '';
/** Milliseconds for which a folder must not have changed: file systems count time in steps. */
const STEP = 2000;

type State = Pick<Stats, 'ino' | 'size' | 'mtimeMs' | 'ctimeMs'>;

/** The state of the record's file and what it said. `blobs` are digests and sizes in turn; 0 where there is only the manifest, of all the bytes. */
type Entry = readonly [
  key: Key,
  inode: number,
  size: number,
  mtime: number,
  ctime: number,
  artifact: Digest,
  bytes: number,
  seconds: number,
  finished: number,
  blobs: readonly (string | number)[] | 0,
  summary?: Plain,
];

/** The index in a file, which is read when first needed and need not exist, over the records of a store. */
export function openRecordIndex(file: string, store: Pick<DiskStore, 'recordPath' | 'getRecordSync'>, hasher: Hasher): RecordIndex {
  let contents: Contents | undefined;
  /** The folder of the records when it was last looked at, since the last `save`. */
  let folder: string | undefined;
  let changed = false;

  const remember = (record: ActionRecord, state: State): void => {
    contents ??= load(file, hasher);
    contents.entries.set(record.key, { entry: entryOf(record, state), used: true });
    changed = true;
  };
  /** Whether files in the folder are as they were for all that is kept. */
  const isSettled = (looked: string, kept: readonly Kept[]): boolean =>
    looked !== UNSETTLED &&
    kept.every(({ entry, used }) => used || isUnchanged(entry, stateOf(store.recordPath(entry[0])))) &&
    folderState(dirname(store.recordPath(kept[0]!.entry[0]))) === looked;

  return {
    find(key) {
      contents ??= load(file, hasher);
      folder ??= folderState(dirname(store.recordPath(key)));
      const known = contents.entries.get(key);
      const isThere = known && (folder === contents.folder || isUnchanged(known.entry, stateOf(store.recordPath(key))));
      const result = isThere ? resultIn(known.entry) : undefined;
      if (known && result) {
        known.used = true;
        return result;
      }
      if (known) changed = contents.entries.delete(key);
      // The state comes first: a record that is replaced meanwhile is read again the next time.
      const state = stateOf(store.recordPath(key));
      const record = state && parseRecord(store.getRecordSync(key), key);
      if (!record) return undefined;
      remember(record, state);
      return record;
    },
    add(record) {
      const state = stateOf(store.recordPath(record.key));
      if (state) remember(record, state);
    },
    save() {
      const looked = folder ?? UNSETTLED;
      folder = undefined;
      if (!contents || (!changed && (looked === UNSETTLED || looked === contents.folder))) return;
      const all = [...contents.entries.values()];
      const kept = all.length <= MANY ? all : all.filter(({ used }) => used);
      contents.folder = kept.length > 0 && isSettled(looked, kept) ? looked : UNKNOWN;
      changed = false;
      try {
        const entries = kept.map(({ entry }) => entry);
        replaceFileSync(file, seal(contents.folder, entries, hasher), join(dirname(file), '..', 'tmp'));
      } catch {
        // The next run reads the records again.
      }
    },
  };
}

function stateOf(path: string): State | undefined {
  try {
    return lstatSync(path, { throwIfNoEntry: false });
  } catch {
    return { ino: 0, size: 0, mtimeMs: 0, ctimeMs: 0 }; // Who reads the record is told why it cannot be read.
  }
}

function folderState(folder: string): string {
  const state = stateOf(folder);
  if (!state || Date.now() - Math.max(state.mtimeMs, state.ctimeMs) < STEP) return UNSETTLED;
  return `${state.ino} ${state.mtimeMs} ${state.ctimeMs}`;
}

function isUnchanged([, inode, size, mtime, ctime]: Entry, state: State | undefined): boolean {
  return state !== undefined && inode === state.ino && size === state.size && mtime === state.mtimeMs && ctime === state.ctimeMs;
}

function entryOf({ key, artifact, bytes, blobs, seconds, finished, summary }: ActionRecord, state: State): Entry {
  const alone = blobs.length === 1 && blobs[0]!.bytes === bytes;
  const flat = alone ? 0 : blobs.flatMap((blob) => [blob.digest, blob.bytes]);
  const entry = [key, state.ino, state.size, state.mtimeMs, state.ctimeMs, artifact, bytes, seconds, finished, flat] as const;
  return summary === undefined ? entry : [...entry, summary];
}

/** Undefined where the entry is none: whoever writes a checksum may have written anything. */
function resultIn([key, , , , , artifact, bytes, seconds, finished, flat, summary]: Entry): Result | undefined {
  if (!isDigest(artifact) || !isAmount(bytes) || !isAmount(seconds) || !isAmount(finished)) return undefined;
  const blobs = flat === 0 ? [{ digest: artifact, bytes }] : pairs(flat);
  if (!blobs || (flat !== 0 && !blobs.every(isBlob))) return undefined;
  return { key, artifact, bytes, blobs, seconds, finished, ...(summary === undefined ? {} : { summary }) };
}

function pairs(flat: readonly (string | number)[]): BlobReference[] | undefined {
  if (!Array.isArray(flat)) return undefined;
  return flat.flatMap((digest, at) => (at % 2 === 0 ? [{ digest: digest as Digest, bytes: flat[at + 1] as number }] : []));
}

const isDigest = (value: unknown): boolean => typeof value === 'string' && /^[0-9a-f]{64}$/.test(value);
const isAmount = (value: unknown): boolean => typeof value === 'number' && value >= 0;
const isBlob = ({ digest, bytes }: BlobReference): boolean => isDigest(digest) && isAmount(bytes);

/** Like `cache/seal.ts`, but of JSON as it comes and with a checksum that takes no time: the file is a hint. */
function seal(folder: string, entries: readonly Entry[], hasher: Hasher): Uint8Array {
  const payload = Buffer.from(JSON.stringify({ form: FORM, folder, entries }));
  return Buffer.concat([Buffer.from(`${hasher.bytes(payload)}\n`), payload]);
}

function load(file: string, hasher: Hasher): Contents {
  try {
    const sealed = readOwnFile(file);
    const payload = sealed.subarray(sealed.indexOf('\n') + 1);
    if (sealed.toString('latin1', 0, sealed.length - payload.length) !== `${hasher.bytes(payload)}\n`)
      throw new Error('its checksum is wrong');
    const { form, folder, entries } = JSON.parse(payload.toString()) as {
      readonly form: unknown;
      readonly folder: string;
      readonly entries: readonly Entry[];
    };
    if (form !== FORM) throw new Error('it has another form');
    return { folder, entries: new Map(entries.map((entry) => [entry[0], { entry, used: false }])) };
  } catch {
    return { folder: UNKNOWN, entries: new Map() };
  }
}
