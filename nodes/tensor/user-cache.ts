// Where Kith keeps what all projects of a user share, and how a file there is replaced. A file there may be lost: it only saves time.
import { mkdirSync, renameSync, rmSync, writeFileSync } from 'node:fs';
import { homedir } from 'node:os';
import { dirname, isAbsolute, join } from 'node:path';

/** Kith's folder under the user's cache directory, as each system says; a relative `XDG_CACHE_HOME` does not count (XDG Base Directory). */
export function userCacheFolder(environment: NodeJS.ProcessEnv = process.env, platform: NodeJS.Platform = process.platform): string {
  const { XDG_CACHE_HOME: xdg, LOCALAPPDATA: local } = environment;
  const home = environment['HOME'] ?? homedir();
  if (xdg && isAbsolute(xdg)) return join(xdg, 'kith');
  if (platform === 'darwin') return join(home, 'Library', 'Caches', 'kith');
  if (platform === 'win32') return join(local ?? join(home, 'AppData', 'Local'), 'kith', 'Cache');
  return join(home, '.cache', 'kith');
}

/** Writes a file beside its place and puts it there at once, so that readers see the old or the new one. A folder that cannot be written is no error. */
export function replaceShared(file: string, content: string | Uint8Array): void {
  try {
    replace(file, content);
  } catch {
    // See above.
  }
}

function replace(file: string, content: string | Uint8Array): void {
  const temporary = `${file}.${process.pid}`;
  mkdirSync(dirname(file), { recursive: true });
  try {
    writeFileSync(temporary, content);
    renameSync(temporary, file);
  } finally {
    rmSync(temporary, { force: true });
  }
}
