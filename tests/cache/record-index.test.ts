// The index answers as the records do, reads them once, and is believed no longer than they are there as they were.
import { readdirSync, readFileSync, renameSync, rmSync, statSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { afterEach, expect, test, vi } from 'vitest';
import { loadHasher, type Hasher } from '../../cache/digest.ts';
import { openRecordIndex, type RecordIndex } from '../../cache/record-index.ts';
import type { ActionRecord, Result } from '../../cache/record.ts';
import type { Key } from '../../cache/store.ts';
import { seeded } from './seeded.ts';
import { content, keyOf, stockedCache } from './stocked.ts';

afterEach(() => void vi.useRealTimers());

async function indexed() {
  const cache = stockedCache();
  const hasher = await loadHasher();
  const file = join(cache.folder, 'index', 'pipeline');
  /** Keys whose records were read. */
  const read: Key[] = [];
  const counting = {
    recordPath: cache.store.recordPath,
    getRecordSync: (key: Key): unknown => {
      read.push(key);
      return cache.store.getRecordSync(key);
    },
  };
  const open = (): RecordIndex => openRecordIndex(file, counting, hasher);
  /** Asks a new index as a new process would: what it found, and which records it read. */
  const ask = (...keys: Key[]): { readonly found: (Result | undefined)[]; readonly read: Key[] } => {
    read.length = 0;
    const index = open();
    const found = keys.map((key) => index.find(key));
    index.save();
    return { found, read: [...read] };
  };
  return { ...cache, file, open, ask, hasher };
}

const resultOf = ({ key, artifact, blobs, bytes, seconds, finished, summary }: ActionRecord): Result => ({
  key,
  artifact,
  blobs,
  bytes,
  seconds,
  finished,
  ...(summary === undefined ? {} : { summary }),
});

/** A time at which the folder has long been as it is. */
const muchLater = (): void => void vi.useFakeTimers({ toFake: ['Date'], now: Date.now() + 3_600_000 });

test('what was read once is answered without reading, blobs, sizes and summaries alike', async () => {
  const { result, store, ask } = await indexed();
  const one = await result('one', 1.5, [content(10, 1)]);
  const two = await result('two', 2, [content(10, 2), content(2000, 3)]);
  const told = { ...(await result('three', 3, [content(5, 4)])), summary: { metrics: { acc: 0.5 } } };
  await store.putRecord(told.key, told);
  const all = [one, two, told];
  const keys = all.map(({ key }) => key);
  expect(ask(...keys).read).toEqual(keys);
  const again = ask(...keys);
  expect(again.read).toEqual([]);
  expect(again.found.map((found) => found && resultOf(found as ActionRecord))).toEqual(all.map(resultOf));
});

test('a record that is deleted, replaced or set aside is noticed, whether or not its folder was trusted', async () => {
  for (const isTrusted of [false, true]) {
    const { result, store, ask, folder } = await indexed();
    const records = await Promise.all(['a', 'b', 'c', 'd'].map((name) => result(name, 1, [content(10, name.charCodeAt(0))])));
    const keys = records.map(({ key }) => key) as [Key, Key, Key, Key];
    ask(...keys);
    if (isTrusted) muchLater();
    ask(...keys);
    expect(ask(...keys).read).toEqual([]);
    await store.deleteRecord(keys[0]);
    await store.putRecord(keys[1], { ...records[1]!, seconds: 9 });
    renameSync(store.recordPath(keys[2]), join(folder, 'aside'));
    const { found, read } = ask(...keys);
    expect(found.map((each) => each?.seconds)).toEqual([undefined, 9, undefined, 1]);
    expect(read).toEqual([keys[1]]);
    vi.useRealTimers();
  }
});

test('what another process added is found, and what was just written need not be read', async () => {
  const { result, open, ask } = await indexed();
  const first = await result('first', 1, [content(10, 1)]);
  ask(first.key);
  muchLater();
  ask(first.key);
  const second = await result('second', 2, [content(10, 2)]);
  const index = open();
  expect(index.find(keyOf('none'))).toBeUndefined();
  index.add(second);
  index.save();
  expect(ask(first.key, second.key)).toMatchObject({ found: [{ seconds: 1 }, { seconds: 2 }], read: [] });
});

test('a folder that changed a moment ago is not trusted: its records are looked at one by one', async () => {
  const { result, ask, file } = await indexed();
  const { key } = await result('one', 1, [content(10, 1)]);
  ask(key);
  ask(key);
  expect(folderIn(file)).toBe('unknown');
  muchLater();
  ask(key);
  expect(folderIn(file)).not.toBe('unknown');
});

test('entries of other runs that are gone do not count as there', async () => {
  const { result, store, ask } = await indexed();
  const one = await result('one', 1, [content(10, 1)]);
  const two = await result('two', 2, [content(10, 2)]);
  ask(one.key, two.key);
  await store.deleteRecord(one.key);
  muchLater();
  ask(two.key);
  expect(ask(one.key, two.key).found.map((each) => each?.seconds)).toEqual([undefined, 2]);
});

test('any flipped bit or cut of the index costs time only', async () => {
  const { result, ask, file } = await indexed();
  const record = await result('one', 1, [content(10, 1), content(3000, 2)]);
  ask(record.key);
  const sound = readFileSync(file);
  const draw = seeded(7);
  for (let round = 0; round < 200; round += 1) {
    const damaged = Buffer.from(sound);
    const at = Math.floor(draw() * sound.length);
    damaged[at]! ^= 1 << Math.floor(draw() * 8);
    writeFileSync(file, round % 4 === 0 ? sound.subarray(0, at) : damaged);
    expect(ask(record.key).found.map((each) => each && resultOf(each as ActionRecord))).toEqual([resultOf(record)]);
  }
});

test('an index that lies with a right checksum is no way out of the cache', async () => {
  const { result, ask, file, hasher } = await indexed();
  const record = await result('one', 1, [content(10, 1)]);
  ask(record.key);
  for (const [from, to] of [
    [record.artifact, '../../../etc/passwd'],
    [`${record.bytes}`, '-1'],
    [`"${record.artifact}"`, '7'],
  ] as const) {
    rewrite(file, (text) => text.replace(from, to), hasher);
    expect(ask(record.key).found.map((each) => each && resultOf(each as ActionRecord))).toEqual([resultOf(record)]);
  }
  for (const text of ['{}', 'null', '[1]', '{"form":1,"folder":"","entries":[[]]}', '{"form":1,"folder":"","entries":{"a":1}}']) {
    rewrite(file, () => text, hasher);
    expect(ask(record.key).found).toMatchObject([{ seconds: 1 }]);
  }
});

test('a damaged record is told and set aside, not taken from the index', async () => {
  const { result, store, ask, folder } = await indexed();
  const { key } = await result('one', 1, [content(10, 1)]);
  ask(key);
  const bytes = readFileSync(store.recordPath(key));
  bytes[40]! ^= 1;
  writeFileSync(store.recordPath(key), bytes);
  expect(ask(key).found).toEqual([undefined]);
  expect(readdirSync(join(folder, 'quarantine'))).toEqual([key]);
});

test('an index that cannot be written is no error', async () => {
  const { result, ask, file } = await indexed();
  const { key } = await result('one', 1, [content(10, 1)]);
  rmSync(join(file, '..'), { recursive: true, force: true });
  writeFileSync(join(file, '..'), 'no folder');
  expect(ask(key).found).toMatchObject([{ seconds: 1 }]);
  expect(statSync(join(file, '..')).isFile()).toBe(true);
});

const payloadOf = (file: string): string => readFileSync(file, 'utf8').split('\n').slice(1).join('\n');
const folderIn = (file: string): string => (JSON.parse(payloadOf(file)) as { folder: string }).folder;

function rewrite(file: string, change: (text: string) => string, hasher: Hasher): void {
  const payload = Buffer.from(change(payloadOf(file)));
  writeFileSync(file, Buffer.concat([Buffer.from(`${hasher.bytes(payload)}\n`), payload]));
}
