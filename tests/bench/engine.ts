// What the engine itself costs: a node's way through it, a plan's memory, hashing, loading, the dashboard. Most rows stand beside a target, since
// nobody else's engine does the same piece of work; `ratio` is there only where another program was measured alternately.
import { execFileSync } from 'node:child_process';
import { createHash } from 'node:crypto';
import {
  closeSync,
  existsSync,
  mkdtempSync,
  openSync,
  readdirSync,
  readFileSync,
  readSync,
  rmSync,
  statSync,
  symlinkSync,
  utimesSync,
  writeFileSync,
} from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { Writable } from 'node:stream';
import { setTimeout as wait } from 'node:timers/promises';
import { setFlagsFromString } from 'node:v8';
import { runInNewContext } from 'node:vm';
import type { Artifact } from '../../cache/array.ts';
import { loadHasher } from '../../cache/digest.ts';
import { openStore, type DiskStore } from '../../cache/disk.ts';
import { openStatCache } from '../../cache/stat-cache.ts';
import type { Digest } from '../../cache/store.ts';
import { startDashboard } from '../../engine/dashboard/render.ts';
import { eventLine, type Event } from '../../engine/events.ts';
import { packageFolder } from '../../engine/files.ts';
import { definitionsOf } from '../../engine/load.ts';
import { openProject, planProject } from '../../engine/project.ts';
import { createResources } from '../../engine/resources.ts';
import { run } from '../../engine/run.ts';
import { runProject } from '../../engine/run-project.ts';
import { turnsOf } from '../../engine/turns.ts';
import { execute } from '../../engine/workers/execute.ts';
import { createPool } from '../../engine/workers/pool.ts';
import type { Outcome, TaskRunner } from '../../engine/workers/protocol.ts';
import { compare, median, type Comparison } from './compare.ts';
import { kithPipeline } from './trees.ts';

const ROUNDS = 5;
const GIGABYTE = 1e9;

export default async function* engine(): AsyncIterable<Comparison> {
  setFlagsFromString('--expose-gc');
  globalThis.gc ??= runInNewContext('gc') as NodeJS.GCFunction;
  // First: the others leave memory behind that is collected at anybody's cost.
  yield await watching();
  yield* executing();
  yield* planning();
  yield* hashing();
  yield await loading();
}

/** Microseconds of processor time (all threads of the engine) and of waiting for each node of a tree of trivial nodes. */
async function* executing(): AsyncIterable<Comparison> {
  // A folder in memory has nothing to wait for: what is left is the engine. Nothing is deleted before the end: a file system that has just
  // deleted much is slow at making files.
  const disk = mkdtempSync(join(tmpdir(), 'kith-engine-'));
  const memory = existsSync('/dev/shm') ? mkdtempSync('/dev/shm/kith-engine-') : undefined;
  try {
    for (const nodes of [1000, 10_000]) {
      const costs = await repeated(ROUNDS, () => costAlone(disk, nodes));
      yield row(`executed in-process, ${nodes} nodes, the engine without a cache`, median(costs), 'µs of CPU a node', { atMost: 50 });
    }
    const worker = (): TaskRunner => createPool(join(packageFolder(), 'dist', 'worker.js'));
    const costs = await repeated(ROUNDS, () => costOf(disk, { nodes: 2000, runner: worker, jobs: 1 }));
    const [next, cpu] = [median(costs.map((each) => each.next)) / 1000, median(costs.map((each) => each.cpu))];
    yield row('through one warm worker, 2000 nodes', next, 'ms wall a node', { atMost: 1 }, `${cpu.toFixed(0)} µs of the engine's CPU`);
    yield* executingIn(disk, 'cache on disk, durable');
    if (memory !== undefined) yield* executingIn(memory, 'cache in memory (/dev/shm)');
  } finally {
    for (const folder of [disk, ...(memory === undefined ? [] : [memory])]) rmSync(folder, { recursive: true, force: true, maxRetries: 5 });
  }
}

