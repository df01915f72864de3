// The project that faults are done to: small nodes that keep a ledger of their lives, and what their results must be. Knows no test runner.
import { spawn, type ChildProcess } from 'node:child_process';
import { mkdirSync, readdirSync, readFileSync, symlinkSync, writeFileSync } from 'node:fs';
import { join, relative } from 'node:path';
import { getArtifact } from '../../cache/artifact.ts';
import { openStore } from '../../cache/disk.ts';
import { isComplete, parseRecord } from '../../cache/record.ts';
import type { Key } from '../../cache/store.ts';
import { pathToFileURL } from 'node:url';
import { packageFolder } from '../../engine/files.ts';

/** Parts that the numbers are split into, and epochs of the node that keeps checkpoints. */
const PARTS = 3;
const EPOCHS = 5;
const LENGTH = 4000;

/**
 * `numbers` feeds `part0…2` and `trained`, all of which feed `total`. `round` changes every key. Every node enters and leaves through a
 * ledger, so that a life that overlaps another of the same node is seen; one of them keeps the processor busy and hears nothing meanwhile.
 */
const PIPELINE = `
import { appendFileSync, readFileSync, renameSync, writeFileSync } from 'node:fs';
import { defineNode, input, manyInputs, pipeline, z } from 'kith';

// A process that was killed stays in the table until its parent has asked for it, but it does nothing any more.
const startOf = (pid: number): string => {
  try { const stat = readFileSync('/proc/' + pid + '/stat', 'latin1').split(' '); return stat[2] === 'Z' || stat[2] === 'X' ? '' : stat[21]!; }
  catch { return ''; }
};
const me = process.pid + ' ' + startOf(process.pid);
const isAlive = (who: string): boolean => who !== '' && startOf(Number(who.split(' ')[0])) === who.split(' ')[1];
function enter(name: string): () => void {
  const inside = 'ledger/' + name;
  const before = (() => { try { return readFileSync(inside, 'utf8'); } catch { return ''; } })();
  if (before !== me && isAlive(before)) appendFileSync('ledger/all', 'twice ' + name + '\\n');
  writeFileSync(inside + '.' + process.pid, me);
  renameSync(inside + '.' + process.pid, inside);
  appendFileSync('ledger/all', 'start ' + name + '\\n');
  return () => { writeFileSync(inside, ''); appendFileSync('ledger/all', 'end ' + name + '\\n'); };
}
const pause = (ms: number): Promise<void> => new Promise((done) => setTimeout(done, ms));
const busy = (ms: number): void => { for (const until = performance.now() + ms; performance.now() < until;); };
const array = (data: Float32Array) => ({ array: { dtype: 'float32' as const, shape: [data.length], data } });
type Numbers = { array: { data: Float32Array } };
const sum = ({ data }: { data: Float32Array }): number => data.reduce((total, value) => total + value, 0);

const numbers = defineNode({ kind: 'numbers', inputs: {}, params: z.object({ round: z.number().default(0) }), run: async ({ params }) => {
  const leave = enter('numbers-' + params.round);
  await pause(3);
  leave();
  return array(Float32Array.from({ length: ${LENGTH} }, (_, at) => (at * 7 + params.round) % 101));
} });
const part = defineNode({ kind: 'part', inputs: { x: input<Numbers>() }, params: z.object({ at: z.number(), round: z.number().default(0) }), run: async ({ inputs, params }) => {
  const leave = enter('part-' + params.at + '-' + params.round);
  if (params.at === 0) busy(25); else await pause(4);
  leave();
  return array(inputs.x.array.data.map((value, at) => (at % ${PARTS} === params.at ? value + params.round : 0)));
} });
const trained = defineNode({ kind: 'trained', inputs: { x: input<Numbers>() }, params: z.object({ round: z.number().default(0) }), run: async ({ inputs, params, checkpoint }) => {
  const leave = enter('trained-' + params.round);
  let state = ((await checkpoint.load()) as { epoch: number; sum: number; padding: unknown } | undefined) ?? { epoch: 0, sum: 0 };
  for (let epoch = state.epoch; epoch < ${EPOCHS}; epoch += 1) {
    await pause(2);
    state = { epoch: epoch + 1, sum: state.sum + inputs.x.array.data[epoch * 11 + params.round % 7]! };
    await checkpoint.save({ ...state, ...array(inputs.x.array.data) } as never);
    appendFileSync('ledger/all', 'epoch trained-' + params.round + ' ' + epoch + '\\n');
  }
  leave();
  return { value: state.sum };
} });
const total = defineNode({ kind: 'total', inputs: { parts: manyInputs<Numbers>(), trained: input<{ value: number }>() }, params: z.object({ round: z.number().default(0) }), run: async ({ inputs, params }) => {
  const leave = enter('total-' + params.round);
  leave();
  return { value: Object.values(inputs.parts).reduce((all, { array }) => all + sum(array), 0) + inputs.trained.value };
}, summarise: ({ value }) => ({ metrics: { value } }) });

const x = numbers({});
const parts = Object.fromEntries([0, 1, 2].map((at) => ['part' + at, part({ x }, { at })]));
const t = trained({ x });
export default pipeline({ numbers: x, ...parts, trained: t, total: total({ parts, trained: t }) });
`;

