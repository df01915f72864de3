// Training state between epochs: one file a key, replaced atomically, gone when the node is done. Damage is a fresh start, never a crash.
import { readFile, rm } from 'node:fs/promises';
import { join } from 'node:path';
import { packArtifact, unpackArtifact } from '../cache/artifact.ts';
import { replaceFile } from '../cache/atomic-file.ts';
import { READ } from '../cache/folder.ts';
import type { Artifact } from '../cache/array.ts';
import type { Checkpoint } from './define-node.ts';

/** A checkpoint that a node sees, and what the engine does with it. */
export interface OwnedCheckpoint extends Checkpoint {
  /** Whether `load` returned a state. */
  resumed(): boolean;
  /** Whether there is a state now. */
  exists(): boolean;
  /** Deletes the state; called when the result is recorded, not before: until then it is all that a kill would leave. */
  clear(): Promise<void>;
}

/** The checkpoint of `key` in a cache. Only the holder of the key's lock may use it. */
export function diskCheckpoint(cacheFolder: string, key: string): OwnedCheckpoint {
  const file = join(cacheFolder, 'checkpoints', key);
  let resumed = false;
  let saved = false;
  return {
    resumed: () => resumed,
    exists: () => resumed || saved,
    clear: () => rm(file, { force: true }),
    async load() {
      const bytes = await readFile(file, { flag: READ as unknown as string }).catch(() => undefined);
      const state = bytes && unpackArtifact(bytes);
      resumed = state !== undefined;
      return state;
    },
    async save(state: Artifact) {
      await replaceFile(file, packArtifact(state), join(cacheFolder, 'tmp'));
      saved = true;
    },
  };
}
