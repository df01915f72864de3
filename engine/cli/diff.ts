// `kith diff [a] [b]`: two runs, what was set otherwise and what came of it.
import type { Table } from '../events.ts';
import { inWords } from '../key.ts';
import { number } from '../report/format.ts';
import { tableText } from '../report/table.ts';
import type { CacheFlags } from './cache-folder.ts';
import type { Terminal } from './terminal.ts';
import { forPrograms, readTwoRuns, type TwoRuns } from './two-runs.ts';

export async function diffCommand(names: readonly string[], flags: CacheFlags, terminal: Terminal): Promise<number> {
  const runs = readTwoRuns(names, flags, terminal);
  if (flags.json) terminal.out(`${forPrograms(runs)}\n`);
  else terminal.out(`${inText(runs, terminal.color)}\n`);
  return 0;
}

function inText(runs: TwoRuns, color: boolean): string {
  const { first, second, differences } = runs;
  if (differences.length === 0)
    return `${first.run} and ${second.run} are the same: ${second.nodes.length} nodes with the same keys and results.`;
  const others = differences.flatMap(({ node, what, changes }) =>
    what === 'own' || what === 'follows'
      ? changes.filter(({ leaf }) => !/^(params\.|inputs\.|seed$)/.test(leaf)).map((change) => `${node}: ${inWords(change)}`)
      : [`${node}: ${what === 'unknown' ? 'a key that it had is no longer in the cache' : `it is ${what}`}`],
  );
  return [tableText(tableOf(runs), { color }), ...others].join('\n');
}

/** A row a param and a figure that differs. */
function tableOf({ first, second, differences }: TwoRuns): Table {
  const shown = (value: unknown): string => (value === undefined ? '–' : typeof value === 'string' ? value : JSON.stringify(value));
  const params = differences.flatMap(({ node, changes }) =>
    changes
      .filter(({ leaf }) => /^params\.|^seed$/.test(leaf))
      .map(({ leaf, old, new: now }) => [`${node}.${leaf.replace('params.', '')}`, shown(old), shown(now), '']),
  );
  const figures = differences.flatMap(({ node, metrics }) =>
    Object.entries(metrics).map(([metric, { old, new: now }]) => [
      `${node}.${metric}`,
      old === undefined ? '–' : number(old),
      now === undefined ? '–' : number(now),
      old === undefined || now === undefined ? '' : `${now > old ? '+' : '−'}${number(Math.abs(now - old))}`,
    ]),
  );
  return { title: '', columns: ['', first.run, second.run, ''], rows: [...params, ...figures] };
}
