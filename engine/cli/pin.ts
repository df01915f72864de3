// `kith pin` and `kith unpin`: what a collection must not let go. A node stands for the result that it has now, a run for everything it used.
import { takeInventory } from '../../cache/inventory.ts';
import { deletePin, readPins, writePin, type Pin } from '../../cache/pins.ts';
import type { Key } from '../../cache/store.ts';
import { KithError } from '../errors.ts';
import { keysOfRun, listRuns } from '../journal.ts';
import { findNode, planProject } from '../project.ts';
import { bytes, count } from '../report/format.ts';
import { tableText } from '../report/table.ts';
import { selectedCache, type CacheFlags } from './cache-folder.ts';
import { findRun } from './find-run.ts';
import { openSelected } from './select.ts';
import type { Terminal } from './terminal.ts';

export interface PinFlags extends CacheFlags {
  readonly set: readonly string[];
}

/** How the name of every run begins, and of no node that a person would name. */
const RUN = /^\d{8}-\d/;

/** Pins a node's result or a run's; without a name, lists the pins. */
export async function pinCommand(what: string | undefined, flags: PinFlags, terminal: Terminal): Promise<number> {
  const folder = selectedCache(flags, terminal);
  if (what !== undefined) {
    const pin = RUN.test(what) ? pinOfRun(folder, findRun(listRuns(folder), what)) : await pinOfNode(what, flags, terminal);
    writePin(folder, pin);
    if (!flags.json) terminal.out(`Pinned ${pin.name}: ${sizeText(folder, pin)} stay until kith unpin ${pin.name}.\n`);
    else terminal.out(`${JSON.stringify(pin)}\n`);
    return 0;
  }
  const { pins, damaged } = readPins(folder);
  if (flags.json) terminal.out(`${JSON.stringify({ cache: folder, pins, damaged })}\n`);
  else if (pins.length === 0)
    terminal.out('Nothing is pinned. kith pin <node> keeps its result, kith pin <run> everything that a run used.\n');
  else
    terminal.out(
      `${tableText({ title: '', columns: ['pin', 'keeps', 'since'], rows: pins.map((pin) => [pin.name, sizeText(folder, pin), new Date(pin.pinned).toLocaleString()]) }, { color: terminal.color })}\n`,
    );
  for (const path of damaged) terminal.err(`A pin is damaged, and nobody knows what it kept: ${path}. Delete the file, or pin again.\n`);
  return 0;
}

/** Lets a collection have again what was pinned. */
export async function unpinCommand(name: string, flags: CacheFlags, terminal: Terminal): Promise<number> {
  const folder = selectedCache(flags, terminal);
  const { pins } = readPins(folder);
  const found = pins.filter((pin) => pin.name === name);
  const matches = found.length > 0 ? found : pins.filter((pin) => pin.name.startsWith(name));
  if (matches.length !== 1) {
    throw new KithError(matches.length === 0 ? `Nothing is pinned as ${name}.` : `${matches.length} pins begin with ${name}.`, {
      facts: (matches.length === 0 ? pins : matches).slice(0, 5).map((pin) => pin.name),
      hint: 'kith pin lists the pins.',
      exitCode: 2,
    });
  }
  deletePin(folder, matches[0]!.name);
  terminal.out(flags.json ? `${JSON.stringify({ unpinned: matches[0]!.name })}\n` : `Unpinned ${matches[0]!.name}.\n`);
  return 0;
}

async function pinOfNode(name: string, flags: PinFlags, terminal: Terminal): Promise<Pin> {
  const project = await openSelected(flags.pipeline, flags, terminal);
  const node = findNode(project, name);
  const { record, shown } = planProject(project, [node.name]).plan.get(node.name)!;
  if (!record)
    throw new KithError(`"${name}" has no result to keep.`, {
      facts: [shown.reason?.text ?? ''].filter(Boolean),
      hint: `Make it: kith run ${project.shown} ${name}`,
      exitCode: 2,
    });
  return { name: `${node.name}@${record.key.slice(0, 8)}`, keys: [record.key], pinned: Date.now() };
}

function pinOfRun(folder: string, run: string): Pin {
  const keys = [...new Set(keysOfRun(folder, run))] as Key[];
  if (keys.length === 0)
    throw new KithError(`The run ${run} left no events, so nobody knows what it used.`, {
      hint: 'kith runs lists the others.',
      exitCode: 2,
    });
  return { name: run, keys, pinned: Date.now() };
}

/** Bytes of everything the pin keeps, shared blobs once. */
function sizeText(folder: string, { keys }: Pin): string {
  const { records, aliases } = takeInventory(folder);
  const results = [...new Set(keys.flatMap((key) => records.get(key) ?? records.get(aliases.get(key) as Key) ?? []))];
  const blobs = new Map(results.flatMap((record) => record.blobs.map((blob) => [blob.digest, blob.bytes] as const)));
  return `${count(results.length, 'result')}, ${bytes([...blobs.values()].reduce((sum, each) => sum + each, 0))}`;
}
