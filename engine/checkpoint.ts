// Training state between epochs: one file a key, replaced atomically, gone when the node is done or kept for longer runs to continue from.
// Damage is a fresh start, never a crash.
import { readFile, rm } from 'node:fs/promises';
import { join } from 'node:path';
import { packArtifact, unpackArtifact } from '../cache/artifact.ts';
import { replaceFile } from '../cache/atomic-file.ts';
import { READ } from '../cache/folder.ts';
import { keepState, statesOf } from '../cache/lineages.ts';
import type { Artifact } from '../cache/array.ts';
import type { Checkpoint } from './define-node.ts';
import type { Lineage } from './lineage.ts';

/** A checkpoint that a node sees, and what the engine does with it. */
export interface OwnedCheckpoint extends Checkpoint {
  /** Whether `load` returned a state. */
  resumed(): boolean;
  /** Whether there is a state of this key now. */
  exists(): boolean;
  /**
   * Deletes the state, or moves it to its lineage; called when the result is recorded, not before: until then it is all that a kill would
   * leave.
   */
  finish(): Promise<void>;
}

/** Where a training belongs, and whether it may start from a shorter one: not where it was told to run again. */
export interface Continuing extends Lineage {
  readonly starts: boolean;
}

/** The checkpoint of `key` in a cache. Only the holder of the key's lock may use it. */
export function diskCheckpoint(cacheFolder: string, key: string, lineage?: Continuing): OwnedCheckpoint {
  const file = join(cacheFolder, 'checkpoints', key);
  let [resumed, own] = [false, false];
  const shorter = async (): Promise<Artifact | undefined> => {
    if (!lineage?.starts) return undefined;
    for await (const bytes of statesOf(cacheFolder, lineage.key, lineage.length)) {
      const state = unpackArtifact(bytes);
      if (state) return state;
    }
    return undefined;
  };
  return {
    lasting: lineage !== undefined,
    resumed: () => resumed,
    exists: () => own,
    async finish() {
      if (lineage) keepState(cacheFolder, file, lineage.key, lineage.length);
      else await rm(file, { force: true });
    },
    async load() {
      const bytes = await readFile(file, { flag: READ as unknown as string }).catch(() => undefined);
      const mine = bytes && unpackArtifact(bytes);
      own ||= mine !== undefined;
      const state = mine ?? (await shorter());
      resumed = state !== undefined;
      return state;
    },
    async save(state: Artifact) {
      await replaceFile(file, packArtifact(state), join(cacheFolder, 'tmp'));
      own = true;
    },
  };
}
