// The last states of finished trainings, from which longer ones continue: files `lineages/<lineage>-<length>`. A saving of time and nothing
// else, so only so many are kept and the oldest go first; losing one costs a training from the start.
import { mkdirSync, renameSync, rmSync } from 'node:fs';
import { readFile } from 'node:fs/promises';
import { join } from 'node:path';
import { namesIn, plainFile, READ, type StoredFile } from './folder.ts';

export const LINEAGES = 'lineages';

/** What all of them may take. */
export const LINEAGE_LIMITS = { files: 256, bytes: 4e9 };

const NAME = /^([0-9a-f]{32})-(\d+(?:\.\d+)?)$/;

/** The states of a lineage that are no longer than `most`, the longest first; read one at a time. */
export async function* statesOf(cacheFolder: string, lineage: string, most: number): AsyncGenerator<Uint8Array> {
  const folder = join(cacheFolder, LINEAGES);
  const lengths = namesIn(folder).flatMap((name) => {
    const [, key, length] = NAME.exec(name) ?? [];
    return key === lineage && Number(length) <= most ? [Number(length)] : [];
  });
  for (const length of lengths.sort((a, b) => b - a)) {
    const bytes = await readFile(join(folder, `${lineage}-${length}`), { flag: READ as unknown as string }).catch(() => undefined);
    if (bytes) yield bytes;
  }
}

/** Moves a state into its lineage, and lets the oldest go where there are too many. Never throws: it is only a saving. */
export function keepState(cacheFolder: string, file: string, lineage: string, length: number, limits = LINEAGE_LIMITS): void {
  const folder = join(cacheFolder, LINEAGES);
  try {
    mkdirSync(folder, { recursive: true });
    renameSync(file, join(folder, `${lineage}-${length}`));
    for (const { path } of beyond(statesIn(cacheFolder), limits)) rmSync(path, { force: true });
  } catch {
    rmSync(file, { force: true, recursive: true });
  }
}

/** All states, the newest first. */
export function statesIn(cacheFolder: string): StoredFile[] {
  const folder = join(cacheFolder, LINEAGES);
  return namesIn(folder)
    .filter((name) => NAME.test(name))
    .flatMap((name) => plainFile(folder, name))
    .sort((a, b) => b.modified - a.modified);
}

function beyond(states: readonly StoredFile[], { files, bytes }: typeof LINEAGE_LIMITS): StoredFile[] {
  let taken = 0;
  return states.filter((state, at) => (taken += state.bytes) > bytes || at >= files);
}
