// Where Kith keeps what all projects of a user share. Makes no folder.
import { homedir } from 'node:os';
import { isAbsolute, join } from 'node:path';

/** Kith's folder under the user's cache directory, as each system says; a relative `XDG_CACHE_HOME` does not count (XDG Base Directory). */
export function userCacheFolder(environment: NodeJS.ProcessEnv = process.env, platform: NodeJS.Platform = process.platform): string {
  const { XDG_CACHE_HOME: xdg, LOCALAPPDATA: local } = environment;
  const home = environment['HOME'] ?? homedir();
  if (xdg && isAbsolute(xdg)) return join(xdg, 'kith');
  if (platform === 'darwin') return join(home, 'Library', 'Caches', 'kith');
  if (platform === 'win32') return join(local ?? join(home, 'AppData', 'Local'), 'kith', 'Cache');
  return join(home, '.cache', 'kith');
}
