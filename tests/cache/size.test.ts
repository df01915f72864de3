// About how large a cache is: measured once, then added to; whatever happens to the file, it is measured again.
import { readFileSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { expect, test } from 'vitest';
import { addToSize, beginSize, setSize } from '../../cache/size.ts';
import { temporaryFolder } from '../rig.ts';
import { content, stockedCache } from './stocked.ts';

test('a new cache begins with nothing, and what runs write is added', () => {
  const folder = temporaryFolder();
  beginSize(folder);
  expect(addToSize(folder, 500)).toBe(500);
  expect(addToSize(folder, 70)).toBe(570);
  setSize(folder, 100);
  expect(addToSize(folder, 1)).toBe(101);
});

test('a cache of which nobody knows the size is measured, and so is one whose size is damaged or was added to too often', async () => {
  const { folder, file } = stockedCache();
  file('checkpoints/training', 3000);
  file('cas/ab/blob', 40_000);
  file('compiled/program.js', 9000); // Not what a collection looks after.
  beginSize(folder);
  expect(addToSize(folder, 500)).toBe(43_000);
  for (const text of ['', 'much\n', '12', '-5\n', '1e9\n', `${'9'.repeat(40)}\n`, '1\n'.repeat(101)]) {
    writeFileSync(join(folder, 'size'), text);
    expect(addToSize(folder, 500), text).toBe(43_000);
    expect(readFileSync(join(folder, 'size'), 'utf8')).toBe('43000\n');
  }
});

test('what is written through a store is what is measured', async () => {
  const cache = stockedCache();
  const { bytes } = await cache.result('a', 1, [content(30_000, 1), content(2000, 2)]);
  const measured = addToSize(cache.folder, 0);
  expect(measured).toBeGreaterThan(bytes);
  expect(measured).toBeLessThan(bytes + 3000); // The records.
});
