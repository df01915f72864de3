// `kith runs`: past runs of this project, the newest first.
import { describeRun, listRuns, type PastRun } from '../journal.ts';
import { duration } from '../report/format.ts';
import { tableText } from '../report/table.ts';
import { selectedCache, type CacheFlags } from './cache-folder.ts';
import type { Terminal } from './terminal.ts';

export async function runsCommand(flags: CacheFlags, terminal: Terminal): Promise<number> {
  const folder = selectedCache(flags, terminal);
  const runs = listRuns(folder).flatMap((run) => describeRun(folder, run) ?? []);
  const columns = ['run', 'when', 'pipeline', 'state', 'executed', 'cached', 'failed', 'took'];
  if (flags.json) terminal.out(`${JSON.stringify({ cache: folder, runs })}\n`);
  else if (runs.length === 0) terminal.out('There is no run yet.\n');
  else terminal.out(`${tableText({ title: '', columns, rows: runs.map(row) }, { color: terminal.color })}\n`);
  return 0;
}

const row = ({ run, started, pipeline, state, executed, cached, failed, seconds }: PastRun): readonly (string | number)[] => [
  run,
  new Date(started).toLocaleString(),
  pipeline,
  state,
  executed,
  cached,
  failed,
  duration(seconds),
];
