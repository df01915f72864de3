// What somebody wants to keep whatever it costs: keys under a name, a small file each. A pin that cannot be read is told, since nobody knows
// what it kept.
import { rmSync } from 'node:fs';
import { join } from 'node:path';
import { asWriteError, replaceFileSync } from './atomic-file.ts';
import { sha256 } from './digest.ts';
import { namesIn, readOwnFile } from './folder.ts';
import { seal, unseal } from './seal.ts';
import type { Key } from './store.ts';

export interface Pin {
  /** What it is called: a node with the beginning of its key, or a run. */
  readonly name: string;
  /** Resolved keys. */
  readonly keys: readonly Key[];
  /** When it was made, in milliseconds since 1970. */
  readonly pinned: number;
}

export interface Pins {
  /** The oldest first. */
  readonly pins: readonly Pin[];
  /** Paths of pins that are damaged. */
  readonly damaged: readonly string[];
}

/** Every pin in a cache. */
export function readPins(folder: string): Pins {
  const files = namesIn(join(folder, 'pins')).map((name) => ({ name, pin: readPin(folder, name) }));
  const pins = files.flatMap(({ pin }) => pin ?? []).sort((a, b) => a.pinned - b.pinned || (a.name < b.name ? -1 : 1));
  return { pins, damaged: files.filter(({ pin }) => !pin).map(({ name }) => join(folder, 'pins', name)) };
}

/** Adds or replaces the pin of this name. Throws a CacheWriteError. */
export function writePin(folder: string, pin: Pin): void {
  const file = fileOf(pin.name);
  replaceFileSync(join(folder, 'pins', file), seal(file, pin), join(folder, 'tmp'));
}

/** Deletes the pin of this name, if there is one. Throws a CacheWriteError. */
export function deletePin(folder: string, name: string): void {
  const path = join(folder, 'pins', fileOf(name));
  try {
    rmSync(path, { force: true });
  } catch (error) {
    throw asWriteError(error, path);
  }
}

const fileOf = (name: string): string => sha256(Buffer.from(name)).slice(0, 32);

function readPin(folder: string, file: string): Pin | undefined {
  try {
    const pin = unseal(file, readOwnFile(join(folder, 'pins', file))) as Pin;
    return isPin(pin) && fileOf(pin.name) === file ? pin : undefined;
  } catch {
    return undefined;
  }
}

function isPin({ name, keys, pinned }: Pin): boolean {
  const isKey = (key: unknown): boolean => typeof key === 'string' && /^[0-9a-f]{32}$/.test(key);
  return typeof name === 'string' && !/\p{Cc}/u.test(name) && Array.isArray(keys) && keys.every(isKey) && Number.isFinite(pinned);
}
