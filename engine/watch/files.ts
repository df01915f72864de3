// Tells when one of some files changes. Folders are watched rather than files, since editors put a new file in the place of the old one.
import { existsSync, statSync, watch, type FSWatcher } from 'node:fs';
import { basename, dirname, join } from 'node:path';

/** Milliseconds without another change after which a change is told: an editor's save is several. */
const SETTLED = 60;

export interface FileWatcher {
  /**
   * Replaces what is followed: absolute paths of files, and of folders that stand for everything below them; they need not exist.
   * True where a folder is new: what happened in it before was not seen.
   */
  follow(paths: readonly string[]): boolean;
  /** Follows more, and whatever else lies beside what is followed: where it is not known what is missing. */
  followAlso(paths: readonly string[]): void;
  /** Paths that changed since the last call. Resolves with the next change, at once where there was one, and with none on abort. */
  next(signal: AbortSignal): Promise<readonly string[]>;
  close(): void;
}

/** Watches nothing yet. A folder that cannot be watched is told to `onTrouble`, once. */
export function watchFiles(onTrouble: (text: string) => void): FileWatcher {
  const folders = new Map<string, FSWatcher | undefined>();
  const changed = new Set<string>();
  let followed: readonly string[] = [];
  let counts: (path: string) => boolean = () => false;
  let ring = (): void => {};
  let timer: NodeJS.Timeout | undefined;

  const note = (path: string): void => {
    if (!counts(path)) return;
    changed.add(path);
    clearTimeout(timer);
    timer = setTimeout(() => {
      timer = undefined;
      ring();
    }, SETTLED);
  };
  const open = (folder: string, recursive: boolean): FSWatcher | undefined => {
    try {
      return watch(folder, { recursive }, (_, name) => note(name === null ? folder : join(folder, name))).on('error', () => drop(folder));
    } catch (error) {
      onTrouble(`Changes in ${folder} are not noticed: ${(error as Error).message}`);
      return undefined;
    }
  };
  /** The folder is gone, or was replaced: it is watched anew when it is followed again. */
  const drop = (folder: string): void => {
    folders.get(folder)?.close();
    folders.delete(folder);
    note(folder);
  };

  const follow = (paths: readonly string[], anything: boolean): boolean => {
    followed = paths;
    const wanted = foldersOf(paths);
    const trees = paths.filter((path) => wanted.get(path) === true);
    counts = (path) =>
      paths.includes(path) ||
      trees.some((tree) => path.startsWith(join(tree, '/'))) ||
      (anything && !basename(path).startsWith('.')) ||
      paths.some((each) => each.startsWith(join(path, '/')));
    for (const [folder, watcher] of folders) {
      if (wanted.has(folder)) continue;
      watcher?.close();
      folders.delete(folder);
    }
    const added = [...wanted.keys()].filter((folder) => !folders.has(folder));
    for (const folder of added) folders.set(folder, open(folder, wanted.get(folder)!));
    return added.length > 0;
  };

  return {
    follow: (paths) => follow(paths, false),
    followAlso: (paths) => void follow([...new Set([...followed, ...paths])], true),
    next: (signal) =>
      new Promise((resolve) => {
        const done = (): void => {
          signal.removeEventListener('abort', done);
          ring = () => {};
          resolve([...changed]);
          changed.clear();
        };
        if (signal.aborted || (changed.size > 0 && !timer)) return done();
        ring = done;
        signal.addEventListener('abort', done);
      }),
    close() {
      clearTimeout(timer);
      for (const watcher of folders.values()) watcher?.close();
    },
  };
}

/** The folders to watch, and whether everything below them counts. */
function foldersOf(paths: readonly string[]): Map<string, boolean> {
  const found = new Map<string, boolean>();
  for (const path of paths) {
    const isFolder = existsSync(path) && statSync(path).isDirectory();
    if (isFolder) found.set(path, true);
    const above = existing(dirname(path));
    if (!found.has(above)) found.set(above, false);
  }
  return found;
}

function existing(folder: string): string {
  return existsSync(folder) || dirname(folder) === folder ? folder : existing(dirname(folder));
}
