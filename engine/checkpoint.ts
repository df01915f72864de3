// Training state between epochs: one file a key, replaced atomically, gone when the node is done. Damage is a fresh start, never a crash.
import { readFile, rm } from 'node:fs/promises';
import { join } from 'node:path';
import { packArtifact, unpackArtifact } from '../cache/artifact.ts';
import { replaceFile } from '../cache/atomic-file.ts';
import type { Artifact } from '../cache/array.ts';
import type { Checkpoint } from './define-node.ts';

/** A checkpoint that a node sees, and what the engine does with it. */
export interface OwnedCheckpoint extends Checkpoint {
  /** Whether `load` returned a state. */
  resumed(): boolean;
  /** Deletes the state; called when the result is stored. */
  clear(): Promise<void>;
}

/** The checkpoint of `key` in `folder`. Only the holder of the key's lock may use it. */
export function diskCheckpoint(folder: string, key: string): OwnedCheckpoint {
  const file = join(folder, key);
  let resumed = false;
  return {
    resumed: () => resumed,
    clear: () => rm(file, { force: true }),
    async load() {
      const bytes = await readFile(file).catch(() => undefined);
      const state = bytes && unpackArtifact(bytes);
      resumed = state !== undefined;
      return state;
    },
    save: (state: Artifact) => replaceFile(file, packArtifact(state), folder),
  };
}
