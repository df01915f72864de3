// What killed processes leave is swept; what belongs to the living, to other machines or to somebody else altogether is not.
import { spawnSync } from 'node:child_process';
import { existsSync, mkdirSync, readdirSync, symlinkSync, utimesSync, writeFileSync } from 'node:fs';
import { hostname } from 'node:os';
import { basename, join } from 'node:path';
import { expect, test } from 'vitest';
import { temporaryIn } from '../../cache/atomic-file.ts';
import { isComplete, parseRecord } from '../../cache/record.ts';
import { acquire, lockText } from '../../cache/single-flight.ts';
import type { Key } from '../../cache/store.ts';
import { lockFolders, sweep } from '../../cache/sweep.ts';
import { temporaryFolder } from '../rig.ts';
import { content, HOUR, keyOf, stockedCache } from './stocked.ts';

const nothing = (): boolean => false;

test('temporary files and folders of the dead go, whatever the clock says; those of the living stay, however old', () => {
  const cache = stockedCache();
  const { pid: dead } = spawnSync('true');
  const ofLiving = basename(temporaryIn(''));
  const ofDead = ofLiving.replace(/^\d+/, String(dead));
  const numberReused = ofLiving.replace(/^(\d+)-\d+/, '$1-1');
  const ofDeadFuture = ofDead.replace(/.{16}$/, 'f'.repeat(16));
  cache.file(`tmp/${ofLiving}`, 10, 1000 * HOUR);
  cache.file(`tmp/${ofDead}/half`, 10);
  cache.file(`tmp/${numberReused}`, 10);
  cache.file(`tmp/${ofDeadFuture}`, 10, -1000 * HOUR);
  sweep(cache.folder, nothing);
  expect(readdirSync(join(cache.folder, 'tmp'))).toEqual([ofLiving]);
});

test('a temporary file of another machine goes when nobody wrote to it for a day', () => {
  const cache = stockedCache();
  const elsewhere = (letter: string): string => `tmp/1-1-0123abcd-${letter.repeat(16)}`;
  cache.file(elsewhere('a'), 10, 23 * HOUR);
  cache.file(elsewhere('b'), 10, 25 * HOUR);
  sweep(cache.folder, nothing);
  expect(readdirSync(join(cache.folder, 'tmp'))).toEqual([basename(elsewhere('a'))]);
});

test('a file that is not named as ours are is not ours, and a folder that is a link is not looked into', () => {
  const folder = temporaryFolder();
  const documents = temporaryFolder();
  const { pid: dead } = spawnSync('true');
  for (const name of ['thesis.tex', '0-notes', `${dead}-0123456789abcdef`]) {
    writeFileSync(join(documents, name), 'precious');
    utimesSync(join(documents, name), new Date(0), new Date(0));
  }
  for (const name of ['tmp', 'locks', 'working', 'checkpoints']) symlinkSync(documents, join(folder, name));
  sweep(folder, () => true);
  expect(readdirSync(documents)).toHaveLength(3);
  mkdirSync(join(folder, 'real', 'tmp'), { recursive: true });
  writeFileSync(join(folder, 'real', 'tmp', 'thesis.tex'), 'precious');
  sweep(join(folder, 'real'), () => true);
  expect(existsSync(join(folder, 'real', 'tmp', 'thesis.tex'))).toBe(true);
});

test('a checkpoint goes once its result is complete, unless somebody is making it anew', async () => {
  const cache = stockedCache();
  await cache.result('done', 1, [content(3000, 1)]);
  await cache.result('anew', 1, [content(3000, 2)]);
  for (const node of ['done', 'anew', 'unfinished']) cache.file(`checkpoints/${keyOf(node)}`, 10);
  const release = await acquire(lockFolders(cache.folder).making, keyOf('anew'));
  const isDone = (key: Key): boolean => {
    const record = parseRecord(cache.store.getRecordSync(key), key);
    return record !== undefined && isComplete(cache.store, record);
  };
  sweep(cache.folder, isDone);
  await release();
  expect(readdirSync(join(cache.folder, 'checkpoints')).sort()).toEqual([keyOf('anew'), keyOf('unfinished')].sort());
});

test('locks of the dead go, also those of workers whose engine is dead', async () => {
  const cache = stockedCache();
  const { making, working } = lockFolders(cache.folder);
  const release = await acquire(making, keyOf('mine'));
  mkdirSync(working);
  const dead = { pid: spawnSync('true').pid, host: hostname(), token: '0011223344556677' };
  for (const folder of [making, working]) writeFileSync(join(folder, keyOf('theirs')), lockText(dead));
  sweep(cache.folder, nothing);
  const locks = [...readdirSync(making), ...readdirSync(working)].filter((name) => !name.startsWith(`${process.pid}-`));
  expect(locks).toEqual([keyOf('mine')]);
  await release();
});
