// Remembers compiled pipelines in `.kith/compiled`: an index a pipeline file, which says what it was made of, and a folder a content.
// Finding one touches the stats of the sources and reads the folder; it never loads the bundler. What is in the folder will be executed, so
// it counts only while every file is the very one that this machine wrote: a folder that was moved, or came from elsewhere, is made anew.
import { createHash } from 'node:crypto';
import { existsSync, lstatSync, mkdirSync, readdirSync, readFileSync, renameSync, rmSync, statSync, writeFileSync } from 'node:fs';
import { createRequire } from 'node:module';
import { dirname, join } from 'node:path';
import { asWriteError, CacheWriteError, replaceFileSync, temporaryIn } from '../cache/atomic-file.ts';
import { readOwnFile } from '../cache/folder.ts';
import { seal, unseal } from '../cache/seal.ts';
import type { Compiled } from './compile.ts';
import type { Bundles } from './compile-bundle.ts';

/** Raised when the compiler makes something else of the same sources. */
const COMPILER_SCHEMA = 3;
/** Folders of compiled pipelines that are kept; older ones are made again when asked for. */
const KEPT = 32;
/** Milliseconds for which any of them is kept. */
const KEPT_FOR = 3 * 86_400_000;
/** Milliseconds within which a file may change twice under one time stamp; so young a stamp is not trusted. */
const RACY = 100;

/** How a file looked when it was bundled. */
export interface Stamp {
  readonly path: string;
  readonly size: number;
  readonly mtime: number;
  readonly ctime: number;
  readonly inode: number;
  /** Digest of a source; version of a package whose package.json this is. */
  readonly content: string;
}

/** A file of a compiled pipeline as it was written: nobody can make another with the same inode and time of change. */
interface MadeFile {
  readonly name: string;
  readonly digest: string;
  readonly inode: number;
  readonly ctime: number;
}

interface Index {
  /** Name of the folder beside the index. */
  readonly folder: string;
  readonly files: readonly MadeFile[];
  readonly sources: readonly Stamp[];
  readonly packages: readonly Stamp[];
  /** Paths that must still not exist. */
  readonly absent: readonly string[];
}

type DigestFile = (path: string) => string;

/** What was compiled of the pipeline file, if all of its sources and packages are as they were. */
export function findCompiled(folder: string, entry: string, kith: string, digestFile: DigestFile): Compiled | undefined {
  const file = indexFile(folder, entry, kith);
  const index = readIndex(file, entry);
  if (!index) return undefined;
  const sources = index.sources.map((stamp) => check(stamp, digestFile));
  const packages = index.packages.map((stamp) => check(stamp, versionIn));
  if (sources.includes(undefined) || packages.includes(undefined) || index.absent.some((path) => existsSync(path))) return undefined;
  const compiled = readCompiled(join(folder, index.folder), index.files);
  const fresh = { ...index, sources, packages };
  const touched = [...index.sources, ...index.packages].some((stamp, at) => stamp !== [...sources, ...packages][at]);
  if (compiled && touched) refresh(file, entry, fresh);
  return compiled;
}

/** Stores bundles and what they were made of. Undefined when a source changed while it was bundled. */
export function publish(
  folder: string,
  entry: string,
  kith: string,
  { bundles, root, digestFile }: { readonly bundles: Bundles; readonly root: string; readonly digestFile: DigestFile },
): Compiled | undefined {
  const sources = [...bundles.sources].map(([path, text]) => stampSource(path, text, digestFile));
  if (sources.includes(undefined)) return undefined;
  const settings = settingsOf(entry, root);
  const made = {
    code: bundles.slices.code,
    sources: [...bundles.sources.keys()].sort(),
    warnings: bundles.slices.warnings,
  };
  const contents = new Map([...bundles.files, ['compiled.json', JSON.stringify(made)]]);
  const name = storeFolder(folder, contents);
  const index = {
    folder: name,
    files: [...contents.keys()].map((file) => madeFile(join(folder, name), file)),
    sources: [...sources, ...settings.filter((path) => existsSync(path)).map((path) => stampOf(path, digestFile))],
    packages: [rolldownManifest(), ...bundles.packages.keys()].map((path) => stampOf(path, versionIn)),
    absent: [...bundles.absent, ...settings.filter((path) => !existsSync(path))],
  };
  writeIndex(indexFile(folder, entry, kith), entry, index as Index);
  prune(folder, name);
  return readCompiled(join(folder, name), index.files);
}

function indexFile(folder: string, entry: string, kith: string): string {
  return join(folder, `${sha256([String(COMPILER_SCHEMA), kith, entry]).slice(0, 16)}.json`);
}

function readCompiled(folder: string, files: readonly MadeFile[]): Compiled | undefined {
  try {
    if (!files.every((file) => isSame(file, madeFile(folder, file.name)))) return undefined;
    const made = JSON.parse(readFileSync(join(folder, 'compiled.json'), 'utf8')) as Omit<Compiled, 'planFile' | 'planScript' | 'workFile'>;
    const script = files.some(({ name }) => name === 'plan.cjs') ? { planScript: join(folder, 'plan.cjs') } : {};
    return { planFile: join(folder, 'plan.mjs'), ...script, workFile: join(folder, 'work.mjs'), ...made };
  } catch {
    return undefined;
  }
}

