// What files hold, without reading those that did not change. A file stands for its content, a folder for every file below it.
import { closeSync, fstatSync, openSync, readdirSync, readSync, statSync, type Stats } from 'node:fs';
import { dirname, join, resolve } from 'node:path';
import { replaceFileSync } from './atomic-file.ts';
import { BLOCK, canonical, type Hasher } from './digest.ts';
import { readOwnFile } from './folder.ts';
import { seal, unseal } from './seal.ts';

/** Raised when the form of the file or the meaning of digests changes; it is then made anew. */
const NAME = 'stat-cache 1';
/** A file changed this short a time before it was looked at may change again within the same tick of its clock: it is not trusted. */
const RACY_MS = 50;
/** Beyond this many entries only those asked for by this process are kept. */
const MANY = 100_000;

export interface StatCache {
  /** `digestFile` or, for a folder, `digestTree`. Throws the system's error where the path cannot be read. */
  digest(path: string): string;
  /** Digest of a file's content, 32 hex digits. */
  digestFile(path: string): string;
  /**
   * Digest of the names and contents of files, and of every file below folders, relative to them. Names that begin with a dot are
   * skipped below folders, and so is whatever is neither a file nor a folder. Links are followed, but never in a circle.
   */
  digestTree(paths: readonly string[]): string;
  /** Writes what is new; does nothing when nothing is. It may be lost without harm, so a cache that cannot be written is no error. */
  save(): void;
}

/** inode, size, mtime and ctime in milliseconds (with fractions), digest. */
type Entry = readonly [inode: number, size: number, mtime: number, ctime: number, digest: string];

/** The stat cache in a file, which is read when first needed and need not exist. */
export function openStatCache(file: string, hasher: Hasher): StatCache {
  let entries: Map<string, Entry> | undefined;
  const used = new Set<string>();
  let changed = false;

  const digestStat = (path: string, stat: Stats): string => {
    entries ??= load(file);
    used.add(path);
    const known = entries.get(path);
    if (known && known[0] === stat.ino && known[1] === stat.size && known[2] === stat.mtimeMs && known[3] === stat.ctimeMs) return known[4];
    const looked = Date.now();
    const { digest, before, after } = hashFile(path, hasher);
    const still = before.mtimeMs === after.mtimeMs && before.ctimeMs === after.ctimeMs && before.size === after.size;
    if (still && looked - Math.max(before.mtimeMs, before.ctimeMs) > RACY_MS) {
      entries.set(path, [before.ino, before.size, before.mtimeMs, before.ctimeMs, digest]);
      changed = true;
    }
    return digest;
  };

  const digestFile = (path: string): string => digestStat(resolve(path), statSync(path));
  const digestTree = (paths: readonly string[]): string => {
    const files = paths.flatMap((path, index) => [...filesBelow(resolve(path), `${index}`)]);
    return hasher.key(canonical(files.map(({ name, path, stat }) => [name, digestStat(path, stat)])));
  };
  return {
    digestFile,
    digestTree,
    digest: (path) => (statSync(path).isDirectory() ? digestTree([path]) : digestFile(path)),
    save() {
      if (!changed || !entries) return;
      const kept = [...entries].filter(([path]) => entries!.size <= MANY || used.has(path));
      changed = false;
      try {
        replaceFileSync(file, seal(NAME, kept), join(dirname(file), 'tmp'));
      } catch {
        // The next run reads the files again.
      }
    },
  };
}

function load(file: string): Map<string, Entry> {
  try {
    return new Map(unseal(NAME, readOwnFile(file)) as [string, Entry][]);
  } catch {
    return new Map();
  }
}

/** The digest with the file's state before and after it was read. */
function hashFile(path: string, hasher: Hasher): { readonly digest: string; readonly before: Stats; readonly after: Stats } {
  const file = openSync(path, 'r');
  try {
    const before = fstatSync(file);
    if (!before.isFile()) throw Object.assign(new Error(`${path} is not a file`), { code: 'EINVAL', path });
    const buffer = Buffer.allocUnsafeSlow(Math.min(Math.max(before.size, 1), BLOCK));
    const hash = hasher.stream();
    for (let read: number; (read = fill(file, buffer)) > 0;) hash.update(buffer.subarray(0, read));
    return { digest: hash.digest(), before, after: fstatSync(file) };
  } finally {
    closeSync(file);
  }
}

/** Reads until the buffer is full or the file ends: whole blocks are hashed without being copied together. */
function fill(file: number, buffer: Buffer): number {
  let at = 0;
  for (let read = 1; read > 0 && at < buffer.length; at += read) read = readSync(file, buffer, at, buffer.length - at, null);
  return at;
}

interface Found {
  readonly name: string;
  readonly path: string;
  readonly stat: Stats;
}

/** Files at or below a path, by name. `above` are the folders on the way, by which a circle of links is noticed. */
function* filesBelow(path: string, name: string, above: readonly string[] = []): Generator<Found> {
  const stat = above.length === 0 ? statSync(path) : statOrNot(path);
  if (stat?.isFile()) yield { name, path, stat };
  if (!stat?.isDirectory()) return;
  const identity = `${stat.dev}:${stat.ino}`;
  if (above.includes(identity)) return;
  const names = readdirSync(path).filter((entry) => !entry.startsWith('.'));
  for (const entry of names.sort()) yield* filesBelow(join(path, entry), `${name}/${entry}`, [...above, identity]);
}

/** Undefined for a link to nowhere or to itself. */
function statOrNot(path: string): Stats | undefined {
  try {
    return statSync(path);
  } catch (error) {
    if (['ENOENT', 'ELOOP'].includes((error as NodeJS.ErrnoException).code ?? '')) return undefined;
    throw error;
  }
}
