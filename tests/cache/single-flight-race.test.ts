// One race that cannot be had on order: the file system is stopped at its worst moment.
import { readdirSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import type * as FileSystem from 'node:fs';
import { spawnSync } from 'node:child_process';
import { hostname } from 'node:os';
import { join } from 'node:path';
import { expect, test, vi } from 'vitest';
import { acquire, isHeld, lockText } from '../../cache/single-flight.ts';
import { temporaryFolder } from '../rig.ts';

const KEY = '0123456789abcdef0123456789abcdef';
const TOKEN = '00112233445566aa';
const before = vi.hoisted(() => ({ link: (_path: string): void => {} }));

vi.mock('node:fs', async (original) => {
  const fs = await original<typeof FileSystem>();
  return {
    ...fs,
    linkSync: (from: string, to: string) => {
      before.link(to);
      fs.linkSync(from, to);
    },
  };
});

test('where a file cannot have two names, a lock is a file with the same text, and counts as much', async () => {
  const folder = temporaryFolder();
  before.link = () => {
    throw Object.assign(new Error('EPERM'), { code: 'EPERM' });
  };
  const release = await acquire(folder, KEY);
  expect(isHeld(folder, KEY)).toBe(true);
  const waiting = acquire(folder, KEY, { signal: AbortSignal.timeout(200) });
  await expect(waiting).rejects.toMatchObject({ name: 'TimeoutError' });
  await release();
  expect(isHeld(folder, KEY)).toBe(false);
  await (
    await acquire(folder, KEY)
  )();
  before.link = () => {};
});

test('who saw a dead owner does not delete the lock that somebody else made in the meantime', async () => {
  const folder = temporaryFolder();
  const lock = join(folder, KEY);
  const owner = (pid: number, token: string): string => lockText({ pid, host: hostname(), token });
  writeFileSync(lock, owner(spawnSync('true').pid, TOKEN));
  const stop = new AbortController();
  before.link = (path) => {
    if (!path.endsWith(TOKEN)) return;
    // Between seeing the dead owner and guarding its deletion: another process has deleted the lock, taken it, and lives.
    before.link = () => {};
    rmSync(lock);
    writeFileSync(lock, owner(process.pid, 'ffeeddccbbaa9988'));
  };
  const waiting = acquire(folder, KEY, { signal: stop.signal, onWait: () => stop.abort() });
  await expect(waiting).rejects.toMatchObject({ name: 'AbortError' });
  expect(readFileSync(lock, 'utf8')).toContain('ffeeddccbbaa9988');
  expect(readdirSync(folder).filter((name) => !name.startsWith(`${process.pid}-`))).toEqual([KEY]);
});
