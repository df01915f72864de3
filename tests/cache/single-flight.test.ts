import { spawn, spawnSync, type ChildProcess } from 'node:child_process';
import { once } from 'node:events';
import { mkdirSync, mkdtempSync, readdirSync, readFileSync, rmSync, statSync, symlinkSync, writeFileSync } from 'node:fs';
import { hostname, tmpdir } from 'node:os';
import { join, resolve } from 'node:path';
import { build } from 'rolldown';
import { afterAll, beforeAll, expect, onTestFinished, test } from 'vitest';
import { startOf } from '../../cache/process.ts';
import { acquire, isHeld, lockText, sweepLocks } from '../../cache/single-flight.ts';
import { temporaryFolder } from '../rig.ts';

const KEY = '0123456789abcdef0123456789abcdef';
const OTHER = 'fedcba9876543210fedcba9876543210';
const TOKEN = '00112233445566aa';
const built = mkdtempSync(join(tmpdir(), 'kith-contender-'));
const contender = join(built, 'contender.mjs');

beforeAll(async () => {
  await build({ input: resolve(import.meta.dirname, 'contender.ts'), platform: 'node', output: { file: contender }, logLevel: 'silent' });
});
afterAll(() => rmSync(built, { recursive: true, force: true }));

function start(...words: string[]): ChildProcess {
  const child = spawn(process.execPath, [contender, ...words], { stdio: ['ignore', 'pipe', 'inherit'] });
  onTestFinished(() => void child.kill('SIGKILL'));
  return child;
}

/** A child that holds the lock. */
async function holder(folder: string): Promise<ChildProcess> {
  const child = start('hold', folder, KEY);
  await once(child.stdout!, 'data');
  return child;
}

/** A lock as its owner would have written it. */
function plant(
  folder: string,
  owner: { readonly pid?: number; readonly host?: string; readonly started?: string | undefined },
  name = KEY,
  token = TOKEN,
): void {
  mkdirSync(folder, { recursive: true });
  writeFileSync(join(folder, name), lockText({ pid: process.pid, host: hostname(), token, ...(owner as object) }));
}

/** Without the files that say who this process is. */
const locksIn = (folder: string): string[] => readdirSync(folder).filter((name) => !name.startsWith(`${process.pid}-`));

test('a free lock is taken at once, given back once, and leaves nothing behind', async () => {
  const folder = join(temporaryFolder(), 'locks');
  const waits: string[] = [];
  const release = await acquire(folder, KEY, { onWait: (owner) => waits.push(owner) });
  expect(locksIn(folder)).toEqual([KEY]);
  await release();
  await release();
  expect(locksIn(folder)).toEqual([]);
  expect(waits).toEqual([]);
});

test('different keys do not wait for each other', async () => {
  const folder = temporaryFolder();
  const releases = [await acquire(folder, KEY), await acquire(folder, OTHER)];
  expect(locksIn(folder)).toEqual([KEY, OTHER]);
  for (const release of releases) await release();
});

test('of many callers in one process only one is inside at a time', async () => {
  const folder = temporaryFolder();
  let inside = 0;
  let most = 0;
  const visit = async (): Promise<void> => {
    const release = await acquire(folder, KEY);
    most = Math.max(most, ++inside);
    await new Promise(setImmediate);
    inside--;
    await release();
  };
  await Promise.all(Array.from({ length: 10 }, visit));
  expect(most).toBe(1);
  expect(locksIn(folder)).toEqual([]);
});

test('who waits is told once for whom', async () => {
  const folder = temporaryFolder();
  const child = await holder(folder);
  const waits: string[] = [];
  const waiting = acquire(folder, KEY, { onWait: (owner) => waits.push(owner) });
  child.kill('SIGKILL');
  await (
    await waiting
  )();
  expect(waits).toEqual([`process ${child.pid}`]);
});

test('the lock of a process killed by kill -9 is taken over', async () => {
  const folder = temporaryFolder();
  const child = await holder(folder);
  child.kill('SIGKILL');
  await once(child, 'exit');
  const release = await acquire(folder, KEY);
  await release();
  sweepLocks(folder);
  expect(locksIn(folder)).toEqual([]);
});

