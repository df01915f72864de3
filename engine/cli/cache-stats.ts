// `kith cache stats`: what the cache consists of, in figures.
import { takeInventory } from '../../cache/inventory.ts';
import { statsOf, type Amount, type NodeStats } from '../../cache/stats.ts';
import { bytes, count, duration } from '../report/format.ts';
import { tableText } from '../report/table.ts';
import { selectedCache, type CacheFlags } from './cache-folder.ts';
import type { Terminal } from './terminal.ts';

export async function cacheStatsCommand(flags: CacheFlags, terminal: Terminal): Promise<number> {
  const folder = selectedCache(flags, terminal);
  const stats = statsOf(takeInventory(folder));
  if (flags.json) {
    terminal.out(`${JSON.stringify({ cache: folder, ...stats })}\n`);
    return 0;
  }
  const columns = ['node', 'kind', 'results', 'size', 'took'];
  if (stats.nodes.length > 0)
    terminal.out(`${tableText({ title: '', columns, rows: stats.nodes.map(row) }, { color: terminal.color })}\n\n`);
  const line = (what: string, amount: Amount): string => `${count(amount.count, what)}, ${bytes(amount.bytes)}`;
  const { blobs, records, checkpoints, states, quarantine, runs, sharedBytes } = stats;
  terminal.out(`${line('blob', blobs)}, after ${bytes(sharedBytes)} saved by sharing; ${line('result', records)} of records\n`);
  terminal.out(`${line('checkpoint', checkpoints)}; ${line('run', runs)} of logs\n`);
  if (states.count > 0) terminal.out(`${line('state', states)} of finished trainings, from which longer ones continue\n`);
  if (quarantine.count > 0) terminal.out(`${line('damaged file', quarantine)} in quarantine\n`);
  return 0;
}

const row = ({ node, kind, results, bytes: size, seconds }: NodeStats): readonly (string | number)[] => [
  node,
  kind,
  results,
  bytes(size),
  duration(seconds),
];
