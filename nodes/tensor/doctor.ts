// What runs tensors here, how fast, and what would be faster: plain data for `kith doctor`. Measures; prints nothing and decides nothing.
import { createRequire } from 'node:module';
import { cpus, totalmem } from 'node:os';
import { toFailure } from '../../engine/errors.ts';
import { nearestPackage } from '../../engine/files.ts';
import { chooseExecutor, DEVICES } from './choose.ts';
import type { Executor } from './executor.ts';
import { blockSize } from './onnx/probe.ts';
import type { Machine } from './program.ts';
import { bandwidth, multiplications } from './speed.ts';

/** One executor. Speeds are those of the moment. */
export type Diagnosis = Working | Missing;

export interface Working {
  readonly works: true;
  /** Names for `--device`, without `auto`. */
  readonly devices: readonly string[];
  /** Library and version. */
  readonly version: string;
  /** Folder of the library. */
  readonly found: string;
  /** How steps are written for it. */
  readonly lowering: string;
  /** 10⁹ floating-point operations a second in a matrix product. */
  readonly gigaflops: number;
  /** 10⁹ bytes a second through memory. */
  readonly gigabytes: number;
  /** Images a second through training steps of the default encoder. */
  readonly images: number;
}

export interface Missing {
  readonly works: false;
  readonly devices: readonly string[];
  /** Sentences. */
  readonly reasons: readonly string[];
}

export interface Report {
  readonly processor: string;
  readonly threads: number;
  /** Bytes of the machine. */
  readonly memory: number;
  readonly node: string;
  readonly executors: readonly Diagnosis[];
  /** What `--device auto` is, and why. */
  readonly auto: { readonly device: string; readonly why: string };
  /** One command that gets, or uses, something better; absent where there is none. */
  readonly better?: { readonly command: string; readonly why: string };
}

/** Looks at every device. `pace` measures images a second of the default encoder. */
export async function examine(threads: number, pace: (machine: Machine) => Promise<number>): Promise<Report> {
  const executors: Diagnosis[] = [];
  for (const { devices, executor } of await executorsByDevice()) {
    executors.push('reasons' in executor ? { works: false, devices, ...executor } : await measure(executor, devices, threads, pace));
  }
  const processor = cpus()[0]?.model.trim() ?? process.arch;
  const choice = await judge(executors);
  return { processor, threads, memory: totalmem(), node: process.version, executors, ...choice };
}

interface Found {
  readonly devices: readonly string[];
  readonly executor: Executor | { readonly reasons: readonly string[] };
}

/** Names of one executor are one row. */
async function executorsByDevice(): Promise<Found[]> {
  const found: { devices: string[]; executor: Found['executor'] }[] = [];
  for (const device of DEVICES.filter((name) => name !== 'auto')) {
    const executor = await chooseExecutor(device).catch((error: unknown) => ({ reasons: reasonsOf(error) }));
    const known = found.find((row) => row.executor === executor);
    if (known) known.devices.push(device);
    else found.push({ devices: [device], executor });
  }
  return found;
}

function reasonsOf(error: unknown): readonly string[] {
  const { headline, facts } = toFailure(error);
  return (facts.length > 0 ? facts : [headline]).map((reason) => reason.replace(/ imported from .*/, ''));
}

async function measure(
  executor: Executor,
  devices: readonly string[],
  threads: number,
  pace: (machine: Machine) => Promise<number>,
): Promise<Diagnosis> {
  const machine = { device: devices[0]!, threads };
  try {
    return {
      works: true,
      devices,
      version: executor.version,
      found: folderOf(executor.version),
      lowering: await loweringOf(executor),
      gigaflops: await multiplications(machine),
      gigabytes: await bandwidth(machine),
      images: await pace(machine),
    };
  } catch (error) {
    return { works: false, devices, reasons: reasonsOf(error) };
  }
}

/** The folder of the package that a version names first. */
function folderOf(version: string): string {
  try {
    return nearestPackage(createRequire(import.meta.url).resolve(version.split(' ')[0]!)) ?? '';
  } catch {
    return '';
  }
}

async function loweringOf({ name }: Executor): Promise<string> {
  if (name !== 'onnx') return 'operation by operation';
  const block = await blockSize();
  return block > 0 ? `blocks of ${block} channels` : 'plain: this processor has no blocked kernels, or they failed their test';
}

/** What brings a missing device. */
const INSTALL: { readonly [device: string]: string } = { tfjs: 'npm install @tensorflow/tfjs-node-gpu' };

async function judge(executors: readonly Diagnosis[]): Promise<Pick<Report, 'auto' | 'better'>> {
  const { name } = await chooseExecutor('auto');
  const working = executors.filter((row): row is Working => row.works).sort((a, b) => b.images - a.images);
  const chosen = working.find(({ devices }) => devices.includes(name));
  const [fastest] = working;
  if (!fastest || !chosen) {
    const auto = { device: name, why: 'what every machine should have, though it does not work here' };
    return fastest ? { auto, better: { command: `kith run --device ${fastest.devices[0]}`, why: 'it works here' } } : { auto };
  }
  const why =
    working.length === 1
      ? 'the only executor that works here'
      : fastest === chosen
        ? 'the fastest that works here'
        : 'the one that every machine has; another was faster just now';
  const auto = { device: name, why };
  if (fastest !== chosen) {
    const factor = (fastest.images / chosen.images).toFixed(1);
    return { auto, better: { command: `kith run --device ${fastest.devices[0]}`, why: `${factor} times as fast just now` } };
  }
  const device = executors.flatMap((row) => (row.works ? [] : row.devices)).find((missing) => INSTALL[missing]);
  if (device === undefined) return { auto };
  return { auto, better: { command: INSTALL[device]!, why: `may bring the device ${device}; then kith doctor tells which is faster` } };
}
