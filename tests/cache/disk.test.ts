import { spawnSync } from 'node:child_process';
import {
  mkdirSync,
  readdirSync,
  readFileSync,
  renameSync,
  rmSync,
  statSync,
  symlinkSync,
  truncateSync,
  utimesSync,
  writeFileSync,
  existsSync,
} from 'node:fs';
import { join } from 'node:path';
import { expect, test } from 'vitest';
import { loadHasher, sha256 } from '../../cache/digest.ts';
import { CacheWriteError, openStore } from '../../cache/disk.ts';
import type { Digest, Key } from '../../cache/store.ts';
import { storeContract } from './contract.ts';
import { temporaryFolder } from '../rig.ts';

storeContract('disk', () => openStore(temporaryFolder()));

const KEY = '0123456789abcdef0123456789abcdef' as Key;
const OTHER = 'fedcba9876543210fedcba9876543210' as Key;
const CONTENT = Buffer.from('some content that is worth keeping');
const DIGEST = sha256(CONTENT);

function stage() {
  const folder = temporaryFolder();
  const told: string[] = [];
  const store = openStore(folder, { onDamage: (text) => told.push(text) });
  const blob = join(folder, 'cas', DIGEST.slice(0, 2), DIGEST);
  const record = join(folder, 'ac', KEY);
  const filesIn = (name: string): string[] => (existsSync(join(folder, name)) ? readdirSync(join(folder, name)) : []);
  return { folder, told, store, blob, record, filesIn };
}

test('opening and reading an empty cache leaves no trace', async () => {
  const { folder, store } = stage();
  expect(await store.get(DIGEST)).toBeUndefined();
  expect(store.getRecordSync(KEY)).toBeUndefined();
  expect(store.hasAll([{ digest: DIGEST, bytes: 1 }])).toBe(false);
  expect(readdirSync(folder)).toEqual([]);
});

test('files lie where the design says, and no temporary file is left', async () => {
  const { store, blob, record, filesIn } = stage();
  await store.put(CONTENT);
  await store.putRecord(KEY, { a: 1 });
  expect(readFileSync(blob).equals(CONTENT)).toBe(true);
  expect(existsSync(record)).toBe(true);
  expect(filesIn('tmp')).toEqual([]);
});

test('questions are answered at once, also many of them', async () => {
  const { store } = stage();
  await store.put(CONTENT);
  await store.putRecord(KEY, { a: 1 });
  expect(store.getRecordSync(KEY)).toEqual({ a: 1 });
  expect(store.readRecords([KEY, OTHER])).toEqual(new Map([[KEY, { a: 1 }]]));
  expect(store.hasAll([{ digest: DIGEST, bytes: CONTENT.length }])).toBe(true);
  expect(
    store.hasAll([
      { digest: DIGEST, bytes: CONTENT.length },
      { digest: sha256(Buffer.from('no')), bytes: 2 },
    ]),
  ).toBe(false);
});

test('a flipped bit anywhere in a blob is a miss, told once and set aside', async () => {
  for (let at = 0; at < CONTENT.length; at++) {
    const { store, blob, told, filesIn } = stage();
    await store.put(CONTENT);
    const damaged = Buffer.from(CONTENT);
    damaged[at]! ^= 1 << (at % 8);
    writeFileSync(blob, damaged);
    expect(await store.get(DIGEST)).toBeUndefined();
    expect(await store.get(DIGEST)).toBeUndefined();
    expect(told).toHaveLength(1);
    expect(told[0]).toContain(DIGEST);
    expect(filesIn('quarantine')).toEqual([DIGEST]);
  }
});

test('a flipped bit and a lost end show by the print too, wherever in a large blob they are', async () => {
  const content = Buffer.from(Uint8Array.from({ length: 2_500_000 }, (_, index) => (index * 31) % 251));
  const print = (await loadHasher()).bytes(content);
  for (const at of [0, 262_143, 262_144, 1_048_575, 1_048_576, 2_400_000, 2_499_999]) {
    const { folder, store, told } = stage();
    const digest = await store.put(content);
    const flipped = Buffer.from(content);
    flipped[at]! ^= 1 << (at % 8);
    for (const damaged of [flipped, content.subarray(0, at)]) {
      writeFileSync(join(folder, 'cas', digest.slice(0, 2), digest), damaged);
      expect(await store.get(digest, print)).toBeUndefined();
    }
    expect(told).toHaveLength(2);
  }
});

test('a flipped bit anywhere in a record is a miss, told once and set aside', async () => {
  const { store, record, told, filesIn } = stage();
  await store.putRecord(KEY, { name: 'encoder', seconds: 12.5, blobs: [{ bytes: 7 }] });
  const whole = readFileSync(record);
  for (let at = 0; at < whole.length; at++) {
    const damaged = Buffer.from(whole);
    damaged[at]! ^= 1 << (at % 8);
    writeFileSync(record, damaged);
    expect(store.getRecordSync(KEY)).toBeUndefined();
    expect(existsSync(record)).toBe(false);
  }
  expect(told).toHaveLength(whole.length);
  expect(filesIn('quarantine')).toEqual([KEY]);
});

