// `kith doctor`: the report of `tensor/doctor.ts` as a table or as JSON. Tensor libraries are loaded when the command runs, not before.
import { availableParallelism } from 'node:os';
import type { AddCommand } from '../engine/cli/main.ts';
import type { Terminal } from '../engine/cli/terminal.ts';
import { bytes, count, decimals, number } from '../engine/report/format.ts';
import { tableText } from '../engine/report/table.ts';
import type { Diagnosis, Report } from './tensor/doctor.ts';

export const doctorCommand: AddCommand = (program, terminal) =>
  void program
    .command('doctor')
    .description('say what runs tensors here, how fast, and what would be faster')
    .option('--json', 'print one JSON object')
    .action((flags: { readonly json?: boolean }) => doctor(flags, terminal));

async function doctor({ json }: { readonly json?: boolean }, terminal: Terminal): Promise<void> {
  if (terminal.isTTY && !json) terminal.err('Measuring for some seconds…\n');
  const [{ examine }, { encoderPace }] = await Promise.all([import('./tensor/doctor.ts'), import('./training/pace.ts')]);
  const report = await examine(availableParallelism(), encoderPace);
  terminal.out(json ? `${JSON.stringify(report)}\n` : inWords(report, terminal.color));
}

function inWords({ processor, threads, memory, node, executors, auto, better }: Report, color: boolean): string {
  const columns = ['device', 'works', 'library', 'lowering', 'GFLOP/s', 'GB/s', 'images/s'];
  const working = executors.filter((row) => row.works);
  return [
    `${processor}, ${count(threads, 'thread')}, ${bytes(memory)} of memory, Node ${node}`,
    '',
    tableText({ title: '', columns, rows: executors.map(cells) }, { color }),
    '',
    ...working.map(({ devices, found }) => `${devices[0]} was found in ${found}`),
    ...executors.flatMap((row) => (row.works ? [] : [`${row.devices[0]} does not work: ${row.reasons.join('; ')}`])),
    'images/s: training steps of the default encoder on the digits, each view counted. All figures are of this moment.',
    '',
    `--device auto is ${auto.device}: ${auto.why}.`,
    better ? `Try: ${better.command}  (${better.why})` : 'Nothing faster is known for this machine.',
    '',
  ].join('\n');
}

function cells(row: Diagnosis): string[] {
  const name = row.devices.join(', ');
  if (!row.works) return [name, 'no', '', '', '', '', ''];
  const { version, lowering, gigaflops, gigabytes, images } = row;
  return [name, 'yes', version, lowering, decimals(gigaflops, 0), decimals(gigabytes, 1), number(Math.round(images))];
}
