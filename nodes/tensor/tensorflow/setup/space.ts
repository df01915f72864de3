// Whether the disk has room, before something is begun that would fill it.
import { existsSync } from 'node:fs';
import { statfs } from 'node:fs/promises';
import { dirname } from 'node:path';
import { KithError } from '../../../../engine/errors.ts';
import { bytes as inWords } from '../../../../engine/report/format.ts';

const ELSEWHERE = 'Or set XDG_CACHE_HOME to a folder on another disk, for setup and for every run.';

/** A KithError unless `bytes` are free where `folder` is, or will be. */
export async function requireSpace(folder: string, bytes: number, free = freeBytes): Promise<void> {
  const available = await free(folder);
  if (available >= bytes) return;
  throw new KithError(`There is no room for TensorFlow: ${inWords(bytes)} are needed, ${inWords(available)} are free.`, {
    facts: [folder],
    hint: `Make room. ${ELSEWHERE}`,
  });
}

/** The system's error of a disk that cannot be written as a sentence; any other as it is. */
export function diskFailure(error: unknown, folder: string): unknown {
  const reason = TROUBLES[(error as NodeJS.ErrnoException).code ?? ''];
  if (reason === undefined) return error;
  return new KithError(`TensorFlow could not be written: ${reason}.`, { facts: [folder, (error as Error).message], hint: ELSEWHERE });
}

const TROUBLES: { readonly [code: string]: string } = {
  ENOSPC: 'the disk is full',
  EDQUOT: 'your quota of the disk is used up',
  EACCES: 'the folder may not be written',
  EPERM: 'the folder may not be written',
  EROFS: 'the disk is read-only',
};

async function freeBytes(folder: string): Promise<number> {
  let at = folder;
  while (!existsSync(at)) at = dirname(at);
  const { bavail, bsize } = await statfs(at);
  return bavail * bsize;
}
