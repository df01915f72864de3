// What killed processes leave in a cache, and its deletion: temporary files, locks, and states of training whose result is there.
// Nothing of a living process is touched, so a run may sweep while others work.
import { join } from 'node:path';
import { discard, sweepTemporaries } from './atomic-file.ts';
import { namesIn } from './folder.ts';
import { isHeld, sweepLocks } from './single-flight.ts';
import type { Key } from './store.ts';

/** Where a cache says who makes a key, and which process computes it: an engine may be dead while its worker is still busy. */
export function lockFolders(folder: string): { readonly making: string; readonly working: string } {
  return { making: join(folder, 'locks'), working: join(folder, 'working') };
}

/** Sweeps the cache in a folder. `isDone`: whether the result of a key is complete. */
export function sweep(folder: string, isDone: (key: Key) => boolean): void {
  const { making, working } = lockFolders(folder);
  sweepTemporaries(join(folder, 'tmp'));
  sweepLocks(making);
  sweepLocks(working);
  for (const name of namesIn(join(folder, 'checkpoints'))) {
    if (/^[0-9a-f]{32}$/.test(name) && !isHeld(making, name) && isDone(name as Key)) discard(join(folder, 'checkpoints', name));
  }
}
