// `kith plan`: what would run, why, and how long it took the last time. Runs nothing.
import { acceptedInWords } from '../report/accepted.ts';
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
  const expected = expectationOf(toRun);
  if (flags.json) {
    const { seconds: expectedSeconds, longest: longestSeconds } = expected;
    const counts = { stale: toRun.length, cached: nodes.length - toRun.length };
    terminal.out(`${JSON.stringify({ pipeline: project.shown, ...counts, expectedSeconds, longestSeconds, nodes })}\n`);
    return 0;
  }
  terminal.out(
    `${tableText({ title: '', columns: ['node', 'state', 'last took', 'why'], rows: nodes.map(row) }, { color: terminal.color })}\n`,
  );
  terminal.out(`\n${ending(toRun, nodes.length, expected)}\n`);
  return 0;
}

const row = ({ name, state, lastSeconds, reason, summary }: PlannedNode): readonly string[] => [
  name,
  summary?.accepted ? 'accepted' : state,
  lastSeconds === undefined ? '' : duration(lastSeconds),
  shorten(reason?.text ?? (summary?.accepted ? acceptedInWords(summary.accepted) : '')),
];

/** Seconds that the nodes took the last time: all together, and those that have to wait for each other. */
function expectationOf(toRun: readonly PlannedNode[]): { readonly seconds: number; readonly longest: number } {
  const until = new Map<string, number>();
  for (const { name, inputs, lastSeconds = 0 } of toRun)
    until.set(name, lastSeconds + Math.max(0, ...inputs.map((input) => until.get(input) ?? 0)));
  return { seconds: toRun.reduce((sum, { lastSeconds = 0 }) => sum + lastSeconds, 0), longest: Math.max(0, ...until.values()) };
}

/** `3 of 11 nodes to run, at most 41 s going by the last time (30 s one after the other); 1 for the first time.` */
function ending(toRun: readonly PlannedNode[], all: number, { seconds, longest }: ReturnType<typeof expectationOf>): string {
  if (toRun.length === 0) return `Nothing to run: all ${all} nodes are cached.`;
  const bound = toRun.some(({ state }) => state === 'unknown') ? 'at most' : 'about';
  const chain = longest < 0.95 * seconds ? ` (${duration(longest)} one after the other)` : '';
  const fresh = toRun.filter(({ lastSeconds }) => lastSeconds === undefined).length;
  const time = fresh < toRun.length ? `, ${bound} ${duration(seconds)} going by the last time${chain}` : '';
  return `${toRun.length} of ${all} nodes to run${time}${time && fresh > 0 ? `; ${fresh} for the first time` : ''}.`;
}

function shorten(text: string): string {
  return text.length > 100 ? `${text.slice(0, 97)}…  (kith why)` : text;
}
