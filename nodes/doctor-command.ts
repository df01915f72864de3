// `kith doctor`: the report of `tensor/doctor.ts` as a table or as JSON. Tensor libraries are loaded when the command runs, not before.
import { availableParallelism } from 'node:os';
import type { AddCommand } from '../engine/cli/main.ts';
import type { Terminal } from '../engine/cli/terminal.ts';
import { inWords as deviceInWords } from '../engine/device.ts';
import { bytes, count, decimals, number } from '../engine/report/format.ts';
import { tableText } from '../engine/report/table.ts';
import type { Diagnosis, Report } from './tensor/doctor.ts';

interface DoctorFlags {
  readonly device?: string;
  readonly json?: boolean;
}

export const doctorCommand: AddCommand = (program, terminal) =>
  void program
    .command('doctor')
    .description('say what runs tensors here, how fast, and what would be faster')
    .option('--device <name>', 'measure only this one')
    .option('--json', 'print one JSON object')
    .action((flags: DoctorFlags) => (flags.device === undefined ? everything(flags, terminal) : one(flags.device, flags, terminal)));

async function everything({ json }: DoctorFlags, terminal: Terminal): Promise<void> {
  const [{ examine }, { diagnoseApart }] = await Promise.all([import('./tensor/doctor.ts'), import('./tensor/diagnose-apart.ts')]);
  const report = await examine(availableParallelism(), (device) => {
    if (terminal.isTTY && !json) terminal.err(`Measuring ${device}: some seconds…\n`);
    return diagnoseApart(device);
  });
  terminal.out(json ? `${JSON.stringify(report)}\n` : inWords(report, terminal.color));
}

/** In this process. */
async function one(device: string, { json }: DoctorFlags, terminal: Terminal): Promise<void> {
  const [{ diagnose }, { chooseDevice }, { encoderPace }, { distanceOfGradients }] = await Promise.all([
    import('./tensor/doctor.ts'),
    import('./tensor/choose.ts'),
    import('./training/pace.ts'),
    import('./training/agreement.ts'),
  ]);
  await chooseDevice(device);
  const diagnosis = await diagnose(device, availableParallelism(), { pace: encoderPace, distance: distanceOfGradients });
  terminal.out(json ? `${JSON.stringify(diagnosis)}\n` : `${[...rows([diagnosis], terminal.color), ...remarks([diagnosis])].join('\n')}\n`);
}

function inWords({ processor, threads, memory, gpus, node, devices, auto, better }: Report, color: boolean): string {
  return [
    `${processor}, ${count(threads, 'thread')}, ${bytes(memory)} of memory, Node ${node}`,
    ...gpus.map((gpu) => `${gpu.name}, ${bytes(gpu.memory)} of memory`),
    '',
    ...rows(devices, color),
    '',
    ...remarks(devices),
    'images/s: training steps of the default encoder on the digits, each view counted. All figures are of this moment.',
    '',
    `--device auto is ${deviceInWords(auto)}.`,
    better ? `Try: ${better.command}  (${better.why})` : 'Nothing faster is known for this machine.',
    '',
  ].join('\n');
}

function rows(devices: readonly Diagnosis[], color: boolean): string[] {
  const columns = ['device', 'works', 'library', 'how', 'gradients', 'GFLOP/s', 'GB/s', 'images/s'];
  const cells = [columns, ...devices.map(cellsOf)];
  const widths = columns.map((_, at) => Math.max(...cells.map((row) => row[at]!.length)));
  const [head, ...body] = cells.map((row) => row.map((cell, at) => (at >= FIGURES ? cell.padStart(widths[at]!) : cell)));
  return [tableText({ title: '', columns: head!, rows: body }, { color })];
}

/** From this column on there are figures, aligned to the right. */
const FIGURES = 5;

function cellsOf(row: Diagnosis): string[] {
  if (!row.works) return [row.device, 'no', '', '', '', '', '', ''];
  const { device, version, how, distance, gigaflops, gigabytes, images } = row;
  const gradients = distance === undefined ? 'reference' : `± ${distance.toExponential(0)}`;
  return [device, 'yes', version, how, gradients, decimals(gigaflops, 0), decimals(gigabytes, 1), number(Math.round(images))];
}

const remarks = (devices: readonly Diagnosis[]): string[] =>
  devices.map((row) => (row.works ? `${row.device} was found in ${row.found}` : `${row.device} does not work: ${row.reasons.join('; ')}`));
