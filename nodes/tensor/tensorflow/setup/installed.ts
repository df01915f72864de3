// What `kith setup` has put into its folder: one folder a TensorFlow, with a note of where it came from. Appears and disappears as a whole.
import { lstatSync, mkdirSync, readdirSync, readFileSync, renameSync, rmSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { librariesIn } from '../library-files.ts';

/** Kept beside the libraries. */
export interface Note {
  /** e.g. `TensorFlow 2.21.0 for the CPU`. */
  readonly title: string;
  /** Where it came from: a sentence's end. */
  readonly from: string;
}

export interface Installed extends Note {
  readonly name: string;
  /** On disk; of a folder that is only linked to, nothing. */
  readonly bytes: number;
  /** Whether the libraries are there: a linked folder may be gone. */
  readonly works: boolean;
}

const NOTE = 'kith.json';

/** What is there, in no order, and the bytes of downloads that were not finished. */
export function listInstalled(root: string): { readonly installed: readonly Installed[]; readonly unfinished: number } {
  const names = namesIn(root);
  const installed = names.flatMap((name) => {
    const note = name.startsWith('.') ? undefined : readNote(join(root, name));
    return note ? [{ name, ...note, bytes: bytesOf(join(root, name)), works: librariesIn(join(root, name)) !== undefined }] : [];
  });
  const unfinished = names.filter((name) => name.startsWith('.')).reduce((sum, name) => sum + bytesOf(join(root, name)), 0);
  return { installed, unfinished };
}

/** Deletes one, or with no name all of them with every unfinished download; the bytes that were freed. */
export function removeInstalled(root: string, name?: string): number {
  const folder = name === undefined ? root : join(root, name);
  const freed = bytesOf(folder);
  rmSync(folder, { recursive: true, force: true, maxRetries: 5 });
  return freed;
}

/** Where downloads lie until they are unpacked. */
export const downloads = (root: string): string => join(root, '.downloads');

/** A folder that becomes `name` when it is complete; what an earlier attempt left in it stays. */
export function openStage(root: string, name: string): string {
  const stage = join(root, `.${name}`);
  mkdirSync(stage, { recursive: true });
  return stage;
}

/** Puts a complete stage in its place, in one step, instead of an older one of that name. The newest folder is the one that is used. */
export function settle(root: string, name: string, note: Note): void {
  const [stage, place, old] = [join(root, `.${name}`), join(root, name), join(root, `.${name}.old`)];
  writeNote(stage, note);
  rmSync(old, { recursive: true, force: true });
  if (namesIn(root).includes(name)) renameSync(place, old);
  renameSync(stage, place);
  rmSync(old, { recursive: true, force: true });
}

/** Makes one that is there the one that is used, under a better title where there is one. */
export function prefer(root: string, name: string, title?: string): void {
  const note = readNote(join(root, name));
  if (note) writeNote(join(root, name), title === undefined ? note : { ...note, title });
}

/** By renaming, since this is what changes the folder's time. */
function writeNote(folder: string, note: Note): void {
  writeFileSync(join(folder, `.${NOTE}`), JSON.stringify(note));
  renameSync(join(folder, `.${NOTE}`), join(folder, NOTE));
}

function readNote(folder: string): Note | undefined {
  try {
    return JSON.parse(readFileSync(join(folder, NOTE), 'utf8')) as Note;
  } catch {
    return undefined;
  }
}

function bytesOf(path: string): number {
  const found = lstatSync(path, { throwIfNoEntry: false });
  if (!found) return 0;
  return found.isDirectory() ? namesIn(path).reduce((sum, name) => sum + bytesOf(join(path, name)), 0) : found.size;
}

function namesIn(folder: string): string[] {
  try {
    return readdirSync(folder);
  } catch {
    return [];
  }
}