async function* executingIn(folder: string, name: string): AsyncIterable<Comparison> {
  for (const [nodes, rounds] of [
    [1000, ROUNDS],
    [10_000, 1],
  ] as const) {
    const costs = await repeated(rounds, () => costOf(folder, { nodes, runner: inProcess }));
    const [cpu, wall] = [median(costs.map((each) => each.cpu)), median(costs.map((each) => each.wall))];
    yield row(`executed in-process, ${nodes} nodes, ${name}`, cpu, 'µs of CPU a node', { atMost: 50 }, `${wall.toFixed(0)} µs wall`);
  }
}

interface Cost {
  /** Microseconds a node. */
  readonly cpu: number;
  readonly wall: number;
  /** From the end of the first node, which waits for the worker to start, to the end of the last. */
  readonly next: number;
}

/** One run in a folder of its own, which stays. */
async function costOf(
  parent: string,
  { nodes, runner, jobs = 2 }: { readonly nodes: number; readonly runner: (workFile: string) => TaskRunner; readonly jobs?: number },
): Promise<Cost> {
  const folder = mkdtempSync(join(parent, 'run-'));
  writeProject(folder, kithPipeline(nodes));
  const project = await openProject({ cwd: folder });
  const ends: number[] = [];
  const [started, before] = [performance.now(), process.cpuUsage()];
  const { results } = await runProject(project, {
    jobs,
    signal: new AbortController().signal,
    listener: ({ event }) => void (event === 'node-finished' && ends.push(performance.now())),
    runner: () => runner(project.compiled.workFile),
  });
  const [{ user, system }, wall] = [process.cpuUsage(before), performance.now() - started];
  const executed = [...results.values()].filter(({ state }) => state === 'executed').length;
  if (executed !== nodes) throw new Error(`${executed} of ${nodes} nodes were executed`);
  return { cpu: (user + system) / nodes, wall: (wall * 1000) / nodes, next: ((ends.at(-1)! - ends[0]!) * 1000) / (nodes - 1) };
}

/** Scheduling, keys, events, the node itself: nothing is locked, written or remembered beyond the process. Microseconds of CPU a node. */
async function costAlone(parent: string, nodes: number): Promise<number> {
  const folder = mkdtempSync(join(parent, 'run-'));
  writeProject(folder, kithPipeline(nodes));
  const project = await openProject({ cwd: folder });
  const { plan, knowledge } = planProject(project, []);
  const turns = turnsOf(plan, project.variants);
  const definitions = await definitionsOf(project.compiled.workFile);
  const values = new Map<string, Artifact>();
  let written = 0;
  const before = process.cpuUsage();
  const results = await run({
    plan,
    knowledge: { ...knowledge, lookUp: () => undefined },
    runner: {
      async run({ kind, inputs, params }) {
        const given = Object.fromEntries(Object.entries(inputs).map(([slot, artifact]) => [slot, values.get(artifact)!]));
        const value = await definitions.get(kind)!.run({ inputs: given, params } as never);
        const artifact = `${(written += 1)}` as Digest;
        values.set(artifact, value);
        return { artifact, blobs: [], bytes: 0, seconds: 0, resumed: false, checkpointed: false };
      },
      close: async () => {},
    },
    resources: createResources({ cpu: 2 }, 2),
    turn: (node) => turns.get(node)!,
    keepGoing: true,
    pause: async () => {},
    hardware: 'none',
    task: { device: 'auto', workFile: '', cacheFolder: folder, root: folder },
    signal: new AbortController().signal,
    listener: (event) => void (written += eventLine(event).length),
    clock: Date.now,
    usage: () => {},
    alone: async () => async () => {},
    remember: () => {},
    record: async () => undefined as never,
  });
  const { user, system } = process.cpuUsage(before);
  if ([...results.values()].some(({ state }) => state !== 'executed')) throw new Error('not every node was executed');
  return (user + system) / nodes;
}

/** Runs nodes where the engine runs. */
function inProcess(workFile: string): TaskRunner {
  let store: DiskStore | undefined;
  return {
    async run(task, hooks, signal) {
      const definition = (await definitionsOf(workFile)).get(task.kind)!;
      return execute(definition, task, (store ??= openStore(task.cacheFolder)), hooks, signal);
    },
    close: async () => {},
  };
}

