// A whole run of a project as a library call: plan, run, remember, and one stream of events to listeners and to `runs/<id>/events.jsonl`.
import { closeSync, mkdirSync, openSync, writeSync } from 'node:fs';
import { availableParallelism, totalmem } from 'node:os';
import { join } from 'node:path';
import { setTimeout } from 'node:timers/promises';
import { markFormat } from '../cache/format.ts';
import { acquire, sweepLocks } from '../cache/single-flight.ts';
import { createGroupCommit } from '../cache/group-commit.ts';
import { aliasTo, recordFrom } from '../cache/record.ts';
import { beginSize } from '../cache/size.ts';
import { lockFolders, sweep } from '../cache/sweep.ts';
import { createBatch, type Batch } from './batch.ts';
import { capOf } from './cap.ts';
import { diskCheckpoint } from './checkpoint.ts';
import type { ChooseDevice, ChosenDevice } from './device.ts';
import { EVENTS_VERSION, newEventLine, type Event, type Listener, type PlannedNode, type SweepPart } from './events.ts';
import { planProject, type Project } from './project.ts';
import { type Amounts, createResources } from './resources.ts';
import { run } from './run.ts';
import { turnsOf } from './turns.ts';
import type { TaskRunner } from './workers/protocol.ts';
import type { NodeResult } from './world.ts';

export interface ProjectRun {
  readonly targets?: readonly string[];
  /** Nodes to run even if they are cached. */
  readonly forced?: readonly string[];
  /** Nodes that run at once; default: the number of processors. */
  readonly jobs?: number;
  /** What runs tensors; default: what `chooseDevice` chooses, when a node has to run. */
  readonly device?: string;
  readonly chooseDevice?: ChooseDevice;
  /** Whether nodes that do not need a failed one still start; default: where there are several variants. */
  readonly keepGoing?: boolean;
  /** Totals of named resources, where they are not what the machine has. */
  readonly resources?: Amounts;
  /** The sweep whose trials the project's variants are: told to whoever watches. */
  readonly sweep?: SweepPart;
  readonly signal: AbortSignal;
  readonly listener: Listener;
  /** Made when the first stale node needs it. */
  readonly runner: () => TaskRunner;
  readonly clock?: () => number;
}

/** How a run ended; `exitCode` is 0, 1 when a node failed, 130 when it was interrupted. */
export interface Finished {
  readonly run: string;
  readonly results: ReadonlyMap<string, NodeResult>;
  readonly exitCode: 0 | 1 | 130;
}

