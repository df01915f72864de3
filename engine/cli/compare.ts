// `kith compare [runs…]`: what differs between runs and variants, and what came of it.
import { comparisonCsv, comparisonMarkdown, comparisonTable } from '../compare/formats.ts';
import { compareEntries } from '../compare/comparison.ts';
import { entriesOf } from '../compare/entries.ts';
import { KithError } from '../errors.ts';
import { listRuns, readEvents } from '../journal.ts';
import { openStore } from '../../cache/disk.ts';
import { tableText } from '../report/table.ts';
import { tell } from '../report/story.ts';
import { findRun } from './find-run.ts';
import { selectedCache } from './cache-folder.ts';
import type { Terminal } from './terminal.ts';

export interface CompareFlags {
  readonly pipeline: string;
  readonly metric: readonly string[];
  readonly sort?: string;
  readonly filter: readonly string[];
  readonly format: 'table' | 'csv' | 'json' | 'markdown';
}

export async function compareCommand(names: readonly string[], flags: CompareFlags, terminal: Terminal): Promise<number> {
  const folder = selectedCache(flags, terminal);
  const all = listRuns(folder);
  const runs = names.length > 0 ? names.map((name) => findRun(all, name)) : all.slice().reverse();
  const stories = runs.flatMap((run) => tell(readEvents(folder, run)) ?? []);
  if (stories.length === 0) throw new KithError('There is no run to compare.', { hint: 'Run something: kith run', exitCode: 2 });
  const store = openStore(folder);
  const entries = stories.flatMap((story) => entriesOf(story, store));
  const { metric: metrics, sort, filter: filters, format } = flags;
  const comparison = compareEntries(entries, { metrics, sort, filters });
  if (format === 'json') terminal.out(`${JSON.stringify(comparison)}\n`);
  else if (format === 'csv') terminal.out(`${comparisonCsv(comparison)}\r\n`);
  else if (format === 'markdown') terminal.out(`${comparisonMarkdown(comparison)}\n`);
  else terminal.out(`${tableText(comparisonTable(comparison), { color: terminal.color })}\n`);
  return 0;
}