test('the lock of a process whose number was given to another is taken over', async ({ skip }) => {
  if (!startOf(process.pid)) skip('this system does not say when a process began');
  const folder = temporaryFolder();
  plant(folder, { started: '1' });
  await (
    await acquire(folder, KEY)
  )();
});

test('the lock of a living process is not taken, however long it is silent', async ({ skip }) => {
  const started = startOf(process.pid);
  if (!started) skip('this system does not say when a process began');
  const folder = temporaryFolder();
  plant(folder, { started });
  const waiting = acquire(folder, KEY, { signal: AbortSignal.timeout(300), patienceMs: 1 });
  await expect(waiting).rejects.toMatchObject({ name: 'TimeoutError' });
  expect(readFileSync(join(folder, KEY), 'utf8')).toContain(TOKEN);
});

test('an owner that cannot be seen, on another machine, loses its lock only after showing no sign of life', async () => {
  const folder = temporaryFolder();
  plant(folder, { host: 'elsewhere', pid: 1 });
  const waits: string[] = [];
  const release = await acquire(folder, KEY, { patienceMs: 1, onWait: (owner) => waits.push(owner) });
  expect(waits).toEqual(['process 1 on elsewhere']);
  await release();
});

test.each(['', 'not JSON', '{"pid":"x"}', `{"pid":1,"host":"h","token":"../../${TOKEN}"}`])(
  'a lock that cannot be understood (%j) does not stop the work for ever',
  async (text) => {
    const folder = temporaryFolder();
    writeFileSync(join(folder, KEY), text);
    await (
      await acquire(folder, KEY, { patienceMs: 1 })
    )();
    expect(locksIn(folder)).toEqual([]);
  },
);

test('a flipped bit does not make a living owner a dead one', async () => {
  const text = lockText({
    pid: process.pid,
    host: hostname(),
    token: TOKEN,
    ...(startOf(process.pid) ? { started: startOf(process.pid)! } : {}),
  });
  for (let at = 0; at < text.length; at++) {
    const folder = temporaryFolder();
    const flipped = Buffer.from(text);
    flipped[at]! ^= 1;
    writeFileSync(join(folder, KEY), flipped);
    expect(isHeld(folder, KEY), flipped.toString('latin1')).toBe(true);
    sweepLocks(folder);
    expect(locksIn(folder)).toEqual([KEY]);
  }
});

test('a lock is a name, not a file of its own; who took it leaves nothing when its process ends', async () => {
  const folder = temporaryFolder();
  const release = await acquire(folder, KEY);
  const [inode] = readdirSync(folder).map((name) => statSync(join(folder, name)).ino);
  expect(readdirSync(folder).map((name) => statSync(join(folder, name)).ino)).toEqual([inode, inode]);
  await release();
  const log = join(folder, 'log');
  writeFileSync(log, '');
  writeFileSync(`${log}.inside`, '');
  const child = start('enter', join(folder, 'locks'), KEY, log, '3');
  await once(child, 'exit');
  expect(readdirSync(join(folder, 'locks'))).toEqual([]);
});

test('a release of long ago does not take away the lock that the same process has again', async () => {
  const folder = temporaryFolder();
  const first = await acquire(folder, KEY);
  await first();
  const second = await acquire(folder, KEY);
  await first();
  expect(locksIn(folder)).toEqual([KEY]);
  await second();
});

test('a folder that is deleted under a process that has locked in it is made again', async () => {
  const folder = join(temporaryFolder(), 'locks');
  await (
    await acquire(folder, KEY)
  )();
  rmSync(folder, { recursive: true });
  const release = await acquire(folder, KEY);
  expect(locksIn(folder)).toEqual([KEY]);
  await release();
});

test('a link in the place of a lock is read by nobody, and does not stop the work for ever', async () => {
  const folder = temporaryFolder();
  symlinkSync('/etc/passwd', join(folder, KEY));
  expect(isHeld(folder, KEY)).toBe(true);
  await (
    await acquire(folder, KEY, { patienceMs: 1 })
  )();
  expect(locksIn(folder)).toEqual([]);
});

