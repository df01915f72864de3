// `kith gc`: makes the cache small again, and says what goes and why.
import { collect, planCollection, type Collection, type Removal } from '../../cache/gc.ts';
import { readHistories } from '../../cache/history.ts';
import { takeInventory } from '../../cache/inventory.ts';
import { KithError } from '../errors.ts';
import { keysOfNewestRuns, keysUnderWay } from '../journal.ts';
import { bytes, count, duration } from '../report/format.ts';
import { tableText } from '../report/table.ts';
import { selectedCache, type CacheFlags } from './cache-folder.ts';
import type { Terminal } from './terminal.ts';

export interface GcFlags extends CacheFlags {
  readonly dryRun?: boolean;
  readonly maxSize: string;
  readonly all?: boolean;
}

export async function gcCommand(flags: GcFlags, terminal: Terminal): Promise<number> {
  const { dryRun = false, all = false, json = false } = flags;
  const maxBytes = parseSize(flags.maxSize);
  const folder = selectedCache(flags, terminal);
  const inventory = takeInventory(folder);
  const keep = new Set([...(all ? [] : keysOfLatestRuns(folder)), ...keysUnderWay(folder)]);
  const collection = planCollection(inventory, { keep, maxBytes, now: Date.now() });
  if (!dryRun) collect(collection);
  const foreign = inventory.foreign.length;
  terminal.out(
    json
      ? `${JSON.stringify({ cache: folder, dryRun, maxBytes, foreign, ...forPrograms(collection) })}\n`
      : `${inWords(collection, { dryRun, all, maxBytes, foreign, color: terminal.color }).join('\n')}\n`,
  );
  return 0;
}

/**
 * What every pipeline's newest run used, and what its nodes last were in any run, so that running one node does not free the others.
 * Variants (`node[param=value]`) count only in the newest run: else every variant ever tried would stay.
 */
function keysOfLatestRuns(folder: string): string[] {
  const last = readHistories(folder)
    .flatMap((entries) => Object.entries(entries) as [string, { readonly resolved?: unknown } | null][])
    .flatMap(([node, entry]) => (node.includes('[') || typeof entry?.resolved !== 'string' ? [] : [entry.resolved]));
  return [...last, ...keysOfNewestRuns(folder)];
}

/** Bytes in `500MB`, `1.5 GB`, `2GiB` or `1000`. Throws a KithError (exit code 2) for anything else. */
export function parseSize(text: string): number {
  const [, amount, unit = ''] = /^(\d+(?:\.\d+)?)\s*([kmgt]?i?)b?$/i.exec(text.trim()) ?? [];
  const power = ['', 'k', 'm', 'g', 't'].indexOf(unit.toLowerCase().replace('i', ''));
  if (amount === undefined || unit.toLowerCase() === 'i')
    throw new KithError(`--max-size ${text} is not a size.`, { hint: 'Write a number and a unit: 500MB, 5GB, 1.5TB.', exitCode: 2 });
  return Math.round(Number(amount) * (/i$/i.test(unit) ? 1024 : 1000) ** power);
}

function forPrograms({ removals, ...sizes }: Collection) {
  return { ...sizes, removals: removals.map(({ files: _files, blobs: _blobs, ...removal }) => removal) };
}

interface Circumstances {
  readonly dryRun: boolean;
  readonly all: boolean;
  readonly maxBytes: number;
  readonly foreign: number;
  readonly color: boolean;
}

function inWords({ removals, bytesBefore, bytesAfter, bytesKept }: Collection, { dryRun, all, maxBytes, foreign, color }: Circumstances) {
  const columns = ['node', 'size', 'to make again', 'why'];
  const table = removals.length > 0 ? [tableText({ title: '', columns, rows: removals.map(row) }, { color }), ''] : [];
  const verb = dryRun ? 'Would free' : 'Freed';
  const freed = removals.length > 0 ? `${verb} ${bytes(bytesBefore - bytesAfter)} of ${bytes(bytesBefore)}` : 'Nothing to free';
  const lines = [...table, `${freed}: ${bytes(bytesAfter)} stay, the cap is ${bytes(maxBytes)}.`];
  if (bytesKept > 0)
    lines.push(`${bytes(bytesKept)} of that is what ${all ? 'a run under way needs' : 'the latest runs used (--all lets it go)'}.`);
  if (bytesAfter > maxBytes) lines.push('That is over the cap still: everything else is in use, unfinished or younger than an hour.');
  if (foreign > 0)
    lines.push(
      `${count(foreign, 'record')} of another version of Kith, or not readable: blobs that no other record needs stay, for they may need them.`,
    );
  if (dryRun && removals.length > 0) lines.push('Nothing was changed. Run it without --dry-run to delete.');
  return lines;
}

const row = ({ what, node, bytes: size, seconds, reason }: Removal): readonly string[] => [
  what === 'result' || what === 'broken' ? (node ?? '') : `(${node === undefined ? what : `${what} of ${node}`})`,
  bytes(size),
  seconds === undefined ? '' : duration(seconds),
  reason,
];
