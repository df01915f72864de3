// A cache says its format: a later one is refused, an earlier one is read, and what is no cache of ours is not used.
import { mkdirSync, mkdtempSync, readdirSync, readFileSync, symlinkSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { expect, test } from 'vitest';
import { CACHE_FORMAT, checkFormat, markFormat, UnusableCache } from '../../cache/format.ts';
import { addToSize } from '../../cache/size.ts';
import { temporaryFolder } from '../rig.ts';

const textOf = (format: number): string => `kith cache, format ${format} (${format})\n`;

test('a new cache says its format, once and for good', () => {
  const folder = temporaryFolder();
  markFormat(folder);
  markFormat(folder);
  expect(readFileSync(join(folder, 'format'), 'utf8')).toBe(textOf(CACHE_FORMAT));
  expect(readdirSync(join(folder, 'tmp'))).toEqual([]);
  expect(() => checkFormat(folder)).not.toThrow();
});

test('a cache of a later format is refused with a sentence, one of an earlier format or of none is not', () => {
  const folder = temporaryFolder();
  expect(() => checkFormat(join(folder, 'nowhere'))).not.toThrow();
  for (const format of [0, 1]) {
    writeFileSync(join(folder, 'format'), textOf(format));
    expect(() => checkFormat(folder)).not.toThrow();
  }
  writeFileSync(join(folder, 'format'), textOf(CACHE_FORMAT + 1));
  expect(() => checkFormat(folder)).toThrow(UnusableCache);
  expect(() => checkFormat(folder)).toThrow(/newer version of Kith \(format 2; this one knows 1\)/);
});

test('no flipped bit makes it a later format, and marking it again mends it', () => {
  const folder = temporaryFolder();
  const whole = Buffer.from(textOf(CACHE_FORMAT));
  for (let bit = 0; bit < whole.length * 8; bit++) {
    const flipped = Buffer.from(whole);
    flipped[bit >> 3]! ^= 1 << (bit & 7);
    writeFileSync(join(folder, 'format'), flipped);
    expect(() => checkFormat(folder)).not.toThrow();
  }
  markFormat(folder);
  expect(readFileSync(join(folder, 'format')).equals(whole)).toBe(true);
});

test('a cache may be a link, but nothing in it may', () => {
  const folder = temporaryFolder();
  const elsewhere = mkdtempSync(join(folder, 'elsewhere-'));
  symlinkSync(elsewhere, join(folder, '.kith'));
  expect(() => checkFormat(join(folder, '.kith'))).not.toThrow();
  mkdirSync(join(folder, 'documents'));
  symlinkSync(join(folder, 'documents'), join(elsewhere, 'tmp'));
  expect(() => checkFormat(join(folder, '.kith'))).toThrow(/tmp is a symbolic link/);
});

test('a small file in whose place there is a link is damage: not followed, not written through, and replaced', () => {
  const folder = temporaryFolder();
  const outside = join(folder, 'outside');
  const cache = join(folder, '.kith');
  mkdirSync(cache);
  writeFileSync(outside, '100\n');
  for (const name of ['format', 'size', 'stat-cache']) symlinkSync(outside, join(cache, name));
  expect(() => checkFormat(cache)).not.toThrow();
  markFormat(cache);
  expect(addToSize(cache, 7)).toBe(0);
  expect(readFileSync(outside, 'utf8')).toBe('100\n');
  expect(readFileSync(join(cache, 'format'), 'utf8')).toBe(textOf(CACHE_FORMAT));
  expect(readFileSync(join(cache, 'size'), 'utf8')).toBe('0\n');
});
