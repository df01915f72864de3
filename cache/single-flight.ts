// One process at a time for each key. A lock is one more name of a file that says who its process is: it is there with its text or not at all, and
// nothing is made or deleted but a name (file systems are slow at files that come and go). A dead owner's lock is taken over by exactly one of
// those who wait.
import { linkSync, lstatSync, lutimesSync, rmSync, unlinkSync, watch, writeFileSync } from 'node:fs';
import { hostname } from 'node:os';
import { dirname, join } from 'node:path';
import { asWriteError, discard, inFolderSync, sweepTemporaries, temporaryIn } from './atomic-file.ts';
import { sha256 } from './digest.ts';
import { namesIn, readOwnFile } from './folder.ts';
import { asKey } from './local-store.ts';
import { isAlive, ownIdentity, type Identity, uniqueName } from './process.ts';

/** Gives the lock back; never rejects, and calling it twice is harmless. */
export type Release = () => Promise<void>;

export interface AcquireOptions {
  /** Stops the waiting: `acquire` rejects with its reason. */
  readonly signal?: AbortSignal;
  /** Called once, when the lock turns out to be somebody else's: `process 1234`, with the machine where it is another. */
  readonly onWait?: (owner: string) => void;
  /** How long an owner whose death cannot be seen (on another machine, or where there is no `/proc`) may show no sign of life; 60 s. */
  readonly patienceMs?: number;
}

const POLL_MS = 75;
const BEAT_MS = 5_000;

interface Owner extends Identity {
  /** One for each process and folder. */
  readonly token: string;
}

/** Waits until this caller alone holds `key` in `folder`. The lock is free again after the release, or when the process is dead. */
export async function acquire(folder: string, key: string, { signal, onWait, patienceMs = 60_000 }: AcquireOptions = {}): Promise<Release> {
  const path = join(folder, asKey(key));
  const life = signsOfLife(patienceMs);
  let bell: ReturnType<typeof bellFor> | undefined;
  try {
    for (;;) {
      signal?.throwIfAborted();
      const mine = take(path);
      if (mine) return hold(path, mine);
      const owner = ownerOf(path);
      if (!owner || (life.isGone(path, owner) && remove(path, owner, life))) continue;
      if (!bell) onWait?.(`process ${owner.pid}${owner.host === hostname() ? '' : ` on ${owner.host}`}`);
      bell ??= bellFor(folder, signal);
      await bell.next();
    }
  } finally {
    bell?.close();
  }
}

/** Creates the lock, complete from its first moment, and returns its text; undefined where it exists. Throws a CacheWriteError. */
function take(path: string): string | undefined {
  const folder = dirname(path);
  try {
    for (;;) {
      const mine = owners.get(folder) ?? begin(folder);
      if (link(mine, path)) return mine.text;
      owners.delete(folder);
    }
  } catch (error) {
    if ((error as NodeJS.ErrnoException).code === 'EEXIST') return undefined;
    throw asWriteError(error, path);
  }
}

/** The file that says who this process is, and what it says. */
interface OwnFile {
  readonly file: string;
  readonly text: string;
}

/** By folder of locks; deleted with the process. */
const owners = new Map<string, OwnFile>();
process.on('exit', () => owners.forEach(({ file }) => discard(file)));

/** Says in a folder who this process is, until its end. */
function begin(folder: string): OwnFile {
  const mine = { file: temporaryIn(folder), text: lockText({ ...ownIdentity(), token: uniqueName() }) };
  inFolderSync(folder, () => writeFileSync(mine.file, mine.text, { flag: 'wx' }));
  owners.set(folder, mine);
  return mine;
}

/**
 * Names the file as a lock too; false where it is gone, with the cache under us. Where a file cannot have two names, the lock is a copy: a
 * reader may see it half written, and takes its owner for unknown. Throws the system's error, `EEXIST` where the lock is there.
 */
function link({ file, text }: OwnFile, path: string): boolean {
  try {
    linkSync(file, path);
  } catch (error) {
    const { code = '' } = error as NodeJS.ErrnoException;
    if (code === 'ENOENT') return false;
    if (!['EPERM', 'ENOTSUP', 'EOPNOTSUPP', 'ENOSYS', 'EMLINK'].includes(code)) throw error;
    writeFileSync(path, text, { flag: 'wx' });
  }
  return true;
}

/** Who owns the lock now; undefined where it is free. A lock that cannot be understood has an owner who can only be watched for signs of life. */
function ownerOf(path: string): Owner | undefined {
  try {
    const owner = parseOwner(textOf(path));
    if (owner) return owner;
    const stat = lstatSync(path);
    return { pid: 0, host: 'an unknown machine', token: `unreadable-${stat.ino}-${stat.mtimeMs}` };
  } catch (error) {
    if ((error as NodeJS.ErrnoException).code === 'ENOENT') return undefined;
    throw asWriteError(error, path);
  }
}

