// `kith clean`: deletes the project's cache, and says how much that was.
import { existsSync } from 'node:fs';
import { readdir, rm, stat } from 'node:fs/promises';
import { join, resolve } from 'node:path';
import { cacheFolderOf } from '../project.ts';
import { bytes } from '../report/format.ts';
import type { Terminal } from './terminal.ts';

export async function cleanCommand(
  { pipeline, dryRun }: { readonly pipeline: string; readonly dryRun?: boolean },
  { cwd, out }: Terminal,
): Promise<number> {
  const { cacheFolder } = cacheFolderOf(resolve(cwd, pipeline));
  if (!existsSync(cacheFolder)) {
    out(`There is nothing to delete: ${cacheFolder} does not exist.\n`);
    return 0;
  }
  const entries = await readdir(cacheFolder, { recursive: true, withFileTypes: true });
  const sizes = await Promise.all(
    entries.filter((entry) => entry.isFile()).map(async (entry) => (await stat(join(entry.parentPath, entry.name))).size),
  );
  const total = bytes(sizes.reduce((sum, size) => sum + size, 0));
  if (!dryRun) await rm(cacheFolder, { recursive: true, force: true });
  out(`${dryRun ? 'Would delete' : 'Deleted'} ${cacheFolder}: ${total} in ${sizes.length} files.\n`);
  return 0;
}
