// Files that are complete or absent. Knows folders and temporary names, nothing of what is written.
import { closeSync, existsSync, fsync, lstatSync, mkdirSync, openSync, renameSync, rmSync, write, writeFileSync, writeSync } from 'node:fs';
import { mkdir } from 'node:fs/promises';
import { basename, dirname, join } from 'node:path';
import { promisify } from 'node:util';
import { PIECE, sha256 } from './digest.ts';
import { namesIn } from './folder.ts';
import { isAlive, ownIdentity, uniqueName } from './process.ts';

const A_DAY = 86_400_000;
/** Bytes that are written sooner than a thread could be told to. */
const SMALL = 1 << 18;

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
  const draft = await draftFile(path, content, temporaries);
  draft.publish();
  await syncFolder(dirname(path));
}

/** A file whose content is durable, under a temporary name. */
export interface Draft {
  /** Puts it in its place, atomically; that is durable after `syncFolder`. Throws a CacheWriteError, and is dropped then. */
  publish(): void;
  /** Deletes it. */
  drop(): void;
}

/** Writes a file that is to replace another. Rejects with a CacheWriteError. */
export async function draftFile(path: string, content: Uint8Array, temporaries: string): Promise<Draft> {
  const temporary = await writeTemporary(path, content, temporaries, true);
  if (!existsSync(dirname(path))) await makeFolder(dirname(path));
  return {
    publish() {
      try {
        inFolderSync(dirname(path), () => moveTo(temporary, path, temporaries));
      } catch (error) {
        discard(temporary);
        throw asWriteError(error, path);
      }
    },
    drop: () => discard(temporary),
  };
}

/** Replaces a file, atomically; durable after `syncFile` and `syncFolder`. Rejects with a CacheWriteError. */
export async function placeFile(path: string, content: Uint8Array, temporaries: string): Promise<void> {
  const temporary = await writeTemporary(path, content, temporaries, false);
  try {
    await inFolder(dirname(path), () => moveTo(temporary, path, temporaries));
  } catch (error) {
    discard(temporary);
    throw asWriteError(error, path);
  }
}

/** The name of a new file with this content, which is for `path`. */
async function writeTemporary(path: string, content: Uint8Array, temporaries: string, isDurable: boolean): Promise<string> {
  const temporary = temporaryIn(temporaries);
  let file: number | undefined;
  try {
    file = await inFolder(temporaries, () => openSync(temporary, 'wx'));
    for (let at = 0; at < content.length;) at += await writePiece(file, content.subarray(at, at + PIECE));
    if (isDurable) await sync(file);
    closeSync(file);
    return temporary;
  } catch (error) {
    discard(temporary, file);
    throw asWriteError(error, path);
  }
}

/** Deletes a file that nobody needs. What cannot be written can often not be closed or deleted either: it is swept later. */
export function discard(temporary: string, file?: number): void {
  try {
    if (file !== undefined) closeSync(file);
    rmSync(temporary, { force: true });
  } catch {
    // Nobody reads it, and the error that led here is the one to tell.
  }
}

/** Small pieces are written at once: handing one to a thread takes longer. Returns how many bytes were written. */
function writePiece(file: number, piece: Uint8Array): number | Promise<number> {
  return piece.length <= SMALL ? writeSync(file, piece) : writeLater(file, piece).then(({ bytesWritten }) => bytesWritten);
}

const sync = promisify(fsync);
const writeLater = promisify(write);

/** Acts in a folder, which is made where it is not there. */
async function inFolder<T>(folder: string, act: () => T): Promise<T> {
  try {
    return act();
  } catch (error) {
    if ((error as NodeJS.ErrnoException).code !== 'ENOENT') throw error;
    await makeFolder(folder);
    return act();
  }
}

/** Replaces a file that is only a hint: atomic, but not worth waiting for the disk. Throws a CacheWriteError. */
export function replaceFileSync(path: string, content: Uint8Array, temporaries: string): void {
  const temporary = temporaryIn(temporaries);
  try {
    inFolderSync(temporaries, () => writeFileSync(temporary, content, { flag: 'wx' }));
    inFolderSync(dirname(path), () => moveTo(temporary, path, temporaries));
  } catch (error) {
    discard(temporary);
    throw asWriteError(error, path);
  }
}

/** Puts a finished file in its place. A folder there is nothing that we made: it is set aside, for a collection to delete. */
function moveTo(temporary: string, path: string, temporaries: string): void {
  try {
    renameSync(temporary, path);
  } catch (error) {
    if (!lstatSync(path, { throwIfNoEntry: false })?.isDirectory()) throw error;
    const quarantine = join(dirname(temporaries), 'quarantine');
    mkdirSync(quarantine, { recursive: true });
    renameSync(path, join(quarantine, `${basename(path)}-${uniqueName()}`));
    renameSync(temporary, path);
  }
}

/** Acts in a folder, which is made where it is not there. Throws what `act` throws. */
export function inFolderSync(folder: string, act: () => void): void {
  try {
    act();
  } catch (error) {
    if ((error as NodeJS.ErrnoException).code !== 'ENOENT') throw error;
    mkdirSync(folder, { recursive: true });
    act();
  }
}

/** Makes the content of a file durable that somebody wrote. Rejects with a CacheWriteError. */
export async function syncFile(path: string): Promise<void> {
  try {
    await syncOpened(path, process.platform === 'win32' ? 'r+' : 'r');
  } catch (error) {
    throw asWriteError(error, path);
  }
}

/** Makes entries of a folder durable. Windows has no such call and does not need it. Rejects with a CacheWriteError. */
export async function syncFolder(folder: string): Promise<void> {
  try {
    if (process.platform !== 'win32') await syncOpened(folder, 'r');
  } catch (error) {
    throw asWriteError(error, folder);
  }
}

async function syncOpened(path: string, flags: string): Promise<void> {
  const file = openSync(path, flags);
  try {
    await sync(file);
  } finally {
    closeSync(file);
  }
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
  return join(folder, `${pid}-${started}-${shortened(host)}-${uniqueName()}`);
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

/** A system's error as a CacheWriteError; any other as it is. */
export function asWriteError(error: unknown, path: string): unknown {
  const { code } = error as NodeJS.ErrnoException;
  return typeof code === 'string' ? new CacheWriteError(code, path, error) : error;
}
