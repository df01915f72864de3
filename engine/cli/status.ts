// `kith status`: every node with its state, what came of it, and when.
import { planProject } from '../project.ts';
import { bytes, duration } from '../report/format.ts';
import { tableText } from '../report/table.ts';
import { openSelected } from './select.ts';
import type { Terminal } from './terminal.ts';

export async function statusCommand(flags: { readonly pipeline?: string; readonly json?: boolean }, terminal: Terminal): Promise<number> {
  const project = await openSelected(flags.pipeline, { set: [] }, terminal);
  const planned = [...planProject(project, []).plan.values()];
  const nodes = planned.map(({ shown, record }) => ({
    ...shown,
    ...(record ? { artifact: record.artifact, bytes: record.bytes, seconds: record.seconds, finished: record.finished } : {}),
  }));
  if (flags.json) {
    terminal.out(`${JSON.stringify({ pipeline: project.shown, cache: project.cacheFolder, nodes })}\n`);
    return 0;
  }
  const rows = planned.map(({ shown, record }) => [
    shown.name,
    shown.summary?.accepted ? 'accepted' : shown.state,
    record ? duration(record.seconds) : '',
    record ? bytes(record.bytes) : '',
    record ? new Date(record.finished).toLocaleString() : '',
    shown.summary?.line ?? '',
  ]);
  terminal.out(
    `${tableText({ title: '', columns: ['node', 'state', 'took', 'size', 'made', 'what'], rows }, { color: terminal.color })}\n`,
  );
  return 0;
}
