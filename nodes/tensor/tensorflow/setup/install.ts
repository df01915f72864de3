// Brings a TensorFlow into Kith's folder: downloaded, out of a wheel that the user has, or as a link to a folder of the user's. Asks nothing.
import { existsSync, realpathSync, rmSync, statSync, symlinkSync, writeFileSync } from 'node:fs';
import { basename, join, resolve } from 'node:path';
import { KithError } from '../../../../engine/errors.ts';
import { librariesIn, type LibraryFiles } from '../library-files.ts';
import { askPython } from '../python.ts';
import { requireChecksum } from './checksum.ts';
import { downloadWheel } from './download.ts';
import { downloads, openStage, settle } from './installed.ts';
import type { Pip } from './pip.ts';
import { requireThisSystem } from './processor.ts';
import { requireSpace } from './space.ts';
import { unpackWheel } from './unpack.ts';
import { requireRecent, versionOf, versionOfWheel } from './version.ts';
import { offerWith, sizeOf, type Offer } from './wheels.ts';

/** Where work stands: `done` of `total` bytes of a file. */
export interface Step {
  readonly doing: 'Downloading' | 'Unpacking';
  readonly file: string;
  readonly done: number;
  readonly total: number;
}

export interface Work {
  /** Kith's folder for TensorFlow. */
  readonly root: string;
  readonly environment: NodeJS.ProcessEnv;
  readonly onStep: (step: Step) => void;
  readonly signal: AbortSignal;
  /** Bytes that are free at a folder; default: as the system says. */
  readonly free?: (folder: string) => Promise<number>;
}

/** Downloads what an offer consists of; the name of its folder. What an interrupted attempt has brought is not fetched again. */
export async function installOffer(offer: Offer, pip: () => Promise<Pip>, work: Work): Promise<string> {
  const { root, signal, onStep } = work;
  await requireSpace(root, sizeOf(offer).peak, work.free);
  const stage = openStage(root, offer.name);
  for (const wheel of offer.wheels) {
    const { file, bytes, unpacked } = wheel;
    const taken = join(stage, `.${file}.taken`);
    if (existsSync(taken)) continue;
    const onBytes = (done: number): void => onStep({ doing: 'Downloading', file, done, total: bytes });
    const path = await downloadWheel(wheel, downloads(root), { pip, onBytes, signal });
    await unpackWheel(path, stage, { onBytes: (done) => onStep({ doing: 'Unpacking', file, done, total: unpacked }), signal });
    writeFileSync(taken, '');
    rmSync(path);
  }
  settle(root, offer.name, { title: offer.title, from: 'the Python Package Index' });
  return offer.name;
}

/** Installs from a wheel, or links to a folder with the libraries or to a Python environment with TensorFlow; the name of its folder. */
export async function installFrom(source: string, work: Work): Promise<string> {
  const path = resolve(source);
  if (!existsSync(path))
    throw new KithError(`There is no ${source} to take TensorFlow from.`, { facts: [`Looked at ${path}.`], exitCode: 2 });
  return statSync(path).isDirectory() ? linkFolder(path, work) : unpackOwn(path, work);
}

async function unpackOwn(path: string, { root, signal, onStep, free }: Work): Promise<string> {
  const file = basename(path);
  const version = versionOfWheel(file);
  requireRecent(version);
  const known = offerWith(file);
  const [wheel] = known?.wheels ?? [];
  if (wheel) await requireChecksum(path, wheel.sha256, 'Get the file again.');
  const total = wheel?.unpacked ?? 0;
  await requireSpace(root, total, free);
  const name = known?.name ?? ownName(version);
  const stage = openStage(root, name);
  await unpackWheel(path, stage, { onBytes: (done) => onStep({ doing: 'Unpacking', file, done, total }), signal });
  settle(root, name, { title: known?.title ?? titleOf(version), from: path });
  return name;
}

/** The folder is used where it is: its libraries may need what lies beside them. */
async function linkFolder(path: string, { root, environment }: Work): Promise<string> {
  const { folder, framework, library } = await librariesOf(path, environment);
  for (const each of [framework, library]) requireThisSystem(each);
  const version = versionOf({ folder, framework, library });
  requireRecent(version);
  const name = ownName(version);
  const link = join(openStage(root, name), 'tensorflow');
  rmSync(link, { recursive: true, force: true });
  symlinkSync(realpathSync(folder), link, 'junction');
  settle(root, name, { title: titleOf(version), from: path });
  return name;
}

const PYTHONS = ['bin/python3', 'bin/python', 'python.exe', 'Scripts/python.exe'];

async function librariesOf(path: string, environment: NodeJS.ProcessEnv): Promise<LibraryFiles> {
  const found = librariesIn(path);
  if (found) return found;
  const python = PYTHONS.map((name) => join(path, name)).find((file) => existsSync(file));
  const answer = python === undefined ? { reason: 'it is no Python environment' } : await askPython(environment, python);
  const inside = 'folder' in answer ? librariesIn(answer.folder) : undefined;
  if (inside) return inside;
  throw new KithError(`There is no TensorFlow library in ${path}.`, {
    facts: ['reason' in answer ? answer.reason : `${answer.folder} has no C API of its own`],
    hint: 'kith setup --from takes a wheel, a folder with the libraries, or a Python environment with TensorFlow.',
  });
}

const ownName = (version = ''): string => [version, 'own'].filter(Boolean).join('-');
const titleOf = (version = 'of an unknown version'): string => `TensorFlow ${version}`;
