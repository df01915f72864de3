// Results from a file that somebody gave us (`parcel.ts`) into a cache. First all of it is read and checked, in a scratch folder; only then
// anything is put in its place: blobs, then records. What the cache has already stays.
import { constants, mkdirSync, readFileSync, renameSync, rmSync } from 'node:fs';
import { open, type FileHandle } from 'node:fs/promises';
import { dirname, join } from 'node:path';
import { asWriteError, temporaryIn } from './atomic-file.ts';
import { openStore, type DiskStore } from './disk.ts';
import { markFormat } from './format.ts';
import { createGroupCommit } from './group-commit.ts';
import { referencesIn } from './manifest.ts';
import { copyBytes, damagedParcel, readIndex, UnusableParcel, type ParcelIndex } from './parcel.ts';
import { aliasTo, isComplete, parseRecord, type ActionRecord } from './record.ts';
import { addToSize, beginSize } from './size.ts';

/** A link that somebody named is followed; a pipe is not waited for. */
const READ_ANY = constants.O_RDONLY | (constants.O_NONBLOCK ?? 0);
/** Files that are made durable at once. */
const ROUND = 200;

/** What was imported. */
export interface Imported {
  /** Results that are new here, and those that were here already. */
  readonly results: number;
  readonly known: number;
  /** Bytes of the new ones' blobs. */
  readonly bytes: number;
}

/**
 * Puts the results in a file into the cache in a folder. Rejects with an UnusableParcel for a file that is foreign, newer or damaged, and has
 * changed nothing then; with a CacheWriteError where the cache cannot be written.
 */
export async function importResults(folder: string, file: string): Promise<Imported> {
  const source = await open(file, READ_ANY).catch((error: NodeJS.ErrnoException) => {
    throw new UnusableParcel(`${file} cannot be read (${error.code}).`, 'Name a file that kith cache export made.');
  });
  const scratch = temporaryIn(join(folder, 'tmp'));
  try {
    const index = await readIndex(source);
    await unpackTo(scratch, source, index).catch((error: unknown) => {
      throw asWriteError(error, scratch);
    });
    for (const record of index.records) checkManifest(scratch, record);
    return await take(openStore(folder), scratch, index);
  } finally {
    rmSync(scratch, { recursive: true, force: true, maxRetries: 3 });
    await source.close();
  }
}

/** Each blob as a file named by its digest, which is checked. */
async function unpackTo(scratch: string, source: FileHandle, { blobs, start }: ParcelIndex & { readonly start: number }): Promise<void> {
  mkdirSync(scratch, { recursive: true });
  let position = start;
  for (const { digest, bytes } of blobs) {
    const target = await open(join(scratch, digest), 'wx');
    try {
      if ((await copyBytes(source, position, bytes, target)) !== digest) throw damagedParcel(`the blob ${digest} has another digest`);
    } finally {
      await target.close();
    }
    position += bytes;
  }
}

/** An artifact that needs what its record does not name would be lost as soon as it is read. */
function checkManifest(scratch: string, { node, artifact, blobs }: ActionRecord): void {
  const sizes = new Map(blobs.map(({ digest, bytes }) => [digest, bytes]));
  try {
    if (referencesIn(readFileSync(join(scratch, artifact))).every(({ digest, bytes }) => sizes.get(digest) === bytes)) return;
  } catch {
    // Not a manifest.
  }
  throw damagedParcel(`the result of ${node} is none`);
}

async function take(store: DiskStore, scratch: string, { records, aliases }: ParcelIndex): Promise<Imported> {
  const { folder } = store;
  const isHere = ({ key }: ActionRecord): boolean => {
    const here = parseRecord(store.getRecordSync(key), key);
    return here !== undefined && isComplete(store, here);
  };
  const fresh = records.filter((record) => !isHere(record));
  const blobs = [...new Map(fresh.flatMap((record) => record.blobs.map((blob) => [blob.digest, blob] as const))).values()];
  markFormat(folder);
  beginSize(folder);
  for (const round of inRounds(blobs)) {
    for (const { digest } of round) place(join(scratch, digest), join(folder, 'cas', digest.slice(0, 2), digest));
    await store.settle(round.map(({ digest }) => digest));
  }
  const commit = createGroupCommit(store);
  for (const round of inRounds(fresh)) await Promise.all(round.map((record) => commit({ blobs: [], key: record.key, record })));
  for (const [predicted, resolved] of aliases)
    if (store.getRecordSync(predicted) === undefined) store.noteRecord(predicted, aliasTo(resolved));
  const bytes = blobs.reduce((sum, blob) => sum + blob.bytes, 0);
  addToSize(folder, bytes);
  return { results: fresh.length, known: records.length - fresh.length, bytes };
}

/** Also where there is one: it is the same if it is sound, and mended if it is not. */
function place(from: string, to: string): void {
  try {
    mkdirSync(dirname(to), { recursive: true });
    renameSync(from, to);
  } catch (error) {
    throw asWriteError(error, to);
  }
}

function* inRounds<T>(items: readonly T[]): Generator<readonly T[]> {
  for (let at = 0; at < items.length; at += ROUND) yield items.slice(at, at + ROUND);
}
