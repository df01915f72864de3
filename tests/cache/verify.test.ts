// A cache is read again in full: what is sound passes, each kind of damage is found once, named and set aside.
import { existsSync, readFileSync, rmSync, symlinkSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { expect, test } from 'vitest';
import { verifyCache } from '../../cache/verify.ts';
import { content, keyOf, stockedCache } from './stocked.ts';

const flip = (path: string): void => {
  const bytes = readFileSync(path);
  bytes[bytes.length >> 1]! ^= 1;
  writeFileSync(path, bytes);
};

async function stage() {
  const cache = stockedCache();
  const a = await cache.result('a', 1, [content(3000, 1), content(5000, 2)]);
  await cache.result('b', 1, [content(4000, 3), content(5000, 2)]);
  const blob = (at: number): string => join(cache.folder, 'cas', a.blobs[at]!.digest.slice(0, 2), a.blobs[at]!.digest);
  return { ...cache, a, blob, record: join(cache.folder, 'ac', a.key) };
}

test('a sound cache passes, and so does one that does not exist', async () => {
  const { folder } = await stage();
  expect(await verifyCache(folder)).toEqual({ records: 4, blobs: 3, bytes: 12_000, damaged: [], incomplete: [] });
  expect(await verifyCache(join(folder, 'nowhere'))).toMatchObject({ records: 0, blobs: 0, damaged: [] });
  expect(existsSync(join(folder, 'nowhere'))).toBe(false);
});

test('a flipped bit in a blob is found, set aside, and named with every node that needed it', async () => {
  const { folder, a, blob } = await stage();
  flip(blob(1));
  const { damaged, incomplete, bytes } = await verifyCache(folder);
  expect(damaged).toMatchObject([{ what: 'blob', name: a.blobs[1]!.digest, text: expect.stringContaining('moved to') }]);
  expect([...damaged[0]!.nodes].sort()).toEqual(['a', 'b']);
  expect(incomplete.map(({ node }) => node).sort()).toEqual(['a', 'b']);
  expect(bytes).toBe(7000);
  expect(existsSync(join(folder, 'quarantine', a.blobs[1]!.digest))).toBe(true);
  expect((await verifyCache(folder)).damaged).toEqual([]);
});

test('a flipped bit in a record is found and set aside; its blobs are sound still', async () => {
  const { folder, a, record } = await stage();
  flip(record);
  const verified = await verifyCache(folder);
  expect(verified.damaged).toMatchObject([{ what: 'record', name: a.key, nodes: [] }]);
  expect(verified.bytes).toBe(12_000);
  expect(existsSync(join(folder, 'quarantine', a.key))).toBe(true);
});

test('a missing blob is no damage, but its results are named as incomplete', async () => {
  const { folder, blob } = await stage();
  rmSync(blob(0));
  expect(await verifyCache(folder)).toMatchObject({ damaged: [], incomplete: [{ node: 'a', key: keyOf('a') }] });
});

test('a link in the place of a blob is damage', async () => {
  const { folder, blob } = await stage();
  const path = blob(0);
  const outside = join(folder, 'outside');
  writeFileSync(outside, readFileSync(path));
  rmSync(path);
  symlinkSync(outside, path);
  expect((await verifyCache(folder)).damaged).toMatchObject([{ what: 'blob', nodes: ['a'] }]);
});