/** Processes in which nothing is to be done: their memory, and how their work grows. */
async function* planning(): AsyncIterable<Comparison> {
  const folders = new Map<number, string>();
  try {
    for (const nodes of [10, 1000, 10_000]) {
      const folder = mkdtempSync(join(tmpdir(), 'kith-engine-'));
      folders.set(nodes, folder);
      writeProject(folder, kithPipeline(nodes));
      for (let run = 0; run < 2; run += 1) idleRun(folder);
    }
    const rounds = await repeated(ROUNDS, async () => new Map([...folders].map(([nodes, folder]) => [nodes, idleRun(folder)])));
    const figure = (nodes: number, field: keyof Idle): number => median(rounds.map((round) => round.get(nodes)![field]));
    yield row(
      'planning, 10000 nodes, peak',
      figure(10_000, 'memory') / 1e6,
      'MB',
      { atMost: 200 },
      `${(figure(10, 'memory') / 1e6).toFixed(0)} MB at 10 nodes`,
    );
    const [few, more, most] = [10, 1000, 10_000].map((nodes) => figure(nodes, 'cpu')) as [number, number, number];
    const note = `${[few, more, most].map((each) => each.toFixed(0)).join(' / ')} ms of CPU at 10 / 1000 / 10000 nodes`;
    yield row('growth of a no-op run, 1000 to 10000 nodes', (most - few) / (more - few), 'times', { atMost: 10 }, note);
  } finally {
    for (const folder of folders.values()) rmSync(folder, { recursive: true, force: true, maxRetries: 5 });
  }
}

interface Idle {
  /** Bytes that the process held at most. */
  readonly memory: number;
  /** Milliseconds of processor time, Node's start included. */
  readonly cpu: number;
}

function idleRun(folder: string): Idle {
  const [meter, figures] = [join(folder, 'meter.cjs'), join(folder, 'figures')];
  writeFileSync(
    meter,
    `process.on('exit', () => {
      const fs = require('node:fs');
      const usage = process.resourceUsage();
      // Where the system says what this program held: \`maxRSS\` counts the process that started it too.
      const [, own] = /VmHWM:\\s*(\\d+)/.exec(fs.existsSync('/proc/self/status') ? fs.readFileSync('/proc/self/status', 'latin1') : '') ?? [];
      fs.writeFileSync(${JSON.stringify(figures)}, JSON.stringify({ ...usage, maxRSS: Number(own ?? usage.maxRSS) }));
    });`,
  );
  execFileSync(process.execPath, ['--require', meter, join(packageFolder(), 'dist', 'kith.cjs'), 'run', '--json'], {
    cwd: folder,
    stdio: 'ignore',
  });
  const { maxRSS, userCPUTime, systemCPUTime } = JSON.parse(readFileSync(figures, 'utf8')) as NodeJS.ResourceUsage;
  return { memory: maxRSS * 1024, cpu: (userCPUTime + systemCPUTime) / 1000 };
}

/** A changed file of a gigabyte, beside the MD5 by which DVC knows one; an unchanged one. */
async function* hashing(): AsyncIterable<Comparison> {
  const folder = mkdtempSync(join(tmpdir(), 'kith-engine-'));
  try {
    const file = join(folder, 'large');
    writeFileSync(file, numbers(GIGABYTE / 4));
    utimesSync(file, 1e9, 1e9);
    const hasher = await loadHasher();
    const rate = (act: () => unknown): number => GIGABYTE / 1e9 / (timed(act) / 1000);
    const ours = { measure: async () => rate(() => openStatCache(join(folder, 'none'), hasher).digest(file)) };
    const peer = { measure: async () => rate(() => md5(file)) };
    const labels = {
      bench: 'engine',
      case: 'hashing a changed file of 1 GB',
      peerName: "MD5 of OpenSSL, which is DVC's hash",
      unit: 'GB/s',
    };
    const compared = await compare(labels, ours, peer, { rounds: 3 });
    yield { ...compared, note: judged(compared.ours!, { atLeast: 3 }) };
    const cache = openStatCache(join(folder, 'known'), hasher);
    await wait(100); // A file that was just written is not trusted.
    cache.digest(file);
    const looks = 10_000;
    const times = await repeated(ROUNDS, async () => timed(() => repeat(looks, () => cache.digest(file))));
    yield row('knowing an unchanged file of 1 GB', (median(times) * 1000) / looks, 'µs', { atMost: 100 });
  } finally {
    rmSync(folder, { recursive: true, force: true });
  }
}

