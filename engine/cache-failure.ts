// A cache that cannot be used or written is the user's to mend: disk full, no permission, read-only, a newer version's. Said in a sentence;
// finished nodes are safe.
import { CacheWriteError } from '../cache/disk.ts';
import { checkFormat, UnusableCache } from '../cache/format.ts';
import { KithError } from './errors.ts';

const CAUSES: { readonly [code: string]: { readonly what: string; readonly hint: string } } = {
  ENOSPC: {
    what: 'The disk is full',
    hint: 'Free some space (kith clean deletes the cache of this project) and run again: everything finished so far is kept.',
  },
  EDQUOT: { what: 'Your disk quota is used up', hint: 'Free some space and run again: everything finished so far is kept.' },
  EACCES: { what: 'The cache may not be written', hint: 'Check the permissions of the folder .kith.' },
  EPERM: { what: 'The cache may not be written', hint: 'Check the permissions of the folder .kith.' },
  EFBIG: { what: 'The system allows no file as large as this', hint: 'See ulimit -f, and what the file system of .kith can hold.' },
  EROFS: { what: 'The cache lies on a read-only file system', hint: 'Mount it for writing, or copy the project elsewhere.' },
};

/** The error as a KithError where it comes from a cache that cannot be written; any other error as it is. */
export function cacheFailure(error: unknown): unknown {
  if (!(error instanceof Error)) return error;
  const { code = '', path = '' } = error as NodeJS.ErrnoException;
  const isOurs = error instanceof CacheWriteError;
  const cause =
    CAUSES[code] ?? (isOurs ? { what: 'The cache could not be written', hint: 'Look at the folder .kith, and run again.' } : undefined);
  if (!cause || !(isOurs || path.includes('.kith'))) return error;
  return new KithError(`${cause.what}.`, { facts: [`While writing ${path || 'the cache'} (${code}).`], hint: cause.hint });
}

/** The folder of a cache, after a check that this version may use it. Throws a KithError (exit code 2). */
export function usableCache(folder: string): string {
  try {
    checkFormat(folder);
    return folder;
  } catch (error) {
    if (!(error instanceof UnusableCache)) throw error;
    throw new KithError(error.headline, { hint: error.hint, exitCode: 2 });
  }
}
