// What lies in a cache folder, looked at from outside: nothing is opened for work, swept, set aside or changed.
import { lstatSync } from 'node:fs';
import { join } from 'node:path';
import { isLeftBehind } from './atomic-file.ts';
import { parseRecordFile } from './disk.ts';
import { namesIn, plainFile, readOwnFile, type StoredFile } from './folder.ts';
import { statesIn } from './lineages.ts';
import { parseAlias, parseRecord, type ActionRecord } from './record.ts';
import { isHeld } from './single-flight.ts';
import type { Digest, Key } from './store.ts';
import { lockFolders } from './sweep.ts';

export interface Inventory {
  readonly folder: string;
  /** Results by resolved key, complete or not. */
  readonly records: ReadonlyMap<Key, ActionRecord>;
  /** Resolved keys by predicted key. */
  readonly aliases: ReadonlyMap<Key, Key>;
  /** The files of records and aliases, those that are damaged or foreign too. */
  readonly recordFiles: ReadonlyMap<Key, StoredFile>;
  /** Records that cannot be read or belong to another version: nobody knows which blobs they need. */
  readonly foreign: readonly Key[];
  readonly blobs: ReadonlyMap<Digest, StoredFile>;
  readonly checkpoints: readonly StoredFile[];
  /** Last states of finished trainings, the newest first. */
  readonly states: readonly StoredFile[];
  readonly quarantine: readonly StoredFile[];
  /** Keys that somebody is making. */
  readonly held: ReadonlySet<string>;
  /** Temporary files of writers that are gone. */
  readonly leftBehind: readonly StoredFile[];
  /** A folder a run, oldest first. */
  readonly runs: readonly StoredFile[];
}

/** Looks at the cache in a folder; what is not there is empty. Records are read before blobs are listed: so no new record seems to lack its own. */
export function takeInventory(folder: string): Inventory {
  const filesIn = (name: string): StoredFile[] => namesIn(join(folder, name)).flatMap((file) => plainFile(join(folder, name), file));
  const foldersIn = (name: string): StoredFile[] =>
    namesIn(join(folder, name))
      .sort()
      .flatMap((each) => wholeFolder(join(folder, name), each));
  const { making } = lockFolders(folder);
  const records = readRecords(folder);
  const blobs = digestsIn(folder).flatMap((digest) => plainFile(join(folder, 'cas', digest.slice(0, 2)), digest));
  return {
    folder,
    ...records,
    blobs: new Map(blobs.map((file) => [file.name as Digest, file])),
    checkpoints: filesIn('checkpoints'),
    states: statesIn(folder),
    quarantine: [...filesIn('quarantine'), ...foldersIn('quarantine')],
    held: new Set(namesIn(making).filter((name) => /^[0-9a-f]{32}$/.test(name) && isHeld(making, name))),
    leftBehind: filesIn('tmp').filter(({ name }) => isGone(join(folder, 'tmp'), name)),
    runs: foldersIn('runs'),
  };
}

/** The keys under which something is recorded. */
export function keysIn(folder: string): Key[] {
  return namesIn(join(folder, 'ac')).filter((name) => /^[0-9a-f]{32}$/.test(name)) as Key[];
}

/** The digests under which something is stored. */
export function digestsIn(folder: string): Digest[] {
  const shelves = namesIn(join(folder, 'cas')).filter((name) => /^[0-9a-f]{2}$/.test(name));
  return shelves.flatMap((shelf) =>
    namesIn(join(folder, 'cas', shelf)).filter((name) => /^[0-9a-f]{64}$/.test(name) && name.startsWith(shelf)),
  ) as Digest[];
}

type Records = Pick<Inventory, 'records' | 'aliases' | 'recordFiles' | 'foreign'>;

function readRecords(folder: string): Records {
  const records = new Map<Key, ActionRecord>();
  const aliases = new Map<Key, Key>();
  const recordFiles = new Map<Key, StoredFile>();
  const foreign: Key[] = [];
  for (const key of keysIn(folder)) {
    const [file] = plainFile(join(folder, 'ac'), key);
    if (!file) continue;
    recordFiles.set(key, file);
    const content = readRecord(key, file.path);
    const record = parseRecord(content, key);
    const alias = parseAlias(content);
    if (record) records.set(key, record);
    else if (alias) aliases.set(key, alias);
    else if (content !== 'damaged') foreign.push(key);
  }
  return { records, aliases, recordFiles, foreign };
}

/** What is recorded; undefined where it cannot be read or understood. */
function readRecord(key: Key, path: string): unknown {
  let file: Uint8Array;
  try {
    file = readOwnFile(path);
  } catch {
    return undefined;
  }
  try {
    return parseRecordFile(key, file);
  } catch {
    return 'damaged';
  }
}

function wholeFolder(folder: string, name: string): StoredFile[] {
  const path = join(folder, name);
  if (!lstatSync(path, { throwIfNoEntry: false })?.isDirectory()) return [];
  const files = namesIn(path).flatMap((file) => plainFile(path, file));
  const bytes = files.reduce((sum, file) => sum + file.bytes, 0);
  return [{ name, path, bytes, modified: Math.max(0, ...files.map(({ modified }) => modified)) }];
}

function isGone(folder: string, name: string): boolean {
  try {
    return isLeftBehind(folder, name);
  } catch {
    return false;
  }
}
