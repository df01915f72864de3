// What a node reads that its key does not know: files of the project, and variables of the environment. Looks on in the worker while the node
// runs and never stands in its way. Not seen: what native code reads, and variables that packages read.
import fs from 'node:fs';
import { syncBuiltinESMExports } from 'node:module';
import { basename, dirname, extname, isAbsolute, join, relative, resolve, sep } from 'node:path';
import { fileURLToPath } from 'node:url';
import { packageFolder } from '../files.ts';

/** What a node may read without a word. */
export interface Allowance {
  /** The project's folder; what lies outside is the machine's. */
  readonly root: string;
  /** Absolute paths that the node declares; a folder stands for everything below it but names that begin with a dot. */
  readonly files: readonly string[];
  readonly env: readonly string[];
  /** Absolute; what Kith itself reads and writes. */
  readonly cacheFolder: string;
  /** The compiled pipeline: only its own code is asked which variables it reads. */
  readonly workFile: string;
}

/** Calls that begin with paths to read (`from`) or to write (`to`); those with flags or options that say so do either. */
const CALLS: { readonly [name: string]: readonly ('from' | 'to' | 'either')[] } = {
  open: ['either'],
  readFile: ['either'],
  writeFile: ['to'],
  appendFile: ['to'],
  copyFile: ['from', 'to'],
  rename: ['to', 'to'],
};

/** Variables that say how the machine is set up, not what is to be computed. */
const MACHINE =
  /^(PATH|HOME|USER|SHELL|PWD|TMPDIR|TEMP|TMP|LANG|LANGUAGE|TERM|COLORTERM|CI|DEBUG|NO_COLOR|FORCE_COLOR|(HTTPS?|NO|ALL)_PROXY|(LC|XDG|NODE|npm|LD|DYLD|CUDA|NVIDIA|TF|XLA|ORT|OMP|KMP|MKL|OPENBLAS|UV|KITH)_.*)$/i;
/** What tools keep in a project, and code: its imports are in the key. */
const TOOLS = /(^|[\\/])(node_modules|site-packages|\.[^\\/]*)[\\/]/;
const CODE = /^\.([cm]?[jt]sx?|node)$/;

/** How often it is asked who reads a variable: packages may ask for one again and again. */
const LOOKS = 10;

interface Watch extends Allowance {
  readonly read: Set<string>;
  readonly written: Set<string>;
  readonly variables: Set<string>;
  /** How often each variable was asked for. */
  readonly asked: Map<string, number>;
}

let watch: Watch | undefined;

/** Looks at every read of this process from now on. To be called once, before a pipeline is imported. */
export function watchProcess(): void {
  for (const [name, roles] of Object.entries(CALLS)) {
    spy(fs.promises, name, roles);
    spy(fs, name, roles);
    spy(fs, `${name}Sync`, roles);
  }
  syncBuiltinESMExports();
  process.env = watched(process.env);
}

/** What is read between two moments. */
export interface Reads {
  /** What should have been declared, a sentence each. */
  undeclared(): string[];
  end(): void;
}

/** Begins to note reads. One at a time. */
export function noteReads(allowance: Allowance): Reads {
  const mine: Watch = { ...allowance, read: new Set(), written: new Set(), variables: new Set(), asked: new Map() };
  watch = mine;
  return {
    undeclared: () => [
      ...undeclaredFiles(mine).map((path) => `reads ${path}, which its key does not know; declare it: files: () => ['${path}']`),
      ...[...mine.variables]
        .sort()
        .map((name) => `reads the environment variable ${name}, which its key does not know; declare it: env: ['${name}']`),
    ],
    end: () => void (watch = undefined),
  };
}

/** Files of the project that were read and are none of those declared, relative to its folder. */
function undeclaredFiles({ root, files, read }: Watch): string[] {
  if (read.size === 0) return [];
  const roots = [...new Set([root, real(root)])];
  const declared = new Set(files.flatMap((file) => [file, real(file)]));
  const insides = [...read]
    .filter((path) => isForeign(path, declared) && isFile(path))
    .map((path) => roots.map((each) => relative(each, path)).find(isInside));
  return [...new Set(insides.flatMap((inside) => (inside === undefined ? [] : inside.split(sep).join('/'))))].sort();
}

type Calls = { [name: string]: unknown };

function spy(owner: object, name: string, roles: readonly string[]): void {
  const original = (owner as Calls)[name] as ((...given: unknown[]) => unknown) | undefined;
  if (!original) return;
  const seen = function (this: unknown, ...given: unknown[]): unknown {
    if (watch) note(watch, roles, given);
    return original.apply(this, given);
  };
  (owner as Calls)[name] = Object.assign(seen, original);
}

