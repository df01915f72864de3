// Files that are complete or absent. Knows folders and temporary names, nothing of what is written.
import { randomBytes } from 'node:crypto';
import { lstatSync, mkdirSync, renameSync, rmSync, writeFileSync } from 'node:fs';
import { mkdir, open, rename, rm } from 'node:fs/promises';
import { basename, dirname, join } from 'node:path';
import { PIECE, sha256 } from './digest.ts';
import { namesIn } from './folder.ts';
import { isAlive, ownIdentity } from './process.ts';

const A_DAY = 86_400_000;

/** The cache could not be written: `code` is the system's (`ENOSPC`, `EACCES`, `EROFS`, …), `path` the file that was to be. */
export class CacheWriteError extends Error {
  override readonly name = 'CacheWriteError';
  constructor(
    readonly code: string,
    readonly path: string,
    cause: unknown,
  ) {
    super(`cannot write ${path} (${code})`, { cause });
  }
}

/** Replaces a file; durable when the promise resolves. `temporaries` is a folder on the same file system. Rejects with a CacheWriteError. */
export async function replaceFile(path: string, content: Uint8Array, temporaries: string): Promise<void> {
  const temporary = temporaryIn(temporaries);
  try {
    await makeFolder(temporaries);
    await makeFolder(dirname(path));
    await writeDurably(temporary, content);
    await rename(temporary, path).catch((error: unknown) => {
      makeWay(path, temporaries, error);
      return rename(temporary, path);
    });
    await syncFolder(dirname(path));
  } catch (error) {
    await rm(temporary, { force: true }).catch(() => {});
    throw asWriteError(error, path);
  }
}

/** Replaces a file that is only a hint: atomic, but not worth waiting for the disk. Throws a CacheWriteError. */
export function replaceFileSync(path: string, content: Uint8Array, temporaries: string): void {
  const temporary = temporaryIn(temporaries);
  try {
    mkdirSync(temporaries, { recursive: true });
    mkdirSync(dirname(path), { recursive: true });
    writeFileSync(temporary, content, { flag: 'wx' });
    try {
      renameSync(temporary, path);
    } catch (error) {
      makeWay(path, temporaries, error);
      renameSync(temporary, path);
    }
  } catch (error) {
    try {
      rmSync(temporary, { force: true });
    } catch {
      // What cannot be written can often not be deleted either; it is swept later.
    }
    throw asWriteError(error, path);
  }
}

/** A folder in the place of a file is nothing that we made: it is set aside, for a collection to delete. Any other error is thrown again. */
function makeWay(path: string, temporaries: string, error: unknown): void {
  if (!lstatSync(path, { throwIfNoEntry: false })?.isDirectory()) throw error;
  const quarantine = join(dirname(temporaries), 'quarantine');
  mkdirSync(quarantine, { recursive: true });
  renameSync(path, join(quarantine, `${basename(path)}-${randomBytes(4).toString('hex')}`));
}

/** Makes entries of a folder durable. Windows has no such call and does not need it. */
export async function syncFolder(folder: string): Promise<void> {
  if (process.platform === 'win32') return;
  const handle = await open(folder, 'r');
  await handle.sync().finally(() => handle.close());
}

/** Deletes what writers left behind when they were killed. Files with other names than `temporaryIn` makes are not ours, and stay. */
export function sweepTemporaries(folder: string): void {
  for (const name of namesIn(folder)) {
    try {
      if (isLeftBehind(folder, name)) rmSync(join(folder, name), { force: true, recursive: true });
    } catch {
      // Somebody else swept it, or it may not be deleted: it is in nobody's way.
    }
  }
}

/** A new name for a temporary file or folder: it says whose it is. */
export function temporaryIn(folder: string): string {
  const { pid, started = '0', host } = ownIdentity();
  return join(folder, `${pid}-${started}-${shortened(host)}-${randomBytes(8).toString('hex')}`);
}

/**
 * Whether no writer works on this temporary file any more. Where its process cannot be seen (on another machine), it is left behind when
 * nobody wrote to it for a day. Throws the system's error where the file is gone.
 */
export function isLeftBehind(folder: string, name: string): boolean {
  const [, pid, started = '0', host] = /^(\d+)-(?:(\d+)-([0-9a-f]{8})-)?[0-9a-f]{16}$/.exec(name) ?? [];
  if (pid === undefined) return false;
  const here = ownIdentity().host;
  const owner = { pid: Number(pid), host: host === shortened(here) ? here : '', ...(started === '0' ? {} : { started }) };
  const alive = isAlive(owner);
  return alive === undefined ? Date.now() - lstatSync(join(folder, name)).mtimeMs > A_DAY : !alive;
}

const shortened = (host: string): string => sha256(Buffer.from(host)).slice(0, 8);

/** Makes a folder and those above it, their own entries durable too. */
async function makeFolder(folder: string): Promise<void> {
  const first = await mkdir(folder, { recursive: true });
  if (first === undefined) return;
  for (let at = folder; at.length >= first.length; at = dirname(at)) await syncFolder(dirname(at));
}

async function writeDurably(path: string, content: Uint8Array): Promise<void> {
  const file = await open(path, 'wx');
  try {
    for (let at = 0; at < content.length;) at += (await file.write(content, at, Math.min(content.length - at, PIECE))).bytesWritten;
    await file.sync();
  } finally {
    await file.close();
  }
}

/** A system's error as a CacheWriteError; any other as it is. */
export function asWriteError(error: unknown, path: string): unknown {
  const { code } = error as NodeJS.ErrnoException;
  return typeof code === 'string' ? new CacheWriteError(code, path, error) : error;
}
