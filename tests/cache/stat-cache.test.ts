import { mkdirSync, readFileSync, renameSync, symlinkSync, utimesSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { spawnSync } from 'node:child_process';
import { expect, test } from 'vitest';
import { BLOCK, loadHasher, type Hasher } from '../../cache/digest.ts';
import { openStatCache } from '../../cache/stat-cache.ts';
import { temporaryFolder } from '../rig.ts';

/** A stat cache, a folder of files, and how often content was hashed. Content hashes to itself where it is short text. */
async function stage() {
  const folder = temporaryFolder();
  const real = await loadHasher();
  let hashed = 0;
  const counting: Hasher = {
    ...real,
    stream: () => {
      hashed++;
      return real.stream();
    },
  };
  const cacheFile = join(folder, '.kith', 'stat-cache');
  const path = (name: string): string => join(folder, 'data', name);
  mkdirSync(path('.'), { recursive: true });
  const write = (name: string, content: string | Uint8Array): string => {
    mkdirSync(join(path(name), '..'), { recursive: true });
    writeFileSync(path(name), content);
    return path(name);
  };
  const open = () => openStatCache(cacheFile, counting);
  return { folder, cacheFile, path, write, open, hasher: real, hashed: () => hashed };
}

/** Waits until the file is old enough to be trusted; the only clock is the file system's. */
function age(cache: { digest(path: string): string }, path: string, hashed: () => number): void {
  for (;;) {
    cache.digest(path);
    const before = hashed();
    cache.digest(path);
    if (hashed() === before) return;
  }
}

test('a digest is that of the content, for small files, empty files and files of many blocks', async () => {
  const { write, open, hasher } = await stage();
  for (const content of [Buffer.alloc(0), Buffer.from('text'), Buffer.alloc(BLOCK, 1), Buffer.alloc(3 * BLOCK + 5, 2)])
    expect(open().digestFile(write('file', content))).toBe(hasher.bytes(content));
});

test('an unchanged file is read once, also by later processes', async () => {
  const { write, open, hashed } = await stage();
  const file = write('file', 'content');
  const cache = open();
  age(cache, file, hashed);
  cache.save();
  const before = hashed();
  const later = open();
  expect(later.digestFile(file)).toBe(cache.digestFile(file));
  expect(hashed()).toBe(before);
});

test('a changed file is read again, even with the same size and with its time put back', async () => {
  const { write, open, hashed, path } = await stage();
  const file = write('file', 'one');
  const cache = open();
  const past = new Date(1_000_000_000_000);
  utimesSync(file, past, past);
  age(cache, file, hashed);
  const one = cache.digestFile(file);
  write('file', 'two');
  utimesSync(file, past, past);
  const two = cache.digestFile(file);
  expect(two).not.toBe(one);
  write('other', 'six');
  renameSync(path('other'), file);
  expect(cache.digestFile(file)).not.toBe(two);
});

test('a file that changes again and again within one tick of its clock is never taken for what it was', async () => {
  const { write, open, hasher } = await stage();
  const cache = open();
  for (let round = 0; round < 300; round++) {
    const content = Buffer.from(String(round % 10));
    expect(cache.digestFile(write('file', content))).toBe(hasher.bytes(content));
  }
});

test('a file with a time in the future is read every time', async () => {
  const { write, open, hashed } = await stage();
  const cache = open();
  const file = write('file', 'a');
  const future = new Date(Date.now() + 1e9);
  utimesSync(file, future, future);
  cache.digestFile(file);
  cache.digestFile(file);
  expect(hashed()).toBe(2);
});

test('nothing is written where nothing was learnt, and a cache that cannot be written is no error', async () => {
  const { write, open, hashed, cacheFile, folder } = await stage();
  open().save();
  expect(() => readFileSync(cacheFile)).toThrow('ENOENT');
  writeFileSync(join(folder, '.kith'), 'a file where the folder should be');
  const cache = open();
  age(cache, write('file', 'a'), hashed);
  cache.save();
});

test('a damaged stat cache is an empty one', async () => {
  const { write, open, hashed, cacheFile } = await stage();
  const file = write('file', 'content');
  const cache = open();
  age(cache, file, hashed);
  cache.save();
  const digest = cache.digestFile(file);
  const whole = readFileSync(cacheFile);
  for (let at = 0; at < whole.length; at++) {
    const damaged = Buffer.from(whole);
    damaged[at]! ^= 1;
    writeFileSync(cacheFile, damaged);
    const before = hashed();
    expect(open().digestFile(file)).toBe(digest);
    expect(hashed()).toBe(before + 1);
  }
});

test('a folder changes with the name, the place and the content of any file below it, and with nothing else', async () => {
  const { write, open, path } = await stage();
  const cache = open();
  write('set/a/1.png', 'one');
  write('set/b/2.png', 'two');
  const digests = [cache.digest(path('set'))];
  write('set/.DS_Store', 'hidden');
  write('set/.git/config', 'hidden');
  mkdirSync(path('set/empty'));
  expect(cache.digest(path('set'))).toBe(digests[0]);
  for (const change of [
    () => write('set/a/1.png', 'ONE'),
    () => write('set/b/3.png', ''),
    () => renameSync(path('set/b/3.png'), path('set/b/4.png')),
    () => renameSync(path('set/b/4.png'), path('set/a/4.png')),
  ]) {
    change();
    digests.push(cache.digest(path('set')));
  }
  expect(new Set(digests).size).toBe(digests.length);
});

test('the digest of a folder does not depend on where the folder lies', async () => {
  const { write, open, path } = await stage();
  for (const place of ['here', 'there/deep']) write(`${place}/a/b`, 'same');
  expect(open().digestTree([path('here')])).toBe(open().digestTree([path('there/deep')]));
});

test('several paths are one digest, in their order', async () => {
  const { write, open } = await stage();
  const [a, b] = [write('a', '1'), write('b', '2')];
  expect(open().digestTree([a, b])).not.toBe(open().digestTree([b, a]));
  expect(open().digestTree([a, b])).toBe(open().digestTree([a, b]));
});

test('links are followed, but not in circles, and links to nowhere and pipes are passed over', async () => {
  const { write, open, path } = await stage();
  write('elsewhere/x', 'content');
  mkdirSync(path('set'));
  symlinkSync(path('elsewhere'), path('set/linked'));
  const linked = open().digest(path('set'));
  symlinkSync(path('set'), path('set/circle'));
  symlinkSync(path('nowhere'), path('set/broken'));
  symlinkSync(path('set/self'), path('set/self'));
  spawnSync('mkfifo', [path('set/pipe')]);
  expect(open().digest(path('set'))).toBe(linked);
  write('elsewhere/x', 'CONTENT');
  expect(open().digest(path('set'))).not.toBe(linked);
});

test('a path that is not there is the system’s error', async () => {
  const { open, path } = await stage();
  expect(() => open().digest(path('nothing'))).toThrow('ENOENT');
  expect(() => open().digestTree([path('nothing')])).toThrow('ENOENT');
});