function note({ read, written, cacheFolder }: Watch, roles: readonly string[], given: readonly unknown[]): void {
  for (const [place, role] of roles.entries()) {
    const name = given[place];
    if (typeof name === 'string' && name.startsWith(cacheFolder + sep)) continue;
    const path = pathIn(name);
    if (path === undefined) continue;
    if (role === 'to' || (role === 'either' && writes(given[1]))) written.add(path);
    else if (!written.has(path)) read.add(path);
  }
}

function pathIn(given: unknown): string | undefined {
  if (typeof given === 'string') return resolve(given);
  if (Buffer.isBuffer(given)) return resolve(given.toString());
  return given instanceof URL ? fileURLToPath(given) : undefined;
}

/** Whether flags, or options with a flag, make a file or empty it. */
function writes(given: unknown): boolean {
  const flags = typeof given === 'object' && given !== null ? (given as { readonly flag?: unknown }).flag : given;
  if (typeof flags === 'number') return (flags & (fs.constants.O_TRUNC | fs.constants.O_CREAT | fs.constants.O_WRONLY)) !== 0;
  return typeof flags === 'string' && /^[wa]/.test(flags);
}

/** Whether a file is neither declared, itself or by a folder above it, nor code, whose imports the key knows. */
function isForeign(path: string, declared: ReadonlySet<string>): boolean {
  if (CODE.test(extname(path)) || basename(path) === 'package.json') return false;
  for (let at = path, below = ''; dirname(at) !== at; below = join(basename(at), below), at = dirname(at))
    if (declared.has(at) && !/(^|[\\/])\./.test(below)) return false;
  return true;
}

/** Whether a path relative to the project leads into it, and not to what tools keep there. */
function isInside(path: string): boolean {
  return !path.startsWith('..') && !isAbsolute(path) && !TOOLS.test(path);
}

function isFile(path: string): boolean {
  return fs.statSync(path, { throwIfNoEntry: false })?.isFile() === true;
}

/** Where a path leads once links are followed; the path itself where it leads nowhere. */
function real(path: string): string {
  try {
    return fs.realpathSync(path);
  } catch {
    return path;
  }
}

/** The environment, with an eye on it. */
function watched(env: NodeJS.ProcessEnv): NodeJS.ProcessEnv {
  // A copy of everything, as for a child process, asks for every name: that is not to read them.
  let copying = false;
  const see = (name: string | symbol): void => {
    if (watch && !copying && typeof name === 'string' && !watch.env.includes(name) && !MACHINE.test(name)) noteVariable(watch, name);
  };
  return new Proxy(env, {
    get: (target, name) => (see(name), Reflect.get(target, name) as unknown),
    has: (target, name) => (see(name), Reflect.has(target, name)),
    set: (target, name, value) => (watch?.variables.delete(String(name)), Reflect.set(target, name, value)),
    ownKeys: (target) => {
      copying = true;
      queueMicrotask(() => (copying = false));
      return Reflect.ownKeys(target);
    },
  });
}

/** Notes a name that the project's own code asks for, unless it spells it out: then the plan has told of it. */
function noteVariable({ variables, asked, root, workFile }: Watch, name: string): void {
  const times = (asked.get(name) ?? 0) + 1;
  asked.set(name, times);
  if (times > LOOKS || variables.has(name)) return;
  const caller = new Error().stack
    ?.split('\n')
    .slice(1)
    .find((frame) => !frame.includes(import.meta.url));
  const [, url, line] = /(file:.*):(\d+):\d+/.exec(caller ?? '') ?? [];
  if (url === undefined || dirname(fileURLToPath(url)) !== dirname(workFile)) return;
  const text = fs.readFileSync(fileURLToPath(url), 'utf8');
  const module = resolve(root, moduleAt(text, Number(line)));
  if (!text.includes(`process.env.${name}`) && !TOOLS.test(module) && !isOwn(module)) variables.add(name);
}

/** The module that a line of a bundle comes from: the bundler writes its path above it. */
function moduleAt(text: string, line: number): string {
  const heads = text
    .split('\n')
    .slice(0, line)
    .filter((each) => /^\/\/ \S+\.[cm]?[jt]sx?$/.test(each));
  return heads.at(-1)?.slice('// '.length) ?? '';
}

/** Whether a module is one of this package, which asks how the machine is set up and no more. */
function isOwn(module: string): boolean {
  return ['nodes', 'engine', 'cache'].some((folder) => module.startsWith(join(packageFolder(), folder) + sep));
}
