// What was measured on this machine, kept for all projects of the user, so that `auto` need not measure. A file that is lost costs a measurement.
import { readFileSync } from 'node:fs';
import { availableParallelism, cpus } from 'node:os';
import { join } from 'node:path';
import { replaceShared, userCacheFolder } from './user-cache.ts';

/** Speeds of a device on a machine. */
export interface Measured {
  /** Processor and threads. */
  readonly machine: string;
  readonly device: string;
  /** What was there: library, version and file; speeds of another do not count. */
  readonly stamp: string;
  /** Images a second through training steps of the default encoder. */
  readonly images: number;
  /** Whether it is a GPU that the processor imitates; never chosen. */
  readonly software?: boolean;
}

/** Raised when a field changes its meaning. */
const SCHEMA = 1;

const fileOf = (environment: NodeJS.ProcessEnv): string => join(userCacheFolder(environment), 'speeds.json');

/** This machine, as far as speeds depend on it: homes may be shared. */
export function thisMachine(): string {
  const [first] = cpus();
  return `${first?.model.trim() ?? process.arch}, ${availableParallelism()} threads`;
}

/** What was measured on this machine, the fastest first. */
export function measuredHere(environment: NodeJS.ProcessEnv = process.env, machine = thisMachine()): readonly Measured[] {
  return read(environment)
    .filter((each) => each.machine === machine)
    .sort((a, b) => b.images - a.images);
}

/** Speeds that differ by less may have been measured at a good and at a bad moment. */
const LEAD = 1.05;

/** The fastest device; of those that are about as fast the first in `order`. Undefined where nothing was measured. */
export function fastestOf(measured: readonly Measured[], order: readonly string[]): string | undefined {
  const best = Math.max(...measured.map(({ images }) => images));
  const equals = measured.filter(({ images }) => images * LEAD >= best).map(({ device }) => device);
  return order.find((device) => equals.includes(device));
}

/** Replaces what was measured of a device on a machine; forgets it where `measured` has no speeds. A folder that cannot be written is no error. */
export function rememberMeasured(
  measured: Measured | { readonly machine: string; readonly device: string },
  environment: NodeJS.ProcessEnv = process.env,
): void {
  const others = read(environment).filter(({ machine, device }) => machine !== measured.machine || device !== measured.device);
  const all = 'images' in measured ? [...others, measured] : others;
  replaceShared(fileOf(environment), `${JSON.stringify({ schema: SCHEMA, measured: all }, undefined, 2)}\n`);
}

function read(environment: NodeJS.ProcessEnv): readonly Measured[] {
  try {
    const { schema, measured } = JSON.parse(readFileSync(fileOf(environment), 'utf8')) as { schema: number; measured: Measured[] };
    return schema === SCHEMA ? measured : [];
  } catch {
    return [];
  }
}
