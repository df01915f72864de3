// The stage that engine tests play on: a temporary project, the command line as a user types it, and puppet nodes that count their runs.
import { cpSync, mkdirSync, mkdtempSync, rmSync, symlinkSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { dirname, join, resolve } from 'node:path';
import { execFile, spawn, type ChildProcess } from 'node:child_process';
import { onTestFinished } from 'vitest';
import { main } from '../engine/cli/main.ts';

const repository = resolve(import.meta.dirname, '..');

/** A folder that is gone after the test. */
export function temporaryFolder(): string {
  const folder = mkdtempSync(join(tmpdir(), 'kith-test-'));
  onTestFinished(() => rmSync(folder, { recursive: true, force: true, maxRetries: 5 }));
  return folder;
}

/** What a command printed and how it ended. */
export interface Printed {
  readonly stdout: string;
  readonly stderr: string;
  readonly code: number;
}

export interface TestProject {
  readonly folder: string;
  write(file: string, content: string): void;
  copy(from: string, to: string): void;
  /** Runs `kith …` as a process of its own. */
  kith(...words: string[]): Promise<Printed>;
  /** Starts `kith …` as the leader of a process group of its own, so that a test can kill everything at once. */
  start(...words: string[]): ChildProcess;
  /** Runs `kith run … --json` and returns its events. */
  events(...words: string[]): Promise<TestEvent[]>;
}

export interface TestEvent {
  readonly event: string;
  readonly node?: string;
  readonly [field: string]: unknown;
}

/** A project in a temporary folder with these files; packages resolve as in the repository. `environment` is added to that of this process. */
export function testProject(files: { readonly [file: string]: string }, environment: NodeJS.ProcessEnv = {}): TestProject {
  const folder = temporaryFolder();
  const write = (file: string, content: string): void => {
    mkdirSync(dirname(join(folder, file)), { recursive: true });
    writeFileSync(join(folder, file), content);
  };
  write('package.json', '{ "type": "module" }');
  symlinkSync(join(repository, 'node_modules'), join(folder, 'node_modules'));
  for (const [file, content] of Object.entries(files)) write(file, content);
  const env = { ...clean(), ...environment };
  const program = join(repository, 'dist', 'kith.cjs');
  const kith = (...words: string[]): Promise<Printed> =>
    new Promise((done) => {
      execFile(process.execPath, [program, ...words], { cwd: folder, env, maxBuffer: 1 << 28 }, (error, stdout, stderr) =>
        done({ stdout, stderr, code: error ? Number(error.code ?? 1) : 0 }),
      );
    });
  return {
    folder,
    write,
    kith,
    copy: (from, to) => cpSync(resolve(repository, from), join(folder, to), { recursive: true }),
    start: (...words) =>
      spawn(process.execPath, [program, ...words], { cwd: folder, env, detached: true, stdio: ['ignore', 'pipe', 'pipe'] }),
    async events(...words) {
      const { stdout, stderr } = await kith('run', ...words, '--json');
      if (!stdout) throw new Error(stderr);
      return stdout
        .trim()
        .split('\n')
        .map((line) => JSON.parse(line) as TestEvent);
    },
  };
}

/** Runs `kith …` in this process, from the sources: the same, without a start of Node. Worker processes are those of the build. */
export async function typed({ folder }: Pick<TestProject, 'folder'>, ...words: string[]): Promise<Printed> {
  const [stdout, stderr]: [string[], string[]] = [[], []];
  const terminal = {
    out: (text: string) => void stdout.push(text),
    err: (text: string) => void stderr.push(text),
    isTTY: false,
    color: false,
    cwd: folder,
    worker: join(repository, 'dist', 'worker.js'),
    onInterrupt: () => () => {},
  };
  const code = await main(words, terminal, '0.0.0');
  return { stdout: stdout.join(''), stderr: stderr.join(''), code };
}

/** The environment without what the test runner set. */
function clean(): NodeJS.ProcessEnv {
  const { NODE_OPTIONS: _options, VITEST: _vitest, NODE_ENV: _env, ...rest } = process.env;
  return rest;
}

/** Names of the nodes that were executed, in the order in which they finished. */
export function executed(events: readonly TestEvent[]): string[] {
  return events.filter(({ event }) => event === 'node-finished').map(({ node }) => node!);
}
