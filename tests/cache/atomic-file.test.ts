// What becomes of files when the disk refuses to make their folder durable.
import { readdirSync, readFileSync } from 'node:fs';
import type * as fsModule from 'node:fs';
import { join } from 'node:path';
import { afterEach, expect, test, vi } from 'vitest';
import { CacheWriteError, replaceFile } from '../../cache/atomic-file.ts';
import { openStore } from '../../cache/disk.ts';
import { temporaryFolder } from '../rig.ts';

const broken = vi.hoisted(() => ({ folders: false, renames: false }));

vi.mock('node:fs', async (original) => {
  const fs = await original<typeof fsModule>();
  // As Node's own: without a path.
  const failure = (): Error => Object.assign(new Error('EIO: i/o error'), { code: 'EIO' });
  return {
    ...fs,
    fsync: (file: number, done: (error: Error | null) => void): void =>
      broken.folders && fs.fstatSync(file).isDirectory() ? void setImmediate(done, failure()) : fs.fsync(file, done),
    renameSync: (from: string, to: string): void => {
      if (broken.renames) throw failure();
      fs.renameSync(from, to);
    },
  };
});

afterEach(() => void Object.assign(broken, { folders: false, renames: false }));

test('a folder that cannot be made durable is an error of the cache, with the path, not a bug', async () => {
  const store = openStore(temporaryFolder());
  const digest = await store.write(Buffer.from('content'));
  broken.folders = true;
  const error: unknown = await store.settle([digest]).catch((reason: unknown) => reason);
  expect(error).toBeInstanceOf(CacheWriteError);
  expect(error).toMatchObject({ code: 'EIO', path: join(store.folder, 'cas', digest.slice(0, 2)) });
});

test('a file that cannot be put in its place is a refusal, and leaves nothing behind', async () => {
  const folder = temporaryFolder();
  const path = join(folder, 'record');
  await replaceFile(path, Buffer.from('before'), join(folder, 'tmp'));
  broken.renames = true;
  await expect(replaceFile(path, Buffer.from('after'), join(folder, 'tmp'))).rejects.toMatchObject({ name: 'CacheWriteError', path });
  expect([readFileSync(path, 'utf8'), readdirSync(join(folder, 'tmp'))]).toEqual(['before', []]);
});
