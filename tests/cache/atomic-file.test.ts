// What becomes of files when the disk refuses to make their folder durable.
import type * as fsModule from 'node:fs';
import { join } from 'node:path';
import { afterEach, expect, test, vi } from 'vitest';
import { CacheWriteError, replaceFiles } from '../../cache/atomic-file.ts';
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

test('where neither a file nor its folder can be written, the answer is one refusal, and no other is left unheard', async () => {
  const folder = temporaryFolder();
  const file = { path: join(folder, 'record'), content: () => Buffer.from('content') };
  await replaceFiles([file], join(folder, 'tmp'));
  Object.assign(broken, { folders: true, renames: true });
  const unheard: unknown[] = [];
  const listener = (reason: unknown): void => void unheard.push(reason);
  process.on('unhandledRejection', listener);
  const [result] = await replaceFiles([file], join(folder, 'tmp'));
  for (let turn = 0; turn < 3; turn++) await new Promise((done) => setImmediate(done));
  process.off('unhandledRejection', listener);
  expect(result).toMatchObject({ status: 'rejected', reason: expect.any(CacheWriteError) as unknown });
  expect(unheard).toEqual([]);
});
