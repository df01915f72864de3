// Results become durable in rounds: while the disk is busy with one, others gather for the next, and the disk is waited for once a round. Within
// a round blobs come first, records after them: at no instant is there a record of content that may be lost.
import type { DiskStore } from './disk.ts';
import type { Digest, Key } from './store.ts';

/** A finished node: what its artifact needs, and what is recorded of it. */
export interface Commit {
  readonly blobs: readonly Digest[];
  readonly key: Key;
  readonly record: unknown;
}

/** Results in one round: each has files open while the disk works. */
const ROUND = 200;

interface Waiting extends Commit {
  readonly resolve: () => void;
  readonly reject: (reason: unknown) => void;
}

/** Resolves when the result is durable and recorded; rejects with a CacheWriteError, or a TypeError for a record that is not plain. */
export type GroupCommit = (commit: Commit) => Promise<void>;

export function createGroupCommit(store: Pick<DiskStore, 'settle' | 'putRecords'>): GroupCommit {
  const waiting: Waiting[] = [];
  let isBusy = false;

  const work = async (): Promise<void> => {
    isBusy = true;
    while (waiting.length > 0) {
      await commitAll(store, waiting.splice(0, ROUND));
    }
    isBusy = false;
  };
  return (commit) =>
    new Promise((resolve, reject) => {
      waiting.push({ ...commit, resolve, reject });
      if (!isBusy) void work();
    });
}

async function commitAll(store: Pick<DiskStore, 'settle' | 'putRecords'>, round: readonly Waiting[]): Promise<void> {
  try {
    await store.settle([...new Set(round.flatMap(({ blobs }) => blobs))]);
    const results = await store.putRecords(round);
    for (const [at, { resolve, reject }] of round.entries()) {
      const result = results[at]!;
      if (result.status === 'fulfilled') resolve();
      else reject(result.reason);
    }
  } catch (error) {
    // Whose content is it that cannot be made durable? One by one, each learns its own.
    if (round.length === 1) round[0]!.reject(error);
    else for (const one of round) await commitAll(store, [one]);
  }
}
