// The user's pip, which knows the user's index, mirrors, proxies and passwords: asked where a wheel is, or told to fetch it. Reads only what it prints.
import { execFile, spawn, type ChildProcessByStdio } from 'node:child_process';
import { mkdirSync, readdirSync, rmSync, statSync } from 'node:fs';
import { join } from 'node:path';
import type { Readable } from 'node:stream';
import { KithError } from '../../../../engine/errors.ts';
import { tagsOf, type Wheel } from './wheels.ts';

/** A pip that answered. */
export interface Pip {
  readonly program: string;
  readonly words: readonly string[];
  readonly environment: NodeJS.ProcessEnv;
}

type Child = ChildProcessByStdio<null, Readable, Readable>;

const CANDIDATES: readonly (readonly [program: string, ...words: string[]])[] = [
  ['python3', '-m', 'pip'],
  ['python', '-m', 'pip'],
  ['pip3'],
  ['pip'],
];
const PATIENCE_MS = 60_000;

/** The first pip that answers. A KithError where there is none; `wanted` is what the user may fetch by hand. */
export async function findPip(environment: NodeJS.ProcessEnv, wanted: Wheel): Promise<Pip> {
  const reasons: string[] = [];
  for (const [program, ...words] of CANDIDATES) {
    const trouble = await troubleOf(program, [...words, '--version'], environment);
    if (trouble === undefined) return { program, words, environment };
    reasons.push(`${[program, ...words].join(' ')}: ${trouble}`);
  }
  throw new KithError('There is no pip here, and pip is what downloads TensorFlow.', {
    facts: reasons,
    hint: `Install Python with pip. Or get ${wanted.file} from the Python Package Index, and run: kith setup --from ${wanted.file}`,
  });
}

function troubleOf(program: string, words: readonly string[], environment: NodeJS.ProcessEnv): Promise<string | undefined> {
  return new Promise((done) => {
    execFile(program, words, { env: environment, timeout: PATIENCE_MS, encoding: 'utf8' }, (error, _out, complaint) => {
      if (!error) return done(undefined);
      done((error as NodeJS.ErrnoException).code === 'ENOENT' ? 'not found' : lastLine(complaint) || `exit code ${String(error.code)}`);
    });
  });
}

/** What pip is told so that it takes exactly this wheel, whatever its own Python is. It keeps no copy. */
function download({ file }: Wheel): string[] {
  const { requirement, abi, platform } = tagsOf(file);
  const tags = ['--implementation', 'cp', '--python-version', '3.11', '--abi', abi, '--platform', platform];
  const quiet = ['--no-input', '--disable-pip-version-check', '--no-color', '--progress-bar', 'off'];
  return ['download', '--no-deps', '--no-cache-dir', '--only-binary', ':all:', ...tags, ...quiet, requirement];
}

export interface PipDownload {
  readonly onBytes: (done: number) => void;
  readonly signal: AbortSignal;
  /** Stop pip as soon as it says where the wheel is: what pip itself downloads cannot go on after an interruption. */
  readonly stopAtLink: boolean;
}

/**
 * Lets pip fetch the wheel into `folder`, or say where the user's index has it: resolves with that address, or with nothing when the wheel is
 * there. Pip prints every link that it found before it takes one. A KithError with pip's own words where it fails.
 */
export async function runPip(
  pip: Pip,
  wheel: Wheel,
  folder: string,
  { onBytes, signal, stopAtLink }: PipDownload,
): Promise<string | undefined> {
  const work = workFolder(folder);
  const watch = setInterval(() => onBytes(largestFile(work)), WATCH_MS);
  const child = start(pip, [...download(wheel), ...(stopAtLink ? ['-vv'] : []), '--dest', folder], work, signal);
  try {
    const link = stopAtLink ? linkIn(child, wheel) : undefined;
    const { code, complaint } = await finish(child);
    signal.throwIfAborted();
    const url = await link;
    if (url !== undefined || code === 0) return url;
    throw new KithError(`pip could not download ${wheel.file}.`, {
      facts: complaint.split('\n').filter((line) => /^ERROR/.test(line)),
      hint: 'Kith uses the index that pip is configured for: pip config list shows it.',
    });
  } finally {
    clearInterval(watch);
    rmSync(work, { recursive: true, force: true });
  }
}

/** The wheel's address, when pip prints it: then pip is stopped. */
function linkIn(child: Child, { file }: Wheel): Promise<string | undefined> {
  const link = new RegExp(`https?://\\S*/${file.replaceAll('.', '\\.')}`);
  return new Promise((done) => {
    let line = '';
    child.stdout.setEncoding('utf8').on('data', (text: string) => {
      const found = link.exec((line += text))?.[0];
      if (found !== undefined) child.kill('SIGKILL');
      if (found !== undefined) done(found);
      line = line.slice(line.lastIndexOf('\n') + 1);
    });
    child.on('close', () => done(undefined));
  });
}

const WATCH_MS = 250;

/** Pip unpacks and downloads below `TMPDIR`: here, where the space was checked and where the progress can be seen. */
function workFolder(folder: string): string {
  const work = join(folder, '.pip');
  rmSync(work, { recursive: true, force: true });
  mkdirSync(work, { recursive: true });
  return work;
}

function start({ program, words, environment }: Pip, more: readonly string[], work: string, signal: AbortSignal): Child {
  const env = { ...environment, TMPDIR: work, TEMP: work, TMP: work, PYTHONUNBUFFERED: '1' };
  return spawn(program, [...words, ...more], { env, stdio: ['ignore', 'pipe', 'pipe'], signal });
}

function finish(child: Child): Promise<{ readonly code: number | null; readonly complaint: string }> {
  return new Promise((done) => {
    let complaint = '';
    child.stdout.resume();
    child.stderr.setEncoding('utf8').on('data', (text: string) => (complaint += text));
    child.on('error', (error) => (complaint += `ERROR: ${error.message}`)).on('close', (code) => done({ code, complaint }));
  });
}

function largestFile(folder: string): number {
  try {
    const files = readdirSync(folder, { recursive: true, encoding: 'utf8' });
    return Math.max(0, ...files.map((file) => statSync(join(folder, file), { throwIfNoEntry: false })?.size ?? 0));
  } catch {
    return 0;
  }
}

const lastLine = (text: string): string => text.trim().split('\n').at(-1)!;
