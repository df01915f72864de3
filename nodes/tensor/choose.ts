// The ladder that picks an executor by the name of a device. What was asked for is never replaced by something else.
import { channel } from 'node:diagnostics_channel';
import { statSync } from 'node:fs';
import { createRequire } from 'node:module';
import { dirname } from 'node:path';
import { EXECUTOR_CHANNEL, type ChosenDevice, type ExecutorUsed } from '../../engine/device.ts';
import { KithError } from '../../engine/errors.ts';
import { nearest } from '../../engine/nearest.ts';
import type { Executor, Precision } from './executor.ts';
import { fastestOf, measuredHere } from './measured.ts';

/** What is here of a device, found without loading it. */
export interface Presence {
  /** Changes with what would be loaded. */
  readonly stamp: string;
  /** Who brought it, where there is a choice. */
  readonly source?: string;
  readonly folder: string;
  /** Whether it is a GPU that the processor imitates. */
  readonly software?: boolean;
}

/** A rung of the ladder. */
interface Rung {
  /** What it is, for people. */
  readonly gloss: string;
  /** A KithError with reasons where it is not here. Quick: it runs before every run that names the device. */
  readonly look: () => Promise<Presence>;
  readonly load: () => Promise<Executor>;
  /** How steps run on it, in a few words. */
  readonly how: () => Promise<string>;
  readonly precisions: readonly Precision[];
}

const LADDER: { readonly [device: string]: Rung } = {
  onnx: {
    gloss: 'ONNX Runtime on the processor, from npm',
    look: async () => packageHere('onnx', ['onnxruntime-node']),
    load: async () => (await import('./onnx/session.ts')).onnx,
    how: async () => {
      const block = await (await import('./onnx/probe.ts')).blockSize();
      return block > 0 ? `blocks of ${block} channels` : 'plain: no blocked kernels here';
    },
    precisions: ['fp32'],
  },
  tensorflow: {
    gloss: 'TensorFlow as a library: kith setup gets it',
    look: async () => {
      const { source, folder, library } = await (await import('./tensorflow/find.ts')).findTensorflow();
      const { size, mtimeMs } = statSync(library);
      return { stamp: `${library} ${size} ${mtimeMs}`, source, folder };
    },
    load: async () => (await import('./tensorflow/executor.ts')).tensorflow(),
    how: async () => 'one graph, its state in variables',
    precisions: ['fp32', 'bf16'],
  },
  webgpu: {
    gloss: 'a GPU through ONNX Runtime, from npm',
    look: async () => {
      const { name, software } = (await import('./onnx/adapter.ts')).adapterHere();
      const { stamp, folder } = packageHere('webgpu', ['onnxruntime-node']);
      return { stamp: `${stamp} on ${name}`, folder, software };
    },
    load: async () => (await import('./onnx/webgpu.ts')).webgpuExecutor(),
    how: async () => {
      const { memory, software } = (await import('./onnx/adapter.ts')).adapterHere();
      return `state in ${(memory / 2 ** 30).toFixed(1)} GiB of ${software ? 'the machine, on the processor' : 'the GPU'}`;
    },
    precisions: ['fp32'],
  },
  tfjs: {
    gloss: "TensorFlow.js' own addon, operation by operation: for comparisons",
    look: async () => packageHere('tfjs', ['@tensorflow/tfjs-node-gpu', '@tensorflow/tfjs-node']),
    load: async () => (await import('./tfjs/eager.ts')).addonExecutor(),
    how: async () => 'operation by operation',
    precisions: ['fp32'],
  },
};

/** What `--device` may be, beside `auto`. */
export const DEVICES: readonly string[] = Object.keys(LADDER);

/** The one that every machine has; the others' gradients are compared with its. */
export const EVERYWHERE = 'onnx';

/** The executor of a device: `auto` is the fastest with the precision that was measured here. A device that is unknown, or not here, is a KithError. */
export async function chooseExecutor(device: string, precision: Precision = 'fp32'): Promise<Executor> {
  const name = device === 'auto' ? (await fastest(precision)).device : device;
  const executor = await rung(name).load();
  channel(EXECUTOR_CHANNEL).publish({ executor: name, library: executor.version } satisfies ExecutorUsed);
  return executor;
}

/** Looks at a device before anything runs, or chooses one. A KithError with exit code 2 where it is unknown or not here. */
export async function chooseDevice(name = 'auto'): Promise<ChosenDevice> {
  if (name === 'auto') return fastest('fp32');
  await lookAt(name).catch((error: unknown) => {
    throw error instanceof KithError ? new KithError(error.headline, { ...error.detail, exitCode: 2 }) : error;
  });
  return { device: name };
}

/** What is here of a device. A KithError with reasons where it is unknown or not here. */
export const lookAt = (device: string): Promise<Presence> => rung(device).look();

/** How steps run on a device, in a few words. */
export const howOn = (device: string): Promise<string> => rung(device).how();

/** The fastest of what was measured and is still what it was. Software that imitates a GPU is never chosen. */
async function fastest(precision: Precision): Promise<ChosenDevice> {
  const able = DEVICES.filter((device) => LADDER[device]!.precisions.includes(precision));
  const measured = measuredHere().filter(({ device, software }) => !software && able.includes(device));
  const presences = await Promise.all(measured.map(({ device }) => lookAt(device).catch(() => undefined)));
  const here = measured.filter(({ stamp }, at) => presences[at]?.stamp === stamp);
  const device = fastestOf(here, DEVICES);
  if (device === undefined)
    return { device: able.includes(EVERYWHERE) ? EVERYWHERE : able[0]!, deviceReason: 'not measured yet; kith doctor does' };
  const changed = measured.slice(0, measured.indexOf(here[0]!)).map((each) => each.device);
  if (changed.length > 0) return { device, deviceReason: `${changed.join(' and ')} changed since kith doctor measured` };
  return { device, deviceReason: here.length > 1 ? 'the fastest here' : 'the only one that kith doctor found' };
}

function rung(device: string): Rung {
  const known = Object.hasOwn(LADDER, device) ? LADDER[device] : undefined;
  if (known) return known;
  const close = nearest(device, ['auto', ...DEVICES]);
  const width = Math.max(...DEVICES.map((name) => name.length));
  throw new KithError(`There is no device "${device}".`, {
    facts: [
      `${'auto'.padEnd(width)}  the fastest that kith doctor measured here`,
      ...Object.entries(LADDER).map(([name, { gloss }]) => `${name.padEnd(width)}  ${gloss}`),
    ],
    hint: close ? `Did you mean "${close}"?` : 'kith doctor says which of them work here.',
    exitCode: 2,
  });
}

/** The first of the packages that is installed. */
function packageHere(device: string, names: readonly string[]): Presence {
  const require = createRequire(import.meta.url);
  for (const name of names) {
    try {
      const manifest = require.resolve(`${name}/package.json`);
      const { version } = require(manifest) as { readonly version: string };
      return { stamp: `${name} ${version}`, folder: dirname(manifest) };
    } catch {
      // The next.
    }
  }
  const absent = names.length > 1 ? `neither ${names.join(' nor ')} is installed` : `${names[0]!} is not installed`;
  throw new KithError(`The device "${device}" is not here.`, { facts: [absent], hint: `npm install ${names[0]!}` });
}
