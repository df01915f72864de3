// Remembers compiled pipelines in `.kith/compiled`: an index a pipeline file, which says what it was made of, and a folder a content.
// Finding one touches the stats of the sources and nothing else; it never loads the bundler.
import { createHash, randomUUID } from 'node:crypto';
import { existsSync, mkdirSync, readdirSync, readFileSync, renameSync, rmSync, statSync, writeFileSync } from 'node:fs';
import { createRequire } from 'node:module';
import { dirname, join } from 'node:path';
import type { Compiled } from './compile.ts';
import type { Bundles } from './compile-bundle.ts';

/** Raised when the compiler makes something else of the same sources. */
const COMPILER_SCHEMA = 2;
/** Folders of compiled pipelines that are kept; older ones are made again when asked for. */
const KEPT = 32;
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

interface Index {
  /** Name of the folder beside the index. */
  readonly folder: string;
  readonly sources: readonly Stamp[];
  readonly packages: readonly Stamp[];
  /** Paths that must still not exist. */
  readonly absent: readonly string[];
}

type DigestFile = (path: string) => string;

/** What was compiled of the pipeline file, if all of its sources and packages are as they were. */
export function findCompiled(folder: string, entry: string, kith: string, digestFile: DigestFile): Compiled | undefined {
  const file = indexFile(folder, entry, kith);
  const index = readJson(file) as Index | undefined;
  if (!index) return undefined;
  const sources = index.sources.map((stamp) => check(stamp, digestFile));
  const packages = index.packages.map((stamp) => check(stamp, versionIn));
  if (sources.includes(undefined) || packages.includes(undefined) || index.absent.some((path) => existsSync(path))) return undefined;
  const compiled = readCompiled(join(folder, index.folder));
  const fresh = { ...index, sources, packages };
  const touched = [...index.sources, ...index.packages].some((stamp, at) => stamp !== [...sources, ...packages][at]);
  if (compiled && touched) writeAtomically(file, JSON.stringify(fresh));
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
  const name = storeFolder(folder, new Map([...bundles.files, ['compiled.json', JSON.stringify(made)]]));
  const index = {
    folder: name,
    sources: [...sources, ...settings.filter((path) => existsSync(path)).map((path) => stampOf(path, digestFile))],
    packages: [rolldownManifest(), ...bundles.packages.keys()].map((path) => stampOf(path, versionIn)),
    absent: [...bundles.absent, ...settings.filter((path) => !existsSync(path))],
  };
  writeAtomically(indexFile(folder, entry, kith), JSON.stringify(index));
  prune(folder, name);
  return readCompiled(join(folder, name));
}

function indexFile(folder: string, entry: string, kith: string): string {
  return join(folder, `${sha256([String(COMPILER_SCHEMA), kith, entry]).slice(0, 16)}.json`);
}

function readCompiled(folder: string): Compiled | undefined {
  const made = readJson(join(folder, 'compiled.json')) as Omit<Compiled, 'planFile' | 'planScript' | 'workFile'> | undefined;
  const [planFile, planScript, workFile] = [join(folder, 'plan.mjs'), join(folder, 'plan.cjs'), join(folder, 'work.mjs')];
  if (!made || !existsSync(planFile) || !existsSync(workFile)) return undefined;
  return { planFile, workFile, ...made, ...(existsSync(planScript) ? { planScript } : {}) };
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
  if ([...files.keys()].every((file) => existsSync(join(target, file)))) return name;
  const temporary = join(folder, `.${name}-${randomUUID()}`);
  mkdirSync(temporary, { recursive: true });
  for (const [file, content] of files) writeFileSync(join(temporary, file), content);
  try {
    rmSync(target, { recursive: true, force: true });
    renameSync(temporary, target);
  } catch (error) {
    rmSync(temporary, { recursive: true, force: true });
    if (![...files.keys()].every((file) => existsSync(join(target, file)))) throw error;
  }
  return name;
}

function writeAtomically(file: string, content: string): void {
  const temporary = `${file}.${randomUUID()}`;
  writeFileSync(temporary, content);
  renameSync(temporary, file);
}

/** Removes the oldest folders; a running process has long loaded what it needs of them. */
function prune(folder: string, current: string): void {
  const folders = readdirSync(folder, { withFileTypes: true }).filter((each) => each.isDirectory() && each.name !== current);
  const byAge = folders.map(({ name }) => ({ name, age: ageOf(join(folder, name)) })).sort((a, b) => a.age - b.age);
  for (const { name } of byAge.slice(KEPT)) rmSync(join(folder, name), { recursive: true, force: true });
}

function ageOf(path: string): number {
  try {
    return Date.now() - statSync(path).mtimeMs;
  } catch {
    return 0;
  }
}

function readJson(file: string): unknown {
  try {
    return JSON.parse(readFileSync(file, 'utf8'));
  } catch {
    return undefined;
  }
}

function sha256(texts: readonly string[]): string {
  return createHash('sha256').update(JSON.stringify(texts)).digest('hex');
}
