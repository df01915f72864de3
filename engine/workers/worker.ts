// The worker process: waits for tasks, runs one at a time, dies with its parent. Ctrl-C reaches it through the parent only.
import { openStore } from '../../cache/disk.ts';
import { acquire } from '../../cache/single-flight.ts';
import { lockFolders } from '../../cache/sweep.ts';
import type { Definition } from '../define-node.ts';
import { declaredPath } from '../files.ts';
import { definitionsOf } from '../load.ts';
import { isKithError, toFailure } from '../errors.ts';
import type { Progress } from '../events.ts';
import { execute } from './execute.ts';
import { cacheFailure } from '../cache-failure.ts';
import { Interrupted, type FromWorker, type Outcome, type Task, type ToWorker } from './protocol.ts';
import { noteReads, watchProcess } from './reads.ts';

watchProcess();
process.on('SIGINT', () => {});
process.on('disconnect', () => process.exit(0));

let stop = new AbortController();
const tell = (message: FromWorker): void => void process.send?.(message);

process.on('message', (message: ToWorker) => {
  if (message.say === 'stop') stop.abort(new Interrupted('stopped'));
  else void work(message.task);
});

let toldUsage = -Infinity;

function tellUsage(): void {
  toldUsage = performance.now();
  tell({ say: 'usage', memory: process.memoryUsage.rss() });
}

async function work(task: Task): Promise<void> {
  stop = new AbortController();
  const { signal } = stop;
  const usage = setInterval(tellUsage, 1000);
  try {
    const definition = (await definitionsOf(task.workFile)).get(task.kind);
    if (!definition) throw new Error(`the compiled pipeline has no node of kind ${task.kind}`);
    const store = openStore(task.cacheFolder, { onDamage: (text) => tell({ say: 'log', line: text }) });
    const hooks = {
      progress: (progress: Progress) => tell({ say: 'progress', progress }),
      log: (line: string) => tell({ say: 'log', line }),
      usage: () => {},
    };
    const outcome = await alone(task, signal, () => watchfully(definition, task, () => execute(definition, task, store, hooks, signal)));
    if (performance.now() - toldUsage > 1000) tellUsage();
    tell({ say: 'done', outcome });
  } catch (error) {
    if (signal.aborted && !isKithError(error)) tell({ say: 'interrupted' });
    else tell({ say: 'failed', failure: toFailure(cacheFailure(error)) });
  } finally {
    clearInterval(usage);
  }
}

/** What the node reads without having declared it becomes a warning of its summary, and so stands with the result as long as that is used. */
async function watchfully(
  { files, env = [] }: Definition,
  { root, params, workFile, cacheFolder }: Task,
  act: () => Promise<Outcome>,
): Promise<Outcome> {
  const declared = (files?.(params as never) ?? []).map((path) => declaredPath(path, root));
  const reads = noteReads({ root, files: declared, env, workFile, cacheFolder });
  try {
    const outcome = await act();
    const warnings = [...(outcome.summary?.warnings ?? []), ...reads.undeclared()];
    return warnings.length > 0 ? { ...outcome, summary: { ...outcome.summary, warnings } } : outcome;
  } finally {
    reads.end();
  }
}

/** An engine that was killed may have left a worker that is busy and has not noticed: nothing is computed twice at once. */
async function alone<T>({ cacheFolder, key }: Task, signal: AbortSignal, act: () => Promise<T>): Promise<T> {
  const onWait = (owner: string): void => tell({ say: 'log', line: `waiting for ${owner}, which computes it for an engine that is gone` });
  const release = await acquire(lockFolders(cacheFolder).working, key, { signal, onWait });
  try {
    return await act();
  } finally {
    await release();
  }
}

tell({ say: 'ready' });
