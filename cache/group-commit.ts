// Results become durable in rounds: while the disk is busy with one, others gather for the next. Within a round the disk is waited for once, for
// blobs and records together; then the records are published: at no instant is there a record of content that may be lost.
import type { Draft } from './atomic-file.ts';
import type { DiskStore } from './disk.ts';
import type { Digest, Key } from './store.ts';

/** A finished node: what its artifact needs, and what is recorded of it. */
export interface Commit {
  readonly blobs: readonly Digest[];
  readonly key: Key;
  readonly record: unknown;
}

/** What it needs of a store. */
export type Disk = Pick<DiskStore, 'settle' | 'draftRecord' | 'settleRecords'>;

/** Results in one round: each has files open while the disk works. */
const ROUND = 200;

interface Waiting extends Commit {
  readonly resolve: () => void;
  readonly reject: (reason: unknown) => void;
}

/** Resolves when the result is durable and recorded; rejects with a CacheWriteError, or a TypeError for a record that is not plain. */
export type GroupCommit = (commit: Commit) => Promise<void>;

export function createGroupCommit(store: Disk): GroupCommit {
  const waiting: Waiting[] = [];
  let isBusy = false;

  const work = async (): Promise<void> => {
    while (waiting.length > 0) await commitAll(store, waiting.splice(0, ROUND));
    isBusy = false;
  };
  return (commit) =>
    new Promise((resolve, reject) => {
      waiting.push({ ...commit, resolve, reject });
      if (isBusy) return;
      isBusy = true;
      // Whoever waits for the room that this node leaves begins first: it computes while the disk works.
      setImmediate(() => void work());
    });
}

/** Resolves when the records are published; that their places are durable is waited for beside the next round. */
async function commitAll(store: Disk, round: readonly Waiting[]): Promise<void> {
  const settling = Promise.allSettled([store.settle([...new Set(round.flatMap(({ blobs }) => blobs))])]);
  const drafts = await Promise.allSettled(round.map(({ key, record }) => store.draftRecord(key, record)));
  const [settled] = await settling;
  if (settled.status === 'fulfilled') return publish(store, round, drafts);
  for (const draft of drafts) if (draft.status === 'fulfilled') draft.value.drop();
  // Whose content is it that cannot be made durable? One by one, each learns its own.
  if (round.length === 1) round[0]!.reject(settled.reason);
  else for (const one of round) await commitAll(store, [one]);
}

function publish(store: Disk, round: readonly Waiting[], drafts: readonly PromiseSettledResult<Draft>[]): void {
  const published = round.filter(({ reject }, at) => {
    try {
      const draft = drafts[at]!;
      if (draft.status === 'rejected') throw draft.reason;
      draft.value.publish();
      return true;
    } catch (error) {
      reject(error);
      return false;
    }
  });
  if (published.length === 0) return;
  store.settleRecords().then(
    () => published.forEach(({ resolve }) => resolve()),
    (error: unknown) => published.forEach(({ reject }) => reject(error)),
  );
}