/** Runs what is stale in a project. Rejects with a KithError when the project itself is wrong; a node's failure is a result. */
export async function runProject(project: Project, options: ProjectRun): Promise<Finished> {
  const { clock = Date.now, signal } = options;
  const threads = availableParallelism();
  const jobs = options.jobs ?? threads;
  const cap = capOf(project.root);
  const started = clock();
  const { plan, knowledge } = planProject(project, options.targets ?? [], options.forced);
  const chosen = await deviceFor(plan, options);
  markFormat(project.cacheFolder);
  beginSize(project.cacheFolder);
  sweep(project.cacheFolder, (key) => knowledge.lookUp(key) !== undefined);
  const id = runId(started);
  const journal = openJournal(project.cacheFolder, id);
  const tell = (event: Event): void => {
    const line = newEventLine(event);
    journal.add(line);
    options.listener(event, line);
  };
  const memory = new Map<string, number>();
  const resources = createResources({ cpu: threads, gpu: 1, memory: totalmem(), ...options.resources }, jobs);
  const commit = createGroupCommit(project.store);
  let turns: ReadonlyMap<string, number> | undefined;
  let made = 0;
  let runner: TaskRunner | undefined;
  try {
    const nodes = [...plan.values()].map(({ shown }) => shown);
    const variants = project.variants.length > 1 ? { variants: project.variants.map(({ names }) => names) } : {};
    tell({
      time: started,
      ...variants,
      ...(options.sweep ? { sweep: options.sweep } : {}),
      event: 'run-started',
      version: EVENTS_VERSION,
      run: id,
      pipeline: project.shown,
      jobs,
      threads,
      ...chosen,
      nodes,
    });
    const troubles = journal.trouble === undefined ? [] : [journal.trouble];
    for (const text of [...project.compiled.warnings, ...project.damages.splice(0), ...troubles])
      tell({ time: clock(), event: 'warning', text });
    const results = await run({
      plan,
      knowledge,
      runner: { run: (task, hooks, stop) => (runner ??= options.runner()).run(task, hooks, stop), close: async () => {} },
      resources,
      turn: (node) => (turns ??= turnsOf(plan, project.variants)).get(node)!,
      keepGoing: options.keepGoing ?? project.variants.length > 1,
      pause: (seconds, stop) => setTimeout(seconds * 1000, undefined, { signal: stop }).catch(() => {}),
      signal,
      clock,
      listener: tell,
      hardware: chosen.device,
      task: { device: options.device ?? 'auto', workFile: project.compiled.workFile, cacheFolder: project.cacheFolder, root: project.root },
      usage: (node, bytes) => {
        memory.set(node, bytes);
        const workers = [...memory.values()].reduce((sum, each) => sum + each, 0);
        tell({ time: clock(), event: 'usage', memory: process.memoryUsage.rss() + workers, workers: memory.size });
      },
      alone: (key, onWait, stop) => acquire(lockFolders(project.cacheFolder).making, key, { signal: stop, onWait }),
      remember: (result) => project.history.remember(result),
      record: async (result, outcome, { lineage, threads: given }) => {
        memory.delete(result.node.name);
        const record = recordFrom({
          key: result.key,
          predicted: result.predicted,
          node: result.node.name,
          kind: result.node.kind,
          readable: { key: result.readable(), parts: result.code.parts },
          artifact: outcome.artifact,
          blobs: outcome.blobs,
          bytes: outcome.bytes,
          seconds: outcome.seconds,
          finished: clock(),
          environment: {
            device: chosen.device,
            ...outcome.used,
            threads: given,
            node: process.version,
            platform: `${process.platform}-${process.arch}`,
          },
          ...(outcome.summary ? { summary: outcome.summary } : {}),
        });
        await commit({ blobs: outcome.blobs.map(({ digest }) => digest), key: result.key, record });
        project.index.add(record);
        if (result.predicted !== result.key) project.store.noteRecord(result.predicted, aliasTo(result.key));
        made += outcome.bytes;
        if (outcome.checkpointed) await diskCheckpoint(project.cacheFolder, result.key, lineage).finish();
        return record;
      },
    });
    for (const text of project.damages.splice(0)) tell({ time: clock(), event: 'warning', text });
    if (made > 0) {
      const { collectAfterRun, collectionText } = await import('./collect.ts');
      const trimmed = collectAfterRun(project.cacheFolder, { made, cap, keep: [...results.values()].map(({ key }) => key) });
      if (trimmed) tell({ time: clock(), event: 'warning', text: collectionText(trimmed, cap) });
    }
    const finished = summarise(results, (clock() - started) / 1000);
    tell({ time: clock(), event: 'run-finished', ...finished });
    return { run: id, results, exitCode: finished.interrupted ? 130 : finished.failed > 0 ? 1 : 0 };
  } finally {
    await runner?.close();
    if (runner) sweepLocks(lockFolders(project.cacheFolder).working);
    journal.close();
    project.history.save();
    project.index.save();
  }
}

/** A device that was named is looked at even where nothing runs; choosing one may take a while, and can wait until it is needed. */
async function deviceFor(
  plan: ReadonlyMap<string, { readonly shown: PlannedNode }>,
  { device, chooseDevice }: ProjectRun,
): Promise<ChosenDevice> {
  const isNeeded = device !== undefined || [...plan.values()].some(({ shown }) => shown.state !== 'cached');
  return chooseDevice && isNeeded ? chooseDevice(device) : { device: device ?? 'auto' };
}

function summarise(
  results: ReadonlyMap<string, NodeResult>,
  seconds: number,
): Omit<Extract<Event, { event: 'run-finished' }>, 'time' | 'event'> {
  const counts = { executed: 0, cached: 0, failed: 0, interrupted: 0, skipped: 0 };
  const nodes: { [name: string]: Pick<NodeResult, 'state' | 'key' | 'seconds'> } = {};
  for (const [name, { state, key, seconds: each }] of results) {
    counts[state] += 1;
    nodes[name] = { state, key, seconds: each };
  }
  const { executed, cached, failed, interrupted } = counts;
  return { executed, cached, failed, interrupted: interrupted > 0, seconds, nodes };
}

/** A run's name: when it began, to the millisecond, and the process, so that names sort by time and never clash. */
function runId(time: number): string {
  return `${new Date(time).toISOString().replace(/[-:.]/g, '').replace('T', '-').replace('Z', '')}-${process.pid}`;
}

/** A journal that cannot be made or written must not stop the work: `trouble` says why, and the cache reports a full disk itself. */
function openJournal(cacheFolder: string, id: string): Pick<Batch, 'add'> & { readonly close: () => void; readonly trouble?: string } {
  const folder = join(cacheFolder, 'runs', id);
  let file: number;
  try {
    mkdirSync(folder, { recursive: true });
    file = openSync(join(folder, 'events.jsonl'), 'a');
  } catch (error) {
    return { add: () => {}, close: () => {}, trouble: `This run leaves no journal: ${(error as Error).message}` };
  }
  let full = false;
  const batch = createBatch((lines) => {
    if (full) return;
    try {
      writeSync(file, lines);
    } catch {
      full = true;
    }
  });
  const close = (): void => {
    batch.flush();
    closeSync(file);
  };
  return { add: batch.add, close };
}