const NODES = ['numbers', ...Array.from({ length: PARTS }, (_, at) => `part${at}`), 'trained', 'total'];

/** What \`total\` must come to in a round. */
export function totalOf(round: number): number {
  const x = Float32Array.from({ length: LENGTH }, (_, at) => (at * 7 + round) % 101);
  const trained = Array.from({ length: EPOCHS }, (_, epoch) => x[epoch * 11 + (round % 7)]!);
  const parts = Array.from({ length: PARTS }, (_, part) => x.map((value, at) => (at % PARTS === part ? value + round : 0)));
  return [...parts.flatMap((part) => [...part]), ...trained].reduce((sum, value) => sum + value, 0);
}

/** No run here takes a tenth of this, also on a busy machine. */
const HUNG_MS = 120_000;

export interface Line {
  readonly event: string;
  readonly node?: string;
  readonly key?: string;
  readonly [field: string]: unknown;
}

/** A `kith` process that was started, and what it printed when it is over. */
export interface Started {
  readonly process: ChildProcess;
  /** Resolves when a first node is executed, or when the process is over. */
  readonly working: Promise<unknown>;
  readonly ended: Promise<Ended>;
}

export interface Ended {
  readonly code: number | null;
  readonly signal: string | null;
  readonly events: readonly Line[];
  readonly stdout: string;
  readonly stderr: string;
}

export interface StartOptions {
  readonly env?: NodeJS.ProcessEnv;
  /** A shell command that comes before, as `ulimit -f 16`. */
  readonly shell?: string;
  /** Who runs it. */
  readonly uid?: number;
  readonly gid?: number;
}

export interface Victim {
  readonly folder: string;
  readonly cache: string;
  /** Starts `kith …` as the leader of a process group. */
  start(words: readonly string[], options?: StartOptions): Started;
  /** Starts a run of a round. */
  run(round: number, options?: StartOptions & { readonly words?: readonly string[] }): Started;
  /** What the nodes wrote of their lives, oldest first. */
  ledger(): string[];
}

/** Makes the project in an empty folder. */
export function createVictim(folder: string): Victim {
  writeFileSync(join(folder, 'package.json'), '{ "type": "module" }');
  writeFileSync(join(folder, 'pipeline.ts'), PIPELINE);
  symlinkSync(join(packageFolder(), 'node_modules'), join(folder, 'node_modules'));
  mkdirSync(join(folder, 'ledger'));
  writeFileSync(join(folder, 'ledger', 'all'), '');
  const start: Victim['start'] = (words, { env = {}, shell, ...who } = {}) => {
    const line = [process.execPath, join(packageFolder(), 'dist', 'kith.cjs'), ...words];
    const [program, ...rest] = shell === undefined ? line : ['/bin/sh', '-c', `${shell}; exec "$@"`, 'sh', ...line];
    const child = spawn(program!, rest, {
      cwd: folder,
      detached: true,
      ...who,
      env: { ...cleanEnvironment(), ...env },
      stdio: ['ignore', 'pipe', 'pipe'],
    });
    return { process: child, working: saidOf(child, '"node-started"'), ended: endOf(child) };
  };
  return {
    folder,
    cache: join(folder, '.kith'),
    start,
    run: (round, { words = [], ...options } = {}) => start(['run', '--json', ...settings(round), ...words], options),
    ledger: () =>
      readFileSync(join(folder, 'ledger', 'all'), 'utf8')
        .split('\n')
        .filter(Boolean),
  };
}

const settings = (round: number): string[] => NODES.flatMap((node) => ['--set', `${node}.round=${round}`]);

