// The cache that a command works on, found without compiling a pipeline: also a pipeline that is broken or gone has one.
import { resolve } from 'node:path';
import { usableCache } from '../cache-failure.ts';
import { cacheFolderOf } from '../project.ts';
import type { Terminal } from './terminal.ts';

export interface CacheFlags {
  readonly pipeline: string;
  readonly json?: boolean;
}

/** The cache folder of the project of a pipeline file. Throws a KithError (exit code 2) where this version may not use it. */
export function selectedCache({ pipeline }: CacheFlags, { cwd }: Terminal): string {
  return usableCache(cacheFolderOf(resolve(cwd, pipeline)).cacheFolder);
}