function madeFile(folder: string, name: string): MadeFile {
  const path = join(folder, name);
  const { ino, ctimeMs } = lstatSync(path);
  return { name, digest: createHash('sha256').update(readFileSync(path)).digest('hex'), inode: ino, ctime: ctimeMs };
}

function isSame(a: MadeFile, b: MadeFile): boolean {
  return a.digest === b.digest && a.inode === b.inode && a.ctime === b.ctime;
}

/** The index of a pipeline file; undefined where there is none, or it is damaged. */
function readIndex(file: string, entry: string): Index | undefined {
  try {
    return unseal(entry, readOwnFile(file)) as Index;
  } catch {
    return undefined;
  }
}

function writeIndex(file: string, entry: string, index: Index): void {
  replaceFileSync(file, seal(entry, index), temporariesFor(dirname(file)));
}

/** Remembers new stats of the same content; a cache that cannot be written costs the next call a few reads. */
function refresh(file: string, entry: string, index: object): void {
  try {
    writeIndex(file, entry, index as Index);
  } catch (error) {
    if (!(error instanceof CacheWriteError)) throw error;
  }
}

/** Where a cache keeps what is half written, as seen from `compiled`. */
function temporariesFor(folder: string): string {
  return join(dirname(folder), 'tmp');
}

/** The same stamp when the stats agree, a new one when only the content does, undefined when the file changed. */
function check(stamp: Stamp, contentOf: DigestFile): Stamp | undefined {
  try {
    const { size, mtimeMs, ctimeMs, ino } = statSync(stamp.path);
    if (size === stamp.size && mtimeMs === stamp.mtime && ctimeMs === stamp.ctime && ino === stamp.inode) return stamp;
    const now = stampOf(stamp.path, contentOf);
    return now.content === stamp.content ? now : undefined;
  } catch {
    return undefined;
  }
}

/** A stamp that was taken before the content was read, so that a later change shows. */
function stampOf(path: string, contentOf: DigestFile): Stamp {
  const { size, mtimeMs, ctimeMs, ino } = statSync(path);
  const trusted = Date.now() - Math.max(mtimeMs, ctimeMs) > RACY;
  return { path, size, mtime: trusted ? mtimeMs : -1, ctime: ctimeMs, inode: ino, content: contentOf(path) };
}

function stampSource(path: string, text: string, digestFile: DigestFile): Stamp | undefined {
  try {
    const stamp = stampOf(path, digestFile);
    return withoutMark(readFileSync(path, 'utf8')) === withoutMark(text) ? stamp : undefined;
  } catch {
    return undefined;
  }
}

function withoutMark(text: string): string {
  return text.replace(/^\uFEFF/, '');
}

/** Files that steer the bundler; one that `extends` names is not followed. */
function settingsOf(entry: string, root: string): string[] {
  const found = [join(root, 'package.json')];
  for (let at = dirname(entry); ; at = dirname(at)) {
    found.push(join(at, 'tsconfig.json'));
    if (at === root || dirname(at) === at) return found;
  }
}

function rolldownManifest(): string {
  return createRequire(import.meta.url).resolve('rolldown/package.json');
}

function versionIn(manifest: string): string {
  return String((JSON.parse(readFileSync(manifest, 'utf8')) as { version?: unknown }).version ?? 'unknown');
}

/** Writes the files into a folder named for their content, complete or not at all; another process may have done so already. */
function storeFolder(folder: string, files: ReadonlyMap<string, string>): string {
  const name = sha256([...files].flat()).slice(0, 32);
  const target = join(folder, name);
  if (holds(target, files)) return name;
  const temporary = temporaryIn(temporariesFor(folder));
  try {
    mkdirSync(temporary, { recursive: true });
    mkdirSync(folder, { recursive: true });
    for (const [file, content] of files) writeFileSync(join(temporary, file), content);
    moveFolder(temporary, target, files);
    return name;
  } catch (error) {
    throw asWriteError(error, target); // What is half written is swept later.
  }
}

function moveFolder(from: string, to: string, files: ReadonlyMap<string, string>): void {
  try {
    renameSync(from, to);
  } catch {
    if (holds(to, files)) return rmSync(from, { recursive: true, force: true });
    rmSync(to, { recursive: true, force: true }); // What is there is damaged.
    renameSync(from, to);
  }
}

function holds(folder: string, files: ReadonlyMap<string, string>): boolean {
  try {
    return [...files].every(
      ([file, content]) => lstatSync(join(folder, file)).isFile() && readFileSync(join(folder, file), 'utf8') === content,
    );
  } catch {
    return false;
  }
}

/** Removes the oldest folders, but none that a long run may still start a worker from. */
function prune(folder: string, current: string): void {
  const folders = readdirSync(folder, { withFileTypes: true }).filter((each) => each.isDirectory() && each.name !== current);
  const byAge = folders.map(({ name }) => ({ name, age: ageOf(join(folder, name)) })).sort((a, b) => a.age - b.age);
  for (const { name, age } of byAge.slice(KEPT)) if (age > KEPT_FOR) rmSync(join(folder, name), { recursive: true, force: true });
}

function ageOf(path: string): number {
  try {
    return Date.now() - statSync(path).mtimeMs;
  } catch {
    return 0;
  }
}

function sha256(texts: readonly string[]): string {
  return createHash('sha256').update(JSON.stringify(texts)).digest('hex');
}