/** An array as a worker loads it, beside reading the same file whole and hashing it then. */
async function loading(): Promise<Comparison> {
  return inFolder(async (folder) => {
    writeProject(folder, LOADING);
    const project = await openProject({ cwd: folder });
    const pool = createPool(join(packageFolder(), 'dist', 'worker.js'), { execArgv: ['--expose-gc'] });
    const signal = new AbortController().signal;
    const runner = (): TaskRunner => ({ run: pool.run, close: async () => {} });
    const { results } = await runProject(project, { signal, listener: () => {}, runner });
    const { artifact: big } = results.get('big')!;
    const { name, path } = largest(folder);
    const task = { key: '0'.repeat(32), params: {}, seed: 0, device: 'auto', threads: 1, workFile: project.compiled.workFile };
    const hooks = { progress: () => {}, log: () => {}, usage: () => {} };
    const once = (kind: string, inputs: { readonly [slot: string]: Digest }): Promise<Outcome> =>
      pool.run({ ...task, node: kind, kind, inputs, cacheFolder: project.cacheFolder, root: folder }, hooks, signal);
    let most = 0;
    const ours = {
      async measure() {
        await once('tidy', {});
        const { seconds, summary } = await once('look', { big: big! });
        most = Math.max(most, summary!.metrics!['bytes']! / GIGABYTE);
        return GIGABYTE / 1e9 / seconds;
      },
    };
    const peer = {
      async measure() {
        const started = performance.now();
        if (createHash('sha256').update(readFileSync(path)).digest('hex') !== name) throw new Error('the file is damaged');
        return GIGABYTE / 1e9 / ((performance.now() - started) / 1000);
      },
    };
    const labels = { bench: 'engine', case: 'loading an array of 1 GB, verified', peerName: 'readFile, then SHA-256', unit: 'GB/s' };
    const compared = await compare(labels, ours, peer, { rounds: ROUNDS });
    await pool.close();
    return { ...compared, note: `${judged(compared.ours!, { atLeast: 2 })}; ${most.toFixed(2)} copies in memory` };
  });
}

/** Nodes that make an array, load it and say what all arrays take then, and let go of it. */
const LOADING = `
import { defineNode, input, pipeline, z } from 'kith';
const arrays = () => ({ bytes: process.memoryUsage().arrayBuffers });
const big = defineNode({ kind: 'big', inputs: {}, params: z.object({}), run: async () => {
  const data = new Float32Array(${GIGABYTE / 4});
  for (let at = 0; at < data.length; at += 1) data[at] = at * 0.37;
  return { x: { dtype: 'float32', shape: [data.length], data } };
} });
const look = defineNode({ kind: 'look', inputs: { big: input<any>() }, params: z.object({}),
  run: async () => arrays(), summarise: (metrics) => ({ metrics }) });
const tidy = defineNode({ kind: 'tidy', inputs: {}, params: z.object({}), run: async () => (globalThis.gc(), arrays()) });
const array = big();
export default pipeline({ big: array, look: look({ big: array }), tidy: tidy() });
`;

/** The largest blob in the cache of a project. */
function largest(folder: string): { readonly name: string; readonly path: string } {
  const content = join(folder, '.kith', 'cas');
  const blobs = readdirSync(content, { recursive: true, withFileTypes: true }).filter((entry) => entry.isFile());
  const sized = blobs.map(({ name, parentPath }) => ({ name, path: join(parentPath, name), size: statSync(join(parentPath, name)).size }));
  return sized.reduce((a, b) => (b.size > a.size ? b : a));
}

const SECONDS = 10;

