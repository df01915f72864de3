// Results that become durable together: in which order, in how many rounds, and what each is told.
import { expect, test } from 'vitest';
import { createGroupCommit, type Disk } from '../../cache/group-commit.ts';
import { openStore } from '../../cache/disk.ts';
import type { Digest, Key } from '../../cache/store.ts';
import { temporaryFolder } from '../rig.ts';
import { keyOf } from './stocked.ts';

const digestOf = (letter: string): Digest => letter.repeat(64) as Digest;

/** A store that is told when the disk is done. */
function slowStore() {
  const calls: string[] = [];
  let done: (() => void)[] = [];
  const wait = (): Promise<void> => new Promise((resolve) => void done.push(resolve));
  const store: Disk = {
    async settle(digests) {
      calls.push(`settle ${digests.map(([letter]) => letter).join('')}`);
      await wait();
      if (digests.includes(digestOf('f'))) throw new Error('f is lost');
    },
    async draftRecord(_, record) {
      calls.push(`draft ${String(record)}`);
      await wait();
      if (record === 'bad') throw new Error('bad record');
      return { publish: () => void calls.push(`publish ${String(record)}`), drop: () => void calls.push(`drop ${String(record)}`) };
    },
    async settleRecords() {
      calls.push('settle records');
      await wait();
    },
  };
  /** Lets the disk finish what it has, and everything that follows from it begin; what was called since the last time. */
  const tick = async (): Promise<string[]> => {
    const now = done;
    done = [];
    now.forEach((each) => each());
    await new Promise(setImmediate);
    await new Promise(setImmediate);
    return calls.splice(0);
  };
  return { store, tick };
}

test('while the disk is busy others gather, and share the next round, which begins while the records before it settle', async () => {
  const { store, tick } = slowStore();
  const commit = createGroupCommit(store);
  const ends: string[] = [];
  const start = (name: string, ...blobs: Digest[]): void =>
    void commit({ blobs, key: keyOf(name), record: name }).then(() => void ends.push(name));
  start('1', digestOf('a'));
  expect(await tick()).toEqual(['settle a', 'draft 1']);
  start('2', digestOf('b'), digestOf('c'));
  start('3', digestOf('c'));
  expect([await tick(), ends]).toEqual([['publish 1', 'settle records', 'settle bc', 'draft 2', 'draft 3'], []]);
  expect([await tick(), ends]).toEqual([['publish 2', 'publish 3', 'settle records'], ['1']]);
  await tick();
  expect(ends).toEqual(['1', '2', '3']);
});

test('a blob that cannot be made durable fails its own result only, and leaves no record of it', async () => {
  const { store, tick } = slowStore();
  const commit = createGroupCommit(store);
  const results = Promise.allSettled([
    commit({ blobs: [], key: keyOf('0'), record: '0' }),
    commit({ blobs: [digestOf('a')], key: keyOf('1'), record: '1' }),
    commit({ blobs: [digestOf('f')], key: keyOf('2'), record: '2' }),
    commit({ blobs: [digestOf('b')], key: keyOf('3'), record: 'bad' }),
  ]);
  const called: string[] = [];
  for (let turn = 0; turn < 10; turn += 1) called.push(...(await tick()));
  expect((await results).map((result) => (result.status === 'rejected' ? (result.reason as Error).message : 'done'))).toEqual([
    'done',
    'done',
    'f is lost',
    'bad record',
  ]);
  expect(called.filter((call) => call.endsWith(' 2'))).toEqual(['draft 2', 'drop 2', 'draft 2', 'drop 2']);
});

test('on a disk: what was committed is there for whoever opens the store next; a record that is not plain is refused alone', async () => {
  const folder = temporaryFolder();
  const store = openStore(folder);
  const commit = createGroupCommit(store);
  const names = Array.from({ length: 50 }, (_, at) => `node ${at}`);
  const results = await Promise.allSettled(
    names.map(async (name, at) => {
      const blob = await store.write(Buffer.from(name));
      await commit({ blobs: [blob], key: keyOf(name), record: at === 7 ? { loss: NaN } : { name, blob } });
    }),
  );
  expect(results.flatMap(({ status }, at) => (status === 'rejected' ? [at] : []))).toEqual([7]);
  const later = openStore(folder);
  for (const [at, name] of names.entries()) {
    const record = later.getRecordSync(keyOf(name) as Key) as { readonly blob: Digest } | undefined;
    if (at === 7) expect(record).toBeUndefined();
    else expect(Buffer.from((await later.get(record!.blob))!).toString()).toBe(name);
  }
});
