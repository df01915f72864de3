// What is in a folder of a cache. Links are never followed: a folder or a file that is one has nothing in it.
import { constants, lstatSync, readdirSync, readFileSync } from 'node:fs';
import { join } from 'node:path';

/** Never through a symbolic link, and never waiting for a pipe that somebody put there. Windows has neither flag. */
export const READ = constants.O_RDONLY | (constants.O_NOFOLLOW ?? 0) | (constants.O_NONBLOCK ?? 0);

/** A file, or a folder with all that is below it. */
export interface StoredFile {
  readonly name: string;
  readonly path: string;
  readonly bytes: number;
  /** When it was last written, in milliseconds since 1970. */
  readonly modified: number;
}

/** The file of a name in a folder; none where it is not there, or no plain file. */
export function plainFile(folder: string, name: string): StoredFile[] {
  const path = join(folder, name);
  const stat = lstatSync(path, { throwIfNoEntry: false });
  return stat?.isFile() ? [{ name, path, bytes: stat.size, modified: stat.mtimeMs }] : [];
}

/** Names in a folder; none where it is not there, or no plain folder. */
export function namesIn(folder: string): string[] {
  try {
    return lstatSync(folder).isDirectory() ? readdirSync(folder) : [];
  } catch {
    return [];
  }
}

/** Content of a file. Throws the system's error, also where there is a link in its place. */
export function readOwnFile(path: string): Buffer {
  return readFileSync(path, { flag: READ as unknown as string });
}
