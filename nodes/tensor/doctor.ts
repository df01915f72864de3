// What runs tensors here, how fast, and what would be faster: plain data for `kith doctor`. Measures and remembers; prints nothing.
import { cpus, totalmem } from 'node:os';
import type { ChosenDevice } from '../../engine/device.ts';
import { toFailure } from '../../engine/errors.ts';
import { chooseDevice, chooseExecutor, DEVICES, EVERYWHERE, howOn, lookAt, type Presence } from './choose.ts';
import { rememberMeasured, thisMachine } from './measured.ts';
import type { Machine } from './program.ts';
import { bandwidth, multiplications } from './speed.ts';
import { findGpus, type Gpu } from './tensorflow/setup/gpu.ts';
import { chooseOffer } from './tensorflow/setup/wheels.ts';

/** One device. Speeds are those of the moment. */
export type Diagnosis = Working | Missing;

export interface Working {
  readonly works: true;
  /** Name for `--device`. */
  readonly device: string;
  /** Library and version. */
  readonly version: string;
  /** Folder of the library. */
  readonly found: string;
  /** How steps run on it. */
  readonly how: string;
  /** ‖g − g′‖/‖g′‖ of a network's gradients and those of the device that every machine has; absent for that one. */
  readonly distance?: number;
  /** 10⁹ floating-point operations a second in a matrix product. */
  readonly gigaflops: number;
  /** 10⁹ bytes a second through memory. */
  readonly gigabytes: number;
  /** Images a second through training steps of the default encoder. */
  readonly images: number;
}

export interface Missing {
  readonly works: false;
  readonly device: string;
  /** Sentences. */
  readonly reasons: readonly string[];
}

export interface Report {
  readonly processor: string;
  readonly threads: number;
  /** Bytes of the machine. */
  readonly memory: number;
  readonly gpus: readonly Gpu[];
  readonly node: string;
  readonly devices: readonly Diagnosis[];
  /** What `--device auto` is from now on, and why. */
  readonly auto: ChosenDevice;
  /** One command that gets, or uses, something better; absent where there is none. */
  readonly better?: { readonly command: string; readonly why: string };
}

/** Looks at every device; `measure` measures one that is here, best in a process of its own: libraries share threads and may crash. */
export async function examine(threads: number, measure: (device: string) => Promise<Diagnosis>): Promise<Report> {
  const devices: Diagnosis[] = [];
  for (const device of DEVICES) devices.push((await absence(device)) ?? (await measure(device)));
  const gpus = await findGpus(process.env);
  const better = improvement(devices, gpus);
  return {
    processor: cpus()[0]?.model.trim() ?? process.arch,
    threads,
    memory: totalmem(),
    gpus,
    node: process.version,
    devices,
    auto: await chooseDevice(),
    ...(better ? { better } : {}),
  };
}

async function absence(device: string): Promise<Missing | undefined> {
  return lookAt(device).then(
    () => undefined,
    (error: unknown) => ({ works: false, device, reasons: reasonsOf(error) }),
  );
}

/** Measurements that need to know networks. */
export interface Measurements {
  /** Images a second of the default encoder. */
  readonly pace: (machine: Machine) => Promise<number>;
  /** See `Working.distance`. */
  readonly distance: (machine: Machine, reference: Machine) => Promise<number>;
}

/** Measures a device in this process, and remembers its speeds or that it does not work. */
export async function diagnose(device: string, threads: number, measurements: Measurements): Promise<Diagnosis> {
  const machine = { machine: thisMachine(), device };
  try {
    const presence = await lookAt(device);
    const working = await measure(device, presence, threads, measurements);
    const { stamp, software = false } = presence;
    rememberMeasured({ ...machine, stamp, images: working.images, ...(software ? { software } : {}) });
    return working;
  } catch (error) {
    rememberMeasured(machine);
    return { works: false, device, reasons: reasonsOf(error) };
  }
}

/** Right gradients differ by a hundredth of this. */
const TOLERANCE = 1e-3;

async function measure(device: string, { folder }: Presence, threads: number, { pace, distance }: Measurements): Promise<Working> {
  const machine = { device, threads };
  const { version } = await chooseExecutor(device);
  const away = device === EVERYWHERE ? undefined : await distance(machine, { device: EVERYWHERE, threads });
  if (away !== undefined && !(away < TOLERANCE))
    throw new Error(`its gradients are wrong: they differ from ${EVERYWHERE}'s by ${away.toExponential(1)}`);
  return {
    works: true,
    device,
    version,
    found: folder,
    how: await howOn(device),
    ...(away === undefined ? {} : { distance: away }),
    images: await pace(machine),
    gigaflops: await multiplications(machine),
    gigabytes: await bandwidth(machine),
  };
}

function reasonsOf(error: unknown): readonly string[] {
  const { headline, facts } = toFailure(error);
  return (facts.length > 0 ? facts : [headline]).map((reason) => reason.replace(/ imported from .*/, ''));
}

/** What TensorFlow would bring is not known before it is here, so nothing is promised. */
function improvement(devices: readonly Diagnosis[], gpus: readonly Gpu[]): Report['better'] {
  const tensorflow = devices.find(({ device }) => device === 'tensorflow');
  if (!tensorflow || tensorflow.works) return undefined;
  try {
    const { offer } = chooseOffer(`${process.platform}-${process.arch}`, gpus);
    return { command: 'kith setup', why: `gets ${offer.title}, and tells whether it is faster` };
  } catch {
    return undefined;
  }
}