/** The dashboard of eight nodes that tell of their progress ten times a second each: its share of a core. */
async function watching(): Promise<Comparison> {
  const stdout = Object.assign(new Writable({ write: (_chunk, _encoding, done) => done() }), { columns: 100, rows: 40, isTTY: true });
  const dashboard = startDashboard({ stdout: stdout as unknown as NodeJS.WriteStream, color: true });
  const names = Array.from({ length: 8 }, (_, at) => `node ${at}`);
  const tell = (event: Event): void => dashboard.listener(event);
  const now = Date.now;
  const nodes = names.map((name) => ({ name, kind: 'bench', inputs: [], state: 'stale', key: '0'.repeat(32) }) as const);
  tell({
    time: now(),
    event: 'run-started',
    version: 1,
    run: 'bench',
    pipeline: 'pipeline.ts',
    jobs: 8,
    threads: 2,
    device: 'auto',
    nodes,
  });
  const reason = { why: 'new', text: 'it never ran', changes: [] } as const;
  for (const node of names) tell({ time: now(), event: 'node-started', node, key: '0'.repeat(32), reason });
  await wait(2000); // Ink is loaded.
  const progress = async (): Promise<number> => {
    const [started, before] = [performance.now(), process.cpuUsage()];
    for (let step = 0; step < SECONDS * 10; step += 1) {
      const figures = { done: step, total: SECONDS * 10, unit: 'epoch', metrics: { loss: 1 / (step + 1) } };
      for (const node of names) tell({ time: now(), event: 'node-progress', node, ...figures });
      await wait(100);
    }
    const { user, system } = process.cpuUsage(before);
    return (user + system) / 10 / (performance.now() - started);
  };
  const shares = await repeated(10, progress);
  await dashboard.finish();
  return row(
    'dashboard, 8 nodes at 10 Hz',
    median(shares.slice(5)),
    '% of a core',
    { atMost: 2 },
    `${shares.map((each) => each.toFixed(1)).join(', ')} % in each ${SECONDS} s, the first half while V8 compiles it`,
  );
}

function writeProject(folder: string, pipeline: string): void {
  writeFileSync(join(folder, 'package.json'), '{ "type": "module" }');
  writeFileSync(join(folder, 'pipeline.ts'), pipeline);
  symlinkSync(join(packageFolder(), 'node_modules'), join(folder, 'node_modules'));
}

async function inFolder<T>(act: (folder: string) => Promise<T>): Promise<T> {
  const folder = mkdtempSync(join(tmpdir(), 'kith-engine-'));
  try {
    return await act(folder);
  } finally {
    rmSync(folder, { recursive: true, force: true, maxRetries: 5 });
  }
}

/** As DVC does it: a mebibyte at a time. */
function md5(path: string): string {
  const [file, hash, buffer] = [openSync(path, 'r'), createHash('md5'), Buffer.allocUnsafe(1 << 20)];
  for (let read: number; (read = readSync(file, buffer)) > 0;) hash.update(buffer.subarray(0, read));
  closeSync(file);
  return hash.digest('hex');
}

function numbers(count: number): Float32Array {
  const all = new Float32Array(count);
  for (let at = 0; at < count; at += 1) all[at] = at * 0.37;
  return all;
}

async function repeated<T>(rounds: number, act: () => Promise<T>): Promise<T[]> {
  const figures: T[] = [];
  for (let round = 0; round < rounds; round += 1) figures.push(await act());
  return figures;
}

function repeat(times: number, act: () => unknown): void {
  for (let time = 0; time < times; time += 1) act();
}

/** Milliseconds. */
function timed(act: () => unknown): number {
  const started = performance.now();
  act();
  return performance.now() - started;
}

interface Target {
  readonly atMost?: number;
  readonly atLeast?: number;
}

function judged(figure: number, { atMost, atLeast }: Target): string {
  const isMet = (atMost === undefined || figure <= atMost) && (atLeast === undefined || figure >= atLeast);
  return `${isMet ? 'meets' : 'misses'} its target: ${atMost === undefined ? `at least ${atLeast}` : `at most ${atMost}`}`;
}

function row(what: string, figure: number, unit: string, target: Target, more?: string): Comparison {
  const note = [judged(figure, target), ...(more === undefined ? [] : [more])].join('; ');
  return { bench: 'engine', case: what, ours: figure, peer: null, peerName: '–', unit, ratio: null, note };
}
