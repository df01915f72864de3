// Disks that are full, read-only or limited: in earnest where the system lets us make one, and by injected errors everywhere.
import { spawnSync } from 'node:child_process';
import { chmodSync, readdirSync, statSync } from 'node:fs';
import { join } from 'node:path';
import { expect, onTestFinished, test } from 'vitest';
import { temporaryFolder } from '../rig.ts';
import { failWrites, lostIn, rudenessIn } from './failures.ts';
import { createVictim, faultsIn, leftOver, type Ended } from './victim.ts';

const headlines = ({ events }: Ended): string[] =>
  events.filter(({ event }) => event === 'node-failed').map(({ failure }) => (failure as { readonly headline: string }).headline);

test('whatever call to the file system fails, a run says so in a sentence, and the next one mends it', async () => {
  const { wrong } = await failWrites(createVictim(temporaryFolder()), { seed: 9, times: 6 });
  expect(wrong).toEqual([]);
}, 300_000);

test('a disk that fills up in the middle of a run loses nothing that was finished', async ({ skip }) => {
  const victim = createVictim(temporaryFolder());
  await victim.run(0).ended;
  const mount = (options: string): number | null => spawnSync('mount', ['-t', 'tmpfs', '-o', options, 'tmpfs', victim.cache]).status;
  if (mount('size=800k') !== 0) skip('mounting a small file system is not allowed here');
  onTestFinished(() => void spawnSync('umount', ['-l', victim.cache]));
  const full: Ended[] = [];
  let round = 1;
  for (; full.length === 0 && round < 20; round++) {
    const ended = await victim.run(round).ended;
    expect(rudenessIn(ended)).toEqual([]);
    if (ended.code !== 0) full.push(ended);
  }
  expect(headlines(full[0]!)).toContain('The disk is full.');
  expect(mount('remount,size=64m')).toBe(0);
  const mended = await victim.run(round - 1).ended;
  expect(await faultsIn(mended, victim, round - 1)).toEqual([]);
  expect(lostIn(full[0]!, mended)).toEqual([]);
  expect(leftOver(victim.cache)).toEqual([]);
}, 300_000);

test('a limit on the size of files is said, and without it the run goes on', async ({ skip }) => {
  if (process.platform === 'win32') skip('there is no such limit here');
  const victim = createVictim(temporaryFolder());
  await victim.run(0).ended;
  const limited = await victim.run(1, { shell: 'ulimit -f 16' }).ended;
  expect(rudenessIn(limited)).toEqual([]);
  expect(headlines(limited)).toContain('The system allows no file as large as this.');
  const mended = await victim.run(1).ended;
  expect(await faultsIn(mended, victim, 1)).toEqual([]);
  expect(leftOver(victim.cache)).toEqual([]);
}, 300_000);

test('a cache that may only be read serves what it has, and says why it can make nothing new', async ({ skip }) => {
  const victim = createVictim(temporaryFolder());
  await victim.run(0).ended;
  // Who may do everything is nobody for this test.
  const nobody = process.getuid?.() === 0 ? { uid: 65534, gid: 65534 } : {};
  const protect = (folder: string, writable: boolean): void => {
    for (const entry of readdirSync(folder, { withFileTypes: true })) {
      if (entry.isDirectory()) protect(join(folder, entry.name), writable);
      else chmodSync(join(folder, entry.name), writable ? 0o644 : 0o444);
    }
    chmodSync(folder, writable ? 0o755 : 0o555);
  };
  chmodSync(victim.folder, 0o755);
  protect(victim.cache, false);
  onTestFinished(() => protect(victim.cache, true));
  const version = await victim.start(['--version'], nobody).ended;
  if (version.code !== 0) skip(`another user may not read the repository here: ${version.stderr}`);
  const reading = await victim.run(0, nobody).ended;
  expect(reading).toMatchObject({ code: 0, stderr: '' });
  expect(reading.events.at(-1)).toMatchObject({ executed: 0, cached: 6, failed: 0 });
  expect(reading.events.find(({ event }) => event === 'warning')?.['text']).toContain('This run leaves no journal');
  for (const words of [
    ['status'],
    ['plan'],
    ['why', 'total'],
    ['show', 'total'],
    ['runs'],
    ['verify'],
    ['gc', '--dry-run'],
    ['cache', 'stats'],
  ])
    expect(await victim.start(words, nobody).ended, words.join(' ')).toMatchObject({ code: 0, stderr: '' });
  const writing = await victim.run(1, nobody).ended;
  expect(rudenessIn(writing)).toEqual([]);
  expect(headlines(writing)).toEqual(['The cache may not be written.']);
  expect(statSync(victim.cache).mode & 0o777).toBe(0o555);
}, 300_000);
