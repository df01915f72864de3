// Results of a cache as one file (`parcel.ts`). The file is complete or absent, and one that is there stays.
import { link, open, rm, type FileHandle } from 'node:fs/promises';
import { join } from 'node:path';
import { READ } from './folder.ts';
import { blobsOf, copyBytes, encodeIndex, UnusableParcel, type ParcelIndex } from './parcel.ts';
import { uniqueName } from './process.ts';

/** What was exported. */
export interface Exported {
  readonly results: number;
  readonly blobs: number;
  /** Size of the file. */
  readonly bytes: number;
}

/** Writes results of the cache in a folder to a file. Rejects with an UnusableParcel where one is damaged or the file is there already. */
export async function exportResults(folder: string, file: string, index: Omit<ParcelIndex, 'blobs'>): Promise<Exported> {
  const head = encodeIndex(index);
  const blobs = blobsOf(index.records);
  const partial = `${file}.${uniqueName()}.partial`;
  try {
    const target = await open(partial, 'wx');
    try {
      await target.writeFile(head);
      for (const { digest, bytes } of blobs) await addBlob(target, join(folder, 'cas', digest.slice(0, 2), digest), digest, bytes);
      await target.sync();
    } finally {
      await target.close();
    }
    await link(partial, file); // Unlike a rename, it replaces nothing.
  } catch (error) {
    if ((error as NodeJS.ErrnoException).code !== 'EEXIST') throw error;
    throw new UnusableParcel(`${file} is there already.`, 'Name another file, or delete it.');
  } finally {
    await rm(partial, { force: true });
  }
  return { results: index.records.length, blobs: blobs.length, bytes: blobs.reduce((sum, { bytes }) => sum + bytes, head.length) };
}

async function addBlob(target: FileHandle, path: string, digest: string, bytes: number): Promise<void> {
  const damaged = new UnusableParcel(
    `The blob ${digest} of the cache is damaged or gone.`,
    'kith verify says whose it is, and kith run makes it again.',
  );
  const source = await open(path, READ).catch(() => Promise.reject(damaged));
  try {
    const stat = await source.stat();
    if (!stat.isFile() || stat.size !== bytes || (await copyBytes(source, 0, bytes, target)) !== digest) throw damaged;
  } finally {
    await source.close();
  }
}