test('a record or a blob cut off at any length is a miss', async () => {
  const { store, record, blob } = stage();
  await store.putRecord(KEY, { name: 'encoder', seconds: 12.5 });
  const whole = readFileSync(record);
  for (let length = 0; length < whole.length; length++) {
    writeFileSync(record, whole.subarray(0, length));
    expect(store.getRecordSync(KEY)).toBeUndefined();
  }
  await store.put(CONTENT);
  truncateSync(blob, 10);
  expect(await store.has(DIGEST, CONTENT.length)).toBe(false);
  expect(await store.get(DIGEST)).toBeUndefined();
});

test('a record under the name of another key does not count', async () => {
  const { folder, store, record } = stage();
  await store.putRecord(KEY, { a: 1 });
  renameSync(record, join(folder, 'ac', OTHER));
  expect(store.getRecordSync(OTHER)).toBeUndefined();
});

test('putting content again mends a damaged blob of the same size', async () => {
  const { store, blob } = stage();
  await store.put(CONTENT);
  writeFileSync(blob, Buffer.alloc(CONTENT.length));
  await store.put(CONTENT);
  expect(Buffer.from((await store.get(DIGEST))!).equals(CONTENT)).toBe(true);
});

test('content that is there already is not written again, but looks young, so that no collector takes it', async () => {
  const { store, blob } = stage();
  await store.put(CONTENT);
  const { ino } = statSync(blob);
  const past = new Date(1_000_000_000_000);
  utimesSync(blob, past, past);
  await store.put(CONTENT);
  expect(statSync(blob).ino).toBe(ino);
  expect(statSync(blob).mtime.getTime()).toBeGreaterThan(past.getTime());
});

test('a symbolic link in place of a blob or a record is never followed, even to the right bytes', async () => {
  const { folder, store, blob, record, told } = stage();
  await store.put(CONTENT);
  await store.putRecord(KEY, { a: 1 });
  for (const path of [blob, record]) {
    renameSync(path, join(folder, 'outside'));
    symlinkSync(join(folder, 'outside'), path);
    expect(store.hasAll([{ digest: DIGEST, bytes: CONTENT.length }])).toBe(false);
    expect(path === blob ? await store.get(DIGEST) : store.getRecordSync(KEY)).toBeUndefined();
    expect(existsSync(join(folder, 'outside'))).toBe(true);
  }
  expect(told).toHaveLength(2);
});

test('a folder or a pipe in place of a blob is damage, and nobody waits for the pipe', async () => {
  for (const make of [(path: string) => mkdirSync(path), (path: string) => spawnSync('mkfifo', [path])]) {
    const { store, blob, told } = stage();
    await store.put(CONTENT);
    rmSync(blob);
    make(blob);
    expect(await store.get(DIGEST)).toBeUndefined();
    expect(told).toHaveLength(1);
    await store.put(CONTENT);
    expect(await store.get(DIGEST)).toHaveLength(CONTENT.length);
  }
});

test('a cache that cannot be written says so with code and path, and leaves nothing half written', async () => {
  const { folder, store, filesIn } = stage();
  writeFileSync(join(folder, 'cas'), 'a file where a folder should be');
  const failure = await store.put(CONTENT).catch((error: unknown) => error);
  expect(failure).toBeInstanceOf(CacheWriteError);
  expect((failure as CacheWriteError).code).toBe('ENOTDIR');
  expect((failure as CacheWriteError).path).toBe(join(folder, 'cas'));
  expect(filesIn('tmp')).toEqual([]);
});

test('a full disk in the middle of a write leaves neither the blob nor a temporary file', async ({ skip }) => {
  const { folder, blob, filesIn, store } = stage();
  const small = join(folder, 'tmp');
  mkdirSync(small);
  if (spawnSync('mount', ['-t', 'tmpfs', '-o', 'size=64k', 'tmpfs', small]).status !== 0)
    skip('mounting a small file system is not allowed here');
  try {
    const failure = await store.put(Buffer.alloc(200_000, 1)).catch((error: unknown) => error);
    expect(failure).toBeInstanceOf(CacheWriteError);
    expect((failure as CacheWriteError).code).toBe('ENOSPC');
    expect(filesIn('tmp')).toEqual([]);
    expect(existsSync(blob)).toBe(false);
  } finally {
    spawnSync('umount', [small]);
  }
});

test('two stores on one folder see each other', async () => {
  const { folder, store } = stage();
  const second = openStore(folder);
  const [digest] = await Promise.all([store.put(CONTENT), second.put(CONTENT)]);
  await second.putRecord(KEY, { digest });
  expect(store.getRecordSync(KEY)).toEqual({ digest });
  expect(await second.get(digest as Digest)).toHaveLength(CONTENT.length);
});
