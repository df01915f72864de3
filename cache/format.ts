// Whether a folder is a cache that this version may use. Its format is a number in a small file; a cache without one is the oldest.
import { readdirSync } from 'node:fs';
import { join } from 'node:path';
import { CacheWriteError, replaceFileSync } from './atomic-file.ts';
import { readOwnFile } from './folder.ts';

/** Raised when a version that knows only earlier numbers would misread a cache. This version reads this number and all before it. */
export const CACHE_FORMAT = 1;

/** A cache that must not be used as it is: `headline` says why, `hint` what to do. */
export class UnusableCache extends Error {
  override readonly name = 'UnusableCache';
  constructor(
    readonly headline: string,
    readonly hint: string,
  ) {
    super(headline);
  }
}

/** Throws an UnusableCache for a cache of a later format, and for one with links inside: what they lead to is not ours. */
export function checkFormat(folder: string): void {
  const link = linkIn(folder);
  if (link !== undefined)
    throw new UnusableCache(
      `${join(folder, link)} is a symbolic link, and a cache must not lead elsewhere.`,
      `To keep a cache on another disk, make ${folder} itself the link.`,
    );
  const format = formatOf(folder);
  if (format > CACHE_FORMAT)
    throw new UnusableCache(
      `The cache ${folder} was written by a newer version of Kith (format ${format}; this one knows ${CACHE_FORMAT}).`,
      'Use that version, or move the folder away: a new one is begun.',
    );
}

/** Says in the cache which format it has. A cache that may not be written can be read all the same. */
export function markFormat(folder: string): void {
  try {
    if (formatOf(folder) !== CACHE_FORMAT) replaceFileSync(join(folder, 'format'), Buffer.from(textOf(CACHE_FORMAT)), join(folder, 'tmp'));
  } catch (error) {
    if (!(error instanceof CacheWriteError)) throw error;
  }
}

/** The number is there twice, so that a flipped bit does not make an old cache a new one. This form stays for ever. */
const textOf = (format: number): string => `kith cache, format ${format} (${format})\n`;

/** 0 where nobody has said, or it cannot be read. */
function formatOf(folder: string): number {
  try {
    const text = readOwnFile(join(folder, 'format')).toString('latin1');
    const format = Number(/format (\d{1,9}) /.exec(text)?.[1]);
    return text === textOf(format) ? format : 0;
  } catch {
    return 0;
  }
}

/** Small files that are read as our own or not at all, and replaced as a whole: a link in their place is damage like any other. */
const FILES = ['format', 'size', 'stat-cache'];

/** A name in the cache that is a link; undefined where there is none, or no cache. */
function linkIn(folder: string): string | undefined {
  try {
    return readdirSync(folder, { withFileTypes: true }).find((entry) => entry.isSymbolicLink() && !FILES.includes(entry.name))?.name;
  } catch {
    return undefined;
  }
}
