// The worker process: waits for tasks, runs one at a time, dies with its parent. Ctrl-C reaches it through the parent only.
import { pathToFileURL } from 'node:url';
import { openStore } from '../../cache/disk.ts';
import { definitionsOf } from '../load.ts';
import { isKithError, toFailure } from '../errors.ts';
import type { Progress } from '../events.ts';
import { execute } from './execute.ts';
import { cacheFailure } from '../cache-failure.ts';
import { Interrupted, type FromWorker, type Task, type ToWorker } from './protocol.ts';

process.on('SIGINT', () => {});
process.on('disconnect', () => process.exit(0));

let stop = new AbortController();
const tell = (message: FromWorker): void => void process.send?.(message);

process.on('message', (message: ToWorker) => {
  if (message.say === 'stop') stop.abort(new Interrupted('stopped'));
  else void work(message.task);
});

async function work(task: Task): Promise<void> {
  stop = new AbortController();
  const { signal } = stop;
  const usage = setInterval(() => tell({ say: 'usage', memory: process.memoryUsage.rss() }), 1000);
  try {
    const definition = (await definitionsOf(pathToFileURL(task.workFile).href)).get(task.kind);
    if (!definition) throw new Error(`the compiled pipeline has no node of kind ${task.kind}`);
    const store = openStore(task.cacheFolder, { onDamage: (text) => tell({ say: 'log', line: text }) });
    const hooks = {
      progress: (progress: Progress) => tell({ say: 'progress', progress }),
      log: (line: string) => tell({ say: 'log', line }),
      usage: () => {},
    };
    const outcome = await execute(definition, task, store, hooks, signal);
    tell({ say: 'usage', memory: process.memoryUsage.rss() });
    tell({ say: 'done', outcome });
  } catch (error) {
    if (signal.aborted && !isKithError(error)) tell({ say: 'interrupted' });
    else tell({ say: 'failed', failure: toFailure(cacheFailure(error)) });
  } finally {
    clearInterval(usage);
  }
}

tell({ say: 'ready' });
