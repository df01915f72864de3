// `kith plan`: what would run, why, and how long it took the last time. Runs nothing.
import type { PlannedNode } from '../events.ts';
import { planProject } from '../project.ts';
import { duration } from '../report/format.ts';
import { tableText } from '../report/table.ts';
import type { RunFlags } from './run.ts';
import { openSelected, splitWords } from './select.ts';
import type { Terminal } from './terminal.ts';

export async function planCommand(words: readonly string[], flags: RunFlags, terminal: Terminal): Promise<number> {
  const { file, targets } = splitWords(words);
  const project = await openSelected(file, flags, terminal);
  const nodes = [...planProject(project, targets, flags.force).plan.values()].map(({ shown }) => shown);
  const toRun = nodes.filter(({ state }) => state !== 'cached');
  const expected = toRun.reduce((sum, { lastSeconds = 0 }) => sum + lastSeconds, 0);
  if (flags.json) {
    terminal.out(
      `${JSON.stringify({ pipeline: project.shown, stale: toRun.length, cached: nodes.length - toRun.length, expectedSeconds: expected, nodes })}\n`,
    );
    return 0;
  }
  terminal.out(
    `${tableText({ title: '', columns: ['node', 'state', 'last took', 'why'], rows: nodes.map(row) }, { color: terminal.color })}\n`,
  );
  terminal.out(`\n${ending(toRun, nodes.length, expected)}\n`);
  return 0;
}

const row = ({ name, state, lastSeconds, reason }: PlannedNode): readonly string[] => [
  name,
  state,
  lastSeconds === undefined ? '' : duration(lastSeconds),
  reason ? shorten(reason.text) : '',
];

function ending(toRun: readonly PlannedNode[], all: number, expected: number): string {
  if (toRun.length === 0) return `Nothing to run: all ${all} nodes are cached.`;
  const timed = toRun.some(({ lastSeconds }) => lastSeconds !== undefined);
  return `${toRun.length} of ${all} nodes to run${timed ? `, about ${duration(expected)} going by the last time` : ''}.`;
}

function shorten(text: string): string {
  return text.length > 100 ? `${text.slice(0, 97)}…  (kith why)` : text;
}
