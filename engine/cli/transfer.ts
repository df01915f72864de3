// `kith cache export` and `kith cache import`: results as one file, for another machine or another folder.
import { resolve } from 'node:path';
import { exportResults } from '../../cache/export.ts';
import { importResults } from '../../cache/import.ts';
import { takeInventory } from '../../cache/inventory.ts';
import { UnusableParcel } from '../../cache/parcel.ts';
import { KithError } from '../errors.ts';
import { findNode, planProject } from '../project.ts';
import { bytes, count } from '../report/format.ts';
import { selectedCache, type CacheFlags } from './cache-folder.ts';
import { openSelected } from './select.ts';
import type { Terminal } from './terminal.ts';

export interface ExportFlags extends CacheFlags {
  readonly set: readonly string[];
}

/** Writes the results that nodes have now, and of what they read; without names, those of the whole pipeline. */
export async function exportCommand(file: string, names: readonly string[], flags: ExportFlags, terminal: Terminal): Promise<number> {
  const project = await openSelected(flags.pipeline, flags, terminal);
  const targets = names.map((name) => findNode(project, name).name);
  const { plan } = planProject(project, targets);
  const inventory = takeInventory(project.cacheFolder);
  const found = [...plan.values()].map(({ node, record }) => ({ node: node.name, record: record && inventory.records.get(record.key) }));
  const missing = found.filter(({ record }) => !record).map(({ node }) => node);
  const records = [...new Map(found.flatMap(({ record }) => (record ? [[record.key, record] as const] : []))).values()];
  const lacking = targets.find((name) => missing.includes(name));
  if (lacking !== undefined || records.length === 0)
    throw new KithError(lacking === undefined ? 'There is no result to export.' : `"${lacking}" has no result to export.`, {
      hint: `Make it: kith run ${[project.shown, ...targets].join(' ')}`,
      exitCode: 2,
    });
  const keys = new Set(records.map(({ key }) => key));
  const aliases = [...inventory.aliases].filter(([predicted, resolved]) => keys.has(resolved) && !keys.has(predicted));
  const exported = await exportResults(project.cacheFolder, resolve(terminal.cwd, file), { records, aliases }).catch(inWords);
  if (flags.json) terminal.out(`${JSON.stringify({ file, ...exported, missing })}\n`);
  else {
    terminal.out(`Exported ${count(exported.results, 'result')} to ${file}, ${bytes(exported.bytes)}.\n`);
    if (missing.length > 0) terminal.out(`Without a result: ${missing.join(', ')}.\n`);
    terminal.out(`Elsewhere: kith cache import ${file}\n`);
  }
  return 0;
}

/** Takes the results of such a file into the cache of the project. */
export async function importCommand(file: string, flags: CacheFlags, terminal: Terminal): Promise<number> {
  const folder = selectedCache(flags, terminal);
  const imported = await importResults(folder, resolve(terminal.cwd, file)).catch(inWords);
  if (flags.json) {
    terminal.out(`${JSON.stringify({ cache: folder, ...imported })}\n`);
    return 0;
  }
  const { results, known, bytes: size } = imported;
  const here = known > 0 ? `; ${known === 1 ? 'one was' : `${known} were`} here already` : '';
  terminal.out(`Imported ${count(results, 'result')}, ${bytes(size)}${here}.\n`);
  return 0;
}

function inWords(error: unknown): never {
  if (error instanceof UnusableParcel) throw new KithError(error.headline, { hint: error.hint, exitCode: 2 });
  throw error;
}
