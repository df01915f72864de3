// What is in a folder of a cache. Links are never followed: a folder or a file that is one has nothing in it.
import { constants, lstatSync, readdirSync, readFileSync } from 'node:fs';

/** Never through a symbolic link, and never waiting for a pipe that somebody put there. Windows has neither flag. */
export const READ = constants.O_RDONLY | (constants.O_NOFOLLOW ?? 0) | (constants.O_NONBLOCK ?? 0);

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