test('sweeping takes the locks of the dead, and what deleting them left; those of the living and the unseen stay', async () => {
  const folder = temporaryFolder();
  const { pid } = spawnSync('true');
  plant(folder, { pid });
  plant(folder, { pid }, `${OTHER}.${TOKEN}`, 'ffeeddccbbaa9988');
  plant(folder, { started: startOf(process.pid) }, OTHER);
  plant(folder, { host: 'elsewhere' }, '0'.repeat(32));
  mkdirSync(join(folder, 'not a lock'));
  sweepLocks(folder);
  expect(locksIn(folder)).toEqual(['0'.repeat(32), OTHER, 'not a lock'].sort());
  expect([KEY, OTHER, '0'.repeat(32)].map((key) => isHeld(folder, key))).toEqual([false, true, true]);
});

test('who dies while deleting a dead owner’s lock does not stop the others', async () => {
  const folder = temporaryFolder();
  const { pid } = spawnSync('true');
  plant(folder, { pid });
  plant(folder, { pid }, `${KEY}.${TOKEN}`, 'ffeeddccbbaa9988');
  await (
    await acquire(folder, KEY)
  )();
  expect(locksIn(folder)).toEqual([]);
});

test('while somebody alive is deleting a dead owner’s lock, the others wait for that', async () => {
  const folder = temporaryFolder();
  plant(folder, { pid: spawnSync('true').pid });
  plant(folder, { started: startOf(process.pid) }, `${KEY}.${TOKEN}`, 'ffeeddccbbaa9988');
  const waiting = acquire(folder, KEY);
  await new Promise(setImmediate);
  expect(readFileSync(join(folder, KEY), 'utf8')).toContain(TOKEN);
  rmSync(join(folder, `${KEY}.${TOKEN}`));
  await (
    await waiting
  )();
});

test('waiting stops when it is told to, with the reason given, and the lock stays the owner’s', async () => {
  const folder = temporaryFolder();
  const release = await acquire(folder, KEY);
  const stop = new AbortController();
  const waiting = acquire(folder, KEY, { signal: stop.signal });
  const reason = new Error('Ctrl-C');
  stop.abort(reason);
  await expect(waiting).rejects.toBe(reason);
  expect(locksIn(folder)).toEqual([KEY]);
  await release();
});

test('a release does not take away a lock that is somebody else’s by now', async () => {
  const folder = temporaryFolder();
  const release = await acquire(folder, KEY);
  rmSync(join(folder, KEY));
  plant(folder, { pid: 1 });
  await release();
  expect(locksIn(folder)).toEqual([KEY]);
});

test('names that are no keys are refused, and a folder that cannot be made is a cache that cannot be written', async () => {
  const folder = temporaryFolder();
  await expect(acquire(folder, '../outside')).rejects.toThrow(TypeError);
  symlinkSync('/dev/null', join(folder, 'locks'));
  await expect(acquire(join(folder, 'locks'), KEY)).rejects.toMatchObject({ name: 'CacheWriteError' });
});

/** Lets four seats contend until the lock was entered so many times; the dead are replaced. Returns the number of deaths. */
async function contend(entries: number, deaths: number): Promise<number> {
  const folder = temporaryFolder();
  const log = join(folder, 'log');
  writeFileSync(log, '');
  writeFileSync(`${log}.inside`, '');
  let died = 0;
  let seed = 1;
  const seat = async (): Promise<void> => {
    while (statSync(log).size < entries) {
      const child = start('enter', join(folder, 'locks'), KEY, log, String(entries), String(deaths), String(seed++ * 7919));
      const [code, signal] = (await once(child, 'exit')) as [number | null, string | null];
      if (signal === 'SIGKILL') died++;
      else expect(code, 'two were inside at once').toBe(0);
    }
  };
  await Promise.all([seat(), seat(), seat(), seat()]);
  expect(statSync(log).size).toBeGreaterThanOrEqual(entries);
  return died;
}

test('of four processes only one is inside at a time', async () => {
  expect(await contend(200, 0)).toBe(0);
});

test('of four processes that are killed inside now and then, only one is inside at a time, and the work goes on', async () => {
  expect(await contend(60, 0.2)).toBeGreaterThan(0);
});