/** What a lock says: nothing where it is a link to somewhere else. */
function textOf(path: string): string {
  try {
    return readOwnFile(path).toString();
  } catch (error) {
    if ((error as NodeJS.ErrnoException).code !== 'ELOOP') throw error;
    return '';
  }
}

/** The text of a lock: JSON with a checksum, since a flipped bit would make a living owner a dead one. */
export function lockText({ pid, host, token, started }: Owner): string {
  const owner = { pid, host, token, ...(started === undefined ? {} : { started }) };
  return JSON.stringify({ ...owner, check: sha256(Buffer.from(JSON.stringify(owner))).slice(0, 8) });
}

function parseOwner(text: string): Owner | undefined {
  try {
    const owner = JSON.parse(text) as Owner;
    return lockText(owner) === text && /^[0-9a-f]{16}$/.test(owner.token) ? owner : undefined;
  } catch {
    return undefined;
  }
}

/** Deletes the locks in a folder whose owners are dead for sure, their own files, and what is left of earlier deletions; everything else stays. */
export function sweepLocks(folder: string): void {
  sweepTemporaries(folder);
  const life = signsOfLife(Infinity);
  for (const name of namesIn(folder)) {
    try {
      const path = join(folder, name);
      const owner = ownerOf(path);
      if (owner && life.isGone(path, owner)) remove(path, owner, life);
    } catch {
      // It is somebody's still, or may not be deleted: whoever wants the key finds out.
    }
  }
}

/** Whether somebody holds the key, or nobody can tell. */
export function isHeld(folder: string, key: string): boolean {
  try {
    const owner = ownerOf(join(folder, asKey(key)));
    return owner !== undefined && isAlive(owner) !== false;
  } catch {
    return false;
  }
}

/**
 * Deletes a dead owner's lock; whether it is gone. Only who holds the lock `<path>.<token>` may delete the lock with that token. The
 * token is read again under it: so two who saw the same dead owner cannot both delete, and none deletes a lock made in the meantime.
 * Who dies while deleting leaves a lock of the same kind, which is deleted in the same way.
 */
function remove(path: string, dead: Owner, life: SignsOfLife): boolean {
  const guardPath = `${path}.${dead.token}`;
  const guard = take(guardPath);
  if (!guard) {
    const other = ownerOf(guardPath);
    return other === undefined || (life.isGone(guardPath, other) && remove(guardPath, other, life));
  }
  try {
    if (ownerOf(path)?.token === dead.token) unlinkSync(path);
    return true;
  } finally {
    rmSync(guardPath, { force: true });
  }
}

/** Shows signs of life until the release. */
function hold(path: string, mine: string): Release {
  const beat = setInterval(() => {
    const now = new Date();
    try {
      lutimesSync(path, now, now);
    } catch {
      // The cache was deleted under us: the work goes on, and the release finds nothing.
    }
  }, BEAT_MS);
  beat.unref();
  let isHeld = true;
  return async () => {
    clearInterval(beat);
    if (!isHeld) return;
    isHeld = false;
    try {
      if (textOf(path) === mine) unlinkSync(path);
    } catch {
      // The cache was deleted or the disk went bad under us: the work is done all the same, and the lock is free when this process is dead.
    }
  };
}

type SignsOfLife = ReturnType<typeof signsOfLife>;

/** Whether owners are gone: by their process where it can be seen, otherwise by watching for `patienceMs` whether they touch their lock. */
function signsOfLife(patienceMs: number) {
  const seen = new Map<string, { readonly sign: string; readonly since: number }>();
  const isSilent = (path: string, owner: Owner): boolean => {
    const sign = `${owner.token} ${lstatSync(path, { throwIfNoEntry: false })?.mtimeMs}`;
    const last = seen.get(path);
    if (last?.sign !== sign) seen.set(path, { sign, since: performance.now() });
    return last?.sign === sign && performance.now() - last.since >= patienceMs;
  };
  return {
    isGone(path: string, owner: Owner): boolean {
      const alive = isAlive(owner);
      return alive === undefined ? isSilent(path, owner) : !alive;
    },
  };
}

/** Rings when something changes in the folder, after a short while in any case (not every file system tells), and on abort. */
function bellFor(folder: string, signal: AbortSignal | undefined) {
  let ring = (): void => {};
  const watcher = watchOrNot(folder, () => ring());
  return {
    next: () =>
      new Promise<void>((resolve) => {
        const done = (): void => {
          clearTimeout(timer);
          signal?.removeEventListener('abort', done);
          resolve();
        };
        const timer = setTimeout(done, POLL_MS);
        signal?.addEventListener('abort', done);
        ring = done;
      }),
    close: () => watcher?.close(),
  };
}

function watchOrNot(folder: string, onChange: () => void) {
  try {
    return watch(folder, { persistent: false }, onChange).on('error', () => {});
  } catch {
    return undefined;
  }
}
