// The store in a folder (`.kith`): `cas/<ab>/<sha256>` for content, `ac/<key>` for records. Nothing is made until something is put.
import { createHash } from 'node:crypto';
import { closeSync, existsSync, fstatSync, lstatSync, mkdirSync, openSync, readSync, renameSync, utimesSync } from 'node:fs';
import { rm } from 'node:fs/promises';
import { basename, dirname, join, sep } from 'node:path';
import { asWriteError, draftFile, placeFile, replaceFile, replaceFileSync, syncFile, syncFolder, type Draft } from './atomic-file.ts';
import { BLOCK, loadHasher, sha256 } from './digest.ts';
import { READ, readOwnFile } from './folder.ts';
import { asDigest, asKey, type BlobReference, type LocalStore } from './local-store.ts';
import { seal, unseal } from './seal.ts';
import type { Digest, Key, OnDamage } from './store.ts';

export { CacheWriteError } from './atomic-file.ts';

/** Bytes that are read at a time: few enough to stay in the processor's cache while they are hashed and copied; whole blocks of the hash. */
const PIECE = 4 * BLOCK;

/** Raised when the form of records changes; records of another schema are misses. */
const RECORD_SCHEMA = 1;

/** A store on disk. Writing rejects with a CacheWriteError; reading never fails: what cannot be read is a miss and told to `onDamage`. */
export interface DiskStore extends LocalStore {
  readonly folder: string;
  /** The file of a record, whether it is there or not. */
  recordPath(key: Key): string;
  /** A record that is durable, but not there before it is published; its place is durable after `settleRecords`. */
  draftRecord(key: Key, record: unknown): Promise<Draft>;
  settleRecords(): Promise<void>;
  /** A record that is only a hint: atomic, but not worth waiting for the disk. Throws a CacheWriteError. */
  noteRecord(key: Key, record: unknown): void;
  /** The records that are there, by key. */
  readRecords(keys: readonly Key[]): Map<Key, unknown>;
}

/** Opens the store in a folder, which need not exist yet. */
export function openStore(folder: string, { onDamage = () => {} }: { readonly onDamage?: OnDamage } = {}): DiskStore {
  const temporaries = join(folder, 'tmp');
  // `join` looks at every letter again: it takes longer than the rest of a look-up.
  const [blobs, records] = [join(folder, 'cas') + sep, join(folder, 'ac') + sep];
  const lastShelf = `${blobs}ff`;
  const blobPath = (digest: Digest): string => blobs + asDigest(digest).slice(0, 2) + sep + digest;
  const recordPath = (key: Key): string => records + asKey(key);
  const damaged = (path: string, what: string): void => onDamage(`${what}; ${setAside(path, join(folder, 'quarantine'))}`);
  // A missing file is an ordinary miss; a link, a folder or a pipe in its place is damage; anything else may pass and is only told.
  const unreadable = (path: string, what: string, error: unknown): void => {
    const { code = '' } = error as NodeJS.ErrnoException;
    if (code === 'ENOENT') return;
    if (error instanceof NotAFile || ['ELOOP', 'EISDIR', 'ENXIO'].includes(code))
      damaged(path, `${what} is damaged (it is not a plain file)`);
    else onDamage(`${what} cannot be read (${code || (error as Error).message})`);
  };

  const hasSync = ({ digest, bytes }: BlobReference): boolean => {
    const path = blobPath(digest);
    try {
      const stat = lstatSync(path, { throwIfNoEntry: false });
      return stat !== undefined && stat.isFile() && stat.size === bytes;
    } catch {
      return false;
    }
  };

  const getRecordSync = (key: Key): unknown => {
    const path = recordPath(key);
    let file: Uint8Array;
    try {
      // A plan asks for many that are not there, and an error takes longer than a look.
      if (!lstatSync(path, { throwIfNoEntry: false })) return undefined;
      file = readOwnFile(path);
    } catch (error) {
      unreadable(path, `the record ${key}`, error);
      return undefined;
    }
    try {
      return parseRecordFile(key, file);
    } catch (error) {
      damaged(path, `the record ${key} is damaged (${(error as Error).message})`);
      return undefined;
    }
  };

  const write = async (content: Uint8Array): Promise<Digest> => {
    const digest = sha256(content);
    const path = blobPath(digest);
    if (hasSync({ digest, bytes: content.length }) && holds(path, content)) touch(path);
    else {
      if (!existsSync(lastShelf)) await makeShelves(join(folder, 'cas'));
      await placeFile(path, content, temporaries);
    }
    return digest;
  };
  const settle = async (digests: readonly Digest[]): Promise<void> => {
    const paths = digests.map(blobPath);
    await Promise.all([...paths.map(syncFile), ...[...new Set(paths.map(dirname))].map(syncFolder)]);
  };

  return {
    folder,
    recordPath,
    getRecordSync,
    readRecords(keys) {
      const found = keys.map((key) => [key, getRecordSync(key)] as const);
      return new Map(found.filter(([, record]) => record !== undefined));
    },
    hasAll: (wanted) => wanted.every(hasSync),
    has: async (digest, bytes) => hasSync({ digest, bytes }),
    async get(digest, print) {
      const path = blobPath(digest);
      try {
        const quick = print === undefined ? undefined : (await loadHasher()).stream();
        const hash = quick ?? createHash('sha256');
        const content = readPlainFile(path, (piece) => hash.update(piece));
        // A print that does not fit says nothing yet: only the digest is the content's name.
        if (quick ? quick.digest() === print || sha256(content) === digest : hash.digest('hex') === digest) return content;
        damaged(path, `the blob ${digest} is damaged (its content has another digest)`);
      } catch (error) {
        unreadable(path, `the blob ${digest}`, error);
      }
      return undefined;
    },
    async put(content) {
      const digest = await write(content);
      await settle([digest]);
      return digest;
    },
    write,
    settle,
    getRecord: async (key) => getRecordSync(key),
    async putRecord(key, record) {
      await replaceFile(recordPath(key), sealed(key, record), temporaries);
    },
    draftRecord: async (key, record) => draftFile(recordPath(key), sealed(key, record), temporaries),
    settleRecords: () => syncFolder(join(folder, 'ac')),
    noteRecord(key, record) {
      replaceFileSync(recordPath(key), sealed(key, record), temporaries);
    },
    async deleteRecord(key) {
      const path = recordPath(key);
      await rm(path, { force: true }).catch((error: unknown) => {
        throw asWriteError(error, path);
      });
    },
  };
}

