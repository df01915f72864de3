// `npm run bench -- <name> [--json]`: measurements, not tests.
import { spawn } from 'node:child_process';
import { createInterface } from 'node:readline';
import { tableText } from '../../engine/report/table.ts';
import { workerEnvironment } from '../../engine/workers/pool.ts';
import type { Comparison } from './compare.ts';

const benches: { readonly [name: string]: () => Promise<{ default: () => AsyncIterable<Comparison> }> } = {
  engine: () => import('./engine.ts'),
  epoch: () => import('./epoch.ts'),
  faults: () => import('./faults.ts'),
  noop: () => import('./noop.ts'),
  sweep: () => import('./sweep.ts'),
  train: () => import('./train.ts'),
};

/** What runs in workers is measured in the environment of one. */
const ofWorkers = ['epoch', 'train'];

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
async function* rowsOf(name: string): AsyncIterable<Comparison> {
  yield* (await benches[name]!()).default();
}

async function* asWorker(name: string): AsyncIterable<Comparison> {
  const flags = words.filter((word) => word.startsWith('--') && word !== '--json');
  const child = spawn(process.execPath, [process.argv[1]!, name, '--json', ...flags], {
    env: { ...workerEnvironment(), KITH_BENCH_WORKER: name },
    stdio: ['ignore', 'pipe', 'inherit'],
  });
  const ended = new Promise<number | null>((resolve) => child.once('close', resolve));
  for await (const line of createInterface({ input: child.stdout })) yield JSON.parse(line) as Comparison;
  if ((await ended) !== 0) throw new Error(`the benchmark ${name} failed`);
}

const rows: Comparison[] = [];
for (const name of names) {
  for await (const row of ofWorkers.includes(name) && process.env['KITH_BENCH_WORKER'] !== name ? asWorker(name) : rowsOf(name)) {
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
