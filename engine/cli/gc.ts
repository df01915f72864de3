// `kith gc`: makes the cache small again, and says what goes and why.
import { resolve } from 'node:path';
import type { Collection, Removal } from '../../cache/gc.ts';
import { openStore } from '../../cache/disk.ts';
import { isComplete, parseRecord } from '../../cache/record.ts';
import { sweep } from '../../cache/sweep.ts';
import { capOf, parseCap } from '../cap.ts';
import { carryOut, decide, type Decided } from '../collect.ts';
import { cacheFolderOf } from '../project.ts';
import { bytes, count, duration } from '../report/format.ts';
import { tableText } from '../report/table.ts';
import { selectedCache, type CacheFlags } from './cache-folder.ts';
import type { Terminal } from './terminal.ts';

export interface GcFlags extends CacheFlags {
  readonly dryRun?: boolean;
  readonly maxSize?: string;
  readonly all?: boolean;
}

/** Rows that a table shows; the rest is one line. */
const ROWS = 20;

export async function gcCommand(flags: GcFlags, terminal: Terminal): Promise<number> {
  const { dryRun = false, all = false, json = false, maxSize } = flags;
  const folder = selectedCache(flags, terminal);
  const maxBytes =
    maxSize === undefined ? capOf(cacheFolderOf(resolve(terminal.cwd, flags.pipeline)).root) : parseCap(maxSize, '--max-size');
  const decided = decide(folder, { maxBytes, all });
  if (!dryRun) {
    sweepAll(folder);
    carryOut(folder, decided);
  }
  const { collection, inventory, pins, damagedPins } = decided;
  const about = {
    cache: folder,
    dryRun,
    maxBytes: Number.isFinite(maxBytes) ? maxBytes : null,
    foreign: inventory.foreign.length,
    pins,
    damagedPins,
  };
  terminal.out(
    json
      ? `${JSON.stringify({ ...about, ...forPrograms(collection) })}\n`
      : `${inWords(decided, { dryRun, all, maxBytes, color: terminal.color }).join('\n')}\n`,
  );
  return 0;
}

function sweepAll(folder: string): void {
  const store = openStore(folder);
  sweep(folder, (key) => {
    const record = parseRecord(store.getRecordSync(key), key);
    return record !== undefined && isComplete(store, record);
  });
}

function forPrograms({ removals, ...sizes }: Collection) {
  return { ...sizes, removals: removals.map(({ files: _files, blobs: _blobs, ...removal }) => removal) };
}

interface Circumstances {
  readonly dryRun: boolean;
  readonly all: boolean;
  readonly maxBytes: number;
  readonly color: boolean;
}

function inWords({ collection, inventory, pins, damagedPins }: Decided, { dryRun, all, maxBytes, color }: Circumstances): string[] {
  const { removals, bytesBefore, bytesAfter, bytesKept, bytesPinned } = collection;
  const cap = Number.isFinite(maxBytes) ? `the cap is ${bytes(maxBytes)}` : 'there is no cap';
  const freed = `${dryRun ? 'Would free' : 'Freed'} ${bytes(bytesBefore - bytesAfter)} of ${bytes(bytesBefore)}`;
  const lines = [...tableOf(removals, color), `${removals.length > 0 ? freed : 'Nothing to free'}: ${bytes(bytesAfter)} stay, ${cap}.`];
  if (bytesKept > 0)
    lines.push(`${bytes(bytesKept)} of that is what ${all ? 'a run under way needs' : 'the latest runs used (--all lets it go)'}.`);
  if (pins.length > 0) lines.push(`${bytes(bytesPinned)} of that is pinned, until kith unpin: ${pins.join(', ')}.`);
  for (const path of damagedPins) lines.push(`A pin is damaged, so no result goes: ${path}. Delete the file, or pin again what it kept.`);
  if (bytesAfter > maxBytes && damagedPins.length === 0)
    lines.push('That is over the cap still: everything else is in use, unfinished or younger than an hour.');
  if (inventory.foreign.length > 0)
    lines.push(
      `${count(inventory.foreign.length, 'record')} of another version of Kith, or not readable: blobs that no other record needs stay, for they may need them.`,
    );
  if (dryRun && removals.length > 0)
    lines.push('Nothing was changed. Run it without --dry-run to delete; a result that is needed again is made again.');
  return lines;
}

function tableOf(removals: readonly Removal[], color: boolean): string[] {
  if (removals.length === 0) return [];
  const columns = ['what goes', 'size', 'made', 'to make again', 'why'];
  const [shown, rest] = [removals.slice(0, ROWS), removals.slice(ROWS)];
  const more = rest.length > 0 ? [sumRow(`… and ${rest.length} more`, rest, '--json lists them all')] : [];
  const rows = [...shown.map(row), ...more, sumRow('total', removals, '')];
  return [tableText({ title: '', columns, rows }, { color }), ''];
}

const sumRow = (what: string, removals: readonly Removal[], why: string): readonly string[] => [
  what,
  bytes(removals.reduce((sum, removal) => sum + removal.bytes, 0)),
  '',
  duration(removals.reduce((sum, { seconds = 0 }) => sum + seconds, 0)),
  why,
];

const row = ({ what, node, bytes: size, seconds, finished, reason }: Removal): readonly string[] => [
  what === 'result' || what === 'broken' ? (node ?? '') : `(${node === undefined ? what : `${what} of ${node}`})`,
  bytes(size),
  finished === undefined ? '' : new Date(finished).toLocaleString(),
  seconds === undefined ? '' : duration(seconds),
  reason,
];
