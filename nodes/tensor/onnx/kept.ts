// What can be made again, kept between processes: a file a name, with a checksum. A file that is damaged, or cannot be written, is as good as none.
import { createHash } from 'node:crypto';
import { readdirSync, readFileSync, rmSync, statSync } from 'node:fs';
import { join } from 'node:path';
import { replaceShared } from '../user-cache.ts';

export interface Kept {
  get(name: string): Uint8Array | undefined;
  /** Forgets the oldest, where there is too much. */
  put(name: string, content: Uint8Array): void;
}

const CHECKSUM_BYTES = 32;

/** Keeps up to `most` files in a folder, which is made when the first is put. */
export function keptIn(folder: string, most: number): Kept {
  return {
    get(name) {
      try {
        const file = readFileSync(join(folder, name));
        const content = file.subarray(CHECKSUM_BYTES);
        return checksum(name, content).equals(file.subarray(0, CHECKSUM_BYTES)) ? content : undefined;
      } catch {
        return undefined;
      }
    },
    put(name, content) {
      replaceShared(join(folder, name), Buffer.concat([checksum(name, content), content]));
      forget(folder, most);
    },
  };
}

const checksum = (name: string, content: Uint8Array): Buffer => createHash('sha256').update(`${name}\n`).update(content).digest();

/** Another process may forget the same files. */
function forget(folder: string, most: number): void {
  try {
    const files = readdirSync(folder).map((name) => join(folder, name));
    const byAge = files.map((path) => ({ path, written: statSync(path).mtimeMs })).sort((a, b) => b.written - a.written);
    for (const { path } of byAge.slice(most)) rmSync(path, { force: true });
  } catch {
    // Next time.
  }
}
