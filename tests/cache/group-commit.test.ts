// Results that become durable together: in which order, in how many rounds, and what each is told.
import { expect, test } from 'vitest';
import { createGroupCommit } from '../../cache/group-commit.ts';
import { openStore, type DiskStore } from '../../cache/disk.ts';
import type { Digest, Key } from '../../cache/store.ts';
import { temporaryFolder } from '../rig.ts';
import { keyOf } from './stocked.ts';

const digestOf = (letter: string): Digest => letter.repeat(64) as Digest;

/** A store that is told when the disk is done. */
function slowStore() {
  const calls: string[] = [];
  let done: (() => void)[] = [];
  const wait = (): Promise<void> => new Promise((resolve) => void done.push(resolve));
  const store: Pick<DiskStore, 'settle' | 'putRecords'> = {
    async settle(digests) {
      calls.push(`settle ${digests.map(([letter]) => letter).join('')}`);
      await wait();
      if (digests.includes(digestOf('f'))) throw new Error('f is lost');
    },
    async putRecords(records) {
      calls.push(`record ${records.map(({ record }) => String(record)).join('')}`);
      await wait();
      return records.map(({ record }) =>
        record === 'bad' ? { status: 'rejected', reason: new Error('bad record') } : { status: 'fulfilled', value: undefined },
      );
    },
  };
  /** Lets the disk finish what it has, and everything that follows from it begin. */
  const tick = async (): Promise<void> => {
    const now = done;
    done = [];
    now.forEach((each) => each());
    await new Promise(setImmediate);
  };
  return { store, calls, tick };
}

test('while the disk is busy others gather, and share the next round; blobs come before records', async () => {
  const { store, calls, tick } = slowStore();
  const commit = createGroupCommit(store);
  const ends: string[] = [];
  const start = (name: string, ...blobs: Digest[]): void =>
    void commit({ blobs, key: keyOf(name), record: name }).then(() => void ends.push(name));
  start('1', digestOf('a'));
  start('2', digestOf('b'), digestOf('c'));
  start('3', digestOf('c'));
  expect(calls).toEqual(['settle a']);
  await tick();
  expect([calls, ends]).toEqual([['settle a', 'record 1'], []]);
  await tick();
  expect([calls.slice(2), ends]).toEqual([['settle bc'], ['1']]);
  await tick();
  await tick();
  expect([calls.slice(3), ends]).toEqual([['record 23'], ['1', '2', '3']]);
});

test('a blob that cannot be made durable fails its own result only, and leaves no record of it', async () => {
  const { store, calls, tick } = slowStore();
  const commit = createGroupCommit(store);
  const results = Promise.allSettled([
    commit({ blobs: [], key: keyOf('0'), record: '0' }),
    commit({ blobs: [digestOf('a')], key: keyOf('1'), record: '1' }),
    commit({ blobs: [digestOf('f')], key: keyOf('2'), record: '2' }),
    commit({ blobs: [digestOf('b')], key: keyOf('3'), record: 'bad' }),
  ]);
  for (let turn = 0; turn < 10; turn += 1) await tick();
  expect((await results).map((result) => (result.status === 'rejected' ? (result.reason as Error).message : 'done'))).toEqual([
    'done',
    'done',
    'f is lost',
    'bad record',
  ]);
  expect(calls).not.toContain('record 2');
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
