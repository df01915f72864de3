// `npm run bench -- <name> [--json]`: measurements, not tests.
import { tableText } from '../../engine/report/table.ts';
import type { Comparison } from './compare.ts';

const benches: { readonly [name: string]: () => Promise<{ default: () => AsyncIterable<Comparison> }> } = {
  engine: () => import('./engine.ts'),
  epoch: () => import('./epoch.ts'),
  faults: () => import('./faults.ts'),
  noop: () => import('./noop.ts'),
  sweep: () => import('./sweep.ts'),
  train: () => import('./train.ts'),
};

const words = process.argv.slice(2);
const json = words.includes('--json');
const names = words.filter((word) => !word.startsWith('--'));
const strange = names.filter((name) => !(name in benches));
if (names.length === 0 || strange.length > 0) {
  process.stderr.write(
    `${strange.length > 0 ? `There is no benchmark "${strange[0]}". ` : ''}Usage: npm run bench -- <${Object.keys(benches).join(' | ')}> [--json]\n`,
  );
  process.exit(2);
}
const rows: Comparison[] = [];
for (const name of names) {
  for await (const row of (await benches[name]!()).default()) {
    rows.push(row);
    if (json) process.stdout.write(`${JSON.stringify(row)}\n`);
  }
}
if (!json) {
  const figure = (value: number | null): string => (value === null ? '–' : value >= 100 ? value.toFixed(0) : value.toPrecision(3));
  const table = rows.map((row) => [
    row.bench,
    row.case,
    figure(row.ours),
    figure(row.peer),
    row.unit,
    row.ratio === null ? '–' : row.ratio.toFixed(2),
    row.peerName,
    row.note ?? '',
  ]);
  process.stdout.write(
    `${tableText({ title: '', columns: ['bench', 'case', 'ours', 'peer', 'unit', 'ratio', 'peer is', 'note'], rows: table }, { color: false })}\n`,
  );
}
