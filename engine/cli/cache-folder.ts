// The cache that a command works on, found without compiling a pipeline: also a pipeline that is broken or gone has one.
import { resolve } from 'node:path';
import { cacheFolderOf } from '../project.ts';
import type { Terminal } from './terminal.ts';

export interface CacheFlags {
  readonly pipeline: string;
  readonly json?: boolean;
}

/** The cache folder of the project of a pipeline file. */
export function selectedCache({ pipeline }: CacheFlags, { cwd }: Terminal): string {
  return cacheFolderOf(resolve(cwd, pipeline)).cacheFolder;
}