/** The folders of content, all at once: each that is made when its first content comes is a wait for the disk. */
async function makeShelves(content: string): Promise<void> {
  try {
    for (let shelf = 0; shelf < 256; shelf += 1) mkdirSync(join(content, shelf.toString(16).padStart(2, '0')), { recursive: true });
    await syncFolder(content);
    await syncFolder(dirname(content));
  } catch (error) {
    throw asWriteError(error, content);
  }
}

function sealed(key: Key, record: unknown): Uint8Array {
  return seal(key, { schema: RECORD_SCHEMA, record });
}

/** The record in a file, or undefined for one of another schema. Throws where it is damaged. */
export function parseRecordFile(key: Key, file: Uint8Array): unknown {
  const { schema, record } = unseal(key, file) as { readonly schema: unknown; readonly record: unknown };
  return schema === RECORD_SCHEMA ? record : undefined;
}

/**
 * Content of a file in memory of its own, so that arrays of any type can be views of it; `see` is handed each piece on the way: reading
 * straight into so much memory, and looking at it there, takes half as long again. Throws where it is no plain file.
 */
function readPlainFile(path: string, see: (piece: Uint8Array) => void = () => {}): Uint8Array {
  const file = openSync(path, READ);
  try {
    const stat = fstatSync(file);
    if (!stat.isFile()) throw new NotAFile();
    const content = Buffer.allocUnsafeSlow(stat.size);
    const buffer = Buffer.allocUnsafe(Math.min(PIECE, content.length));
    let end = 0;
    for (let count = -1; count !== 0 && end < content.length; end += count) {
      count = readSync(file, buffer, 0, Math.min(buffer.length, content.length - end), end);
      const piece = buffer.subarray(0, count);
      see(piece);
      content.set(piece, end);
    }
    return content.subarray(0, end);
  } finally {
    closeSync(file);
  }
}

/** Tells a collector that somebody is about to need this content again. */
function touch(path: string): void {
  const now = new Date();
  try {
    utimesSync(path, now, now);
  } catch {
    // A cache that may not be written may still be used.
  }
}

class NotAFile extends Error {}

function holds(path: string, content: Uint8Array): boolean {
  try {
    return Buffer.compare(readPlainFile(path), content) === 0;
  } catch {
    return false;
  }
}

/** Moves damage out of the way, so that it is looked at once only; says what was done. */
function setAside(path: string, quarantine: string): string {
  const target = join(quarantine, basename(path));
  try {
    mkdirSync(quarantine, { recursive: true });
    renameSync(path, target);
    return `moved to ${target}`;
  } catch (error) {
    return `it could not be moved away (${(error as NodeJS.ErrnoException).code})`;
  }
}