/** The environment without what a test runner set. */
function cleanEnvironment(): NodeJS.ProcessEnv {
  const { NODE_OPTIONS: _options, VITEST: _vitest, NODE_ENV: _env, ...rest } = process.env;
  return rest;
}

function saidOf(child: ChildProcess, text: string): Promise<unknown> {
  return new Promise((resolve) => {
    let said = '';
    child.stdout!.on('data', (more: string | Buffer) => {
      said = (said + String(more)).slice(-10_000);
      if (said.includes(text)) resolve(undefined);
    });
    child.once('close', resolve);
  });
}

function endOf(child: ChildProcess): Promise<Ended> {
  let [stdout, stderr] = ['', ''];
  child.stdout!.setEncoding('utf8').on('data', (text: string) => (stdout += text));
  child.stderr!.setEncoding('utf8').on('data', (text: string) => (stderr += text));
  return new Promise((resolve, reject) => {
    const hung = setTimeout(() => {
      stderr += `it hung for ${HUNG_MS / 1000} s, and was killed`;
      process.kill(-child.pid!, 'SIGKILL');
    }, HUNG_MS);
    child.once('error', reject);
    child.once('close', () => clearTimeout(hung));
    child.once('close', (code, signal) => resolve({ code, signal, stdout, stderr, events: stdout.split('\n').flatMap(parseLine) }));
  });
}

function parseLine(line: string): Line[] {
  try {
    return [JSON.parse(line) as Line];
  } catch {
    return []; // Cut off by a kill.
  }
}

/** What is wrong with a run that was left alone; nothing where it ended as it must. */
export async function faultsIn({ code, events, stderr }: Ended, { cache }: Victim, round: number): Promise<string[]> {
  const last = events.at(-1);
  if (code !== 0 || last?.event !== 'run-finished') return [`round ${round} ended with ${code}: ${stderr || JSON.stringify(last)}`];
  const nodes = last['nodes'] as { readonly [node: string]: { readonly key: Key } };
  const store = openStore(cache, { onDamage: () => {} });
  const missing = Object.entries(nodes).filter(([, { key }]) => {
    const record = parseRecord(store.getRecordSync(key), key);
    return !record || !isComplete(store, record);
  });
  if (missing.length > 0) return [`round ${round} says that ${missing.map(([node]) => node).join(', ')} are done, but they are not there`];
  const record = parseRecord(store.getRecordSync(nodes['total']!.key), nodes['total']!.key)!;
  const artifact = (await getArtifact(store, record.artifact)) as { readonly value?: number } | undefined;
  return artifact?.value === totalOf(round) ? [] : [`round ${round} has ${artifact?.value}, not ${totalOf(round)}`];
}

/** What the preloaded `inject.js` is to do in a process, as its environment. */
export interface Fault {
  readonly who: 'engine' | 'worker';
  /** Which call to the file system that changes the cache, counted from 0. */
  readonly at: number;
  /** Ends the process before the call (0), in the middle of what it writes (0.5), or after it (1). */
  readonly kill?: boolean;
  readonly when?: number;
  /** The system's error with which the call fails, and all later ones where `on`. */
  readonly code?: string;
  readonly on?: boolean;
}

/** The environment of a process to which this is done, or whose clock is wrong by `skew` milliseconds once it has lived for `after`. */
export function inject(fault: Fault | { readonly skew: number; readonly after: number }): NodeJS.ProcessEnv {
  const program = pathToFileURL(join(packageFolder(), 'tests', 'faults', 'inject.js')).href;
  return { NODE_OPTIONS: `--import=${program}`, KITH_FAULT: JSON.stringify(fault) };
}

/** Keys of the nodes that a run said it has finished. */
export const finishedKeys = ({ events }: Ended): string[] =>
  events.filter(({ event }) => event === 'node-finished').map(({ key }) => key as string);

/** Files in a cache that no finished run leaves: temporary files, locks, states of training. */
export function leftOver(cache: string): string[] {
  return filesIn(cache).filter((file) => /^(tmp|locks|checkpoints)\/|(^|\/)\.|\.new-|[0-9a-f]{8}-[0-9a-f]{4}-4/.test(file));
}

/** Every file in a folder, relative to it. */
export function filesIn(folder: string): string[] {
  try {
    return readdirSync(folder, { recursive: true, withFileTypes: true })
      .filter((entry) => !entry.isDirectory())
      .map((entry) => relative(folder, join(entry.parentPath, entry.name)))
      .sort();
  } catch {
    return [];
  }
}
