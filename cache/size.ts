// About how large a cache is, without looking at every file after every run: what was measured, and a line for what each run wrote since.
// A hint: where it is gone, damaged or long, it is measured again. What a killed run wrote is missed until then.
import { closeSync, constants, existsSync, lstatSync, openSync, readdirSync, writeSync } from 'node:fs';
import { join } from 'node:path';
import { CacheWriteError, replaceFileSync } from './atomic-file.ts';
import { readOwnFile } from './folder.ts';

/** Lines after which the sum is measured again. */
const LINES = 100;
/** What a collection looks after. */
const FOLDERS = ['ac', 'cas', 'checkpoints', 'quarantine', 'runs', 'tmp'];

/** Never through a link that somebody put there, and never waiting for a pipe. */
const APPEND = constants.O_WRONLY | constants.O_APPEND | (constants.O_NOFOLLOW ?? 0) | (constants.O_NONBLOCK ?? 0);

/** Says of a cache in which nothing is kept yet that it takes nothing, so that its first run need not measure it. */
export function beginSize(folder: string): void {
  if (!existsSync(join(folder, 'cas'))) setSize(folder, 0);
}

/** Bytes, after so many more were written. */
export function addToSize(folder: string, written: number): number {
  const known = readSize(folder);
  if (known === undefined) {
    const measured = measure(folder);
    setSize(folder, measured);
    return measured;
  }
  try {
    const file = openSync(join(folder, 'size'), APPEND);
    writeSync(file, `${written}\n`);
    closeSync(file);
  } catch {
    // A cache that may not be written does not grow.
  }
  return known + written;
}

/** Says how large the cache is. */
export function setSize(folder: string, bytes: number): void {
  try {
    replaceFileSync(join(folder, 'size'), Buffer.from(`${bytes}\n`), join(folder, 'tmp'));
  } catch (error) {
    if (!(error instanceof CacheWriteError)) throw error;
  }
}

/** The sum of the lines; undefined where it must be measured. */
function readSize(folder: string): number | undefined {
  try {
    const lines = readOwnFile(join(folder, 'size')).toString('latin1').split('\n');
    const isWhole = lines.pop() === '' && lines.length > 0 && lines.every((line) => /^\d{1,15}$/.test(line));
    return isWhole && lines.length <= LINES ? lines.reduce((sum, line) => sum + Number(line), 0) : undefined;
  } catch {
    return undefined;
  }
}

function measure(folder: string): number {
  return FOLDERS.reduce((sum, name) => sum + bytesBelow(join(folder, name)), 0);
}

/** Bytes of all plain files in a folder; a link is no folder, and what is deleted meanwhile counts nothing. */
function bytesBelow(folder: string): number {
  try {
    if (!lstatSync(folder).isDirectory()) return 0;
    return readdirSync(folder, { withFileTypes: true }).reduce((sum, entry) => {
      const path = join(folder, entry.name);
      if (entry.isDirectory()) return sum + bytesBelow(path);
      return sum + (entry.isFile() ? (lstatSync(path, { throwIfNoEntry: false })?.size ?? 0) : 0);
    }, 0);
  } catch {
    return 0;
  }
}
