// What the nodes of a pipeline file last were, so that a miss can be explained as old → new. A hint: losing it costs words, never work.
import { join } from 'node:path';
import type { Plain } from './array.ts';
import { replaceFileSync } from './atomic-file.ts';
import { sha256 } from './digest.ts';
import { namesIn, readOwnFile } from './folder.ts';
import { seal, unseal } from './seal.ts';

/** By the node's name, whatever the engine wants to remember of it. */
export type HistoryEntries = { readonly [node: string]: Plain };

/** The history under an id (any text, e.g. the path of the pipeline file), or undefined where there is none or it cannot be read. */
export function readHistory(folder: string, id: string): HistoryEntries | undefined {
  try {
    return unseal(id, readOwnFile(historyPath(folder, id))) as HistoryEntries;
  } catch {
    return undefined;
  }
}

/** Replaces the history under an id. Throws a CacheWriteError. */
export function writeHistory(folder: string, id: string, entries: { readonly [node: string]: object }): void {
  replaceFileSync(historyPath(folder, id), seal(id, entries), join(folder, 'tmp'));
}

/** Every history that can be read, whatever its id. */
export function readHistories(folder: string): HistoryEntries[] {
  return namesIn(join(folder, 'history')).flatMap((name) => {
    const entries = readHistory(folder, idIn(join(folder, 'history', name)));
    return entries ? [entries] : [];
  });
}

/** The id that a history file claims; `readHistory` checks it. */
function idIn(path: string): string {
  try {
    const payload = readOwnFile(path).toString().split('\n')[1] ?? '';
    return (JSON.parse(payload) as { readonly name: string }).name;
  } catch {
    return '';
  }
}

function historyPath(folder: string, id: string): string {
  return join(folder, 'history', sha256(Buffer.from(id)).slice(0, 32));
}
