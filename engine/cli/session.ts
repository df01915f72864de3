// What every command that runs nodes has around it: a reporter, worker processes, Ctrl-C once to stop and twice to kill.
import { createBatch } from '../batch.ts';
import type { ChooseDevice } from '../device.ts';
import type { Listener } from '../events.ts';
import { jsonReporter } from '../report/json.ts';
import { amountOf, type Amounts } from '../resources.ts';
import type { ProjectRun } from '../run-project.ts';
import { createPool } from '../workers/pool.ts';
import type { Terminal } from './terminal.ts';

export interface SessionFlags {
  readonly jobs?: number;
  readonly device?: string;
  readonly json?: boolean;
  readonly resource?: readonly string[];
}

/** Runs `body` with what `runProject` needs of the world, and gives everything back however it ends. */
export async function inSession<T>(
  flags: SessionFlags,
  terminal: Terminal,
  chooseDevice: ChooseDevice | undefined,
  body: (options: ProjectRun) => Promise<T>,
): Promise<T> {
  const stop = new AbortController();
  const reporter = await chooseReporter(flags, terminal);
  let pool: ReturnType<typeof createPool> | undefined;
  const forget = terminal.onInterrupt(() => {
    if (!stop.signal.aborted) {
      reporter.listener({ time: Date.now(), event: 'warning', text: 'Stopping at the next checkpoint; Ctrl-C again kills.' });
      return stop.abort(new Error('interrupted'));
    }
    // The second time: nothing waits any more; what was checkpointed is safe.
    void Promise.resolve(pool?.close()).finally(() => void reporter.finish().finally(() => process.exit(130)));
  });
  try {
    return await body({
      signal: stop.signal,
      listener: reporter.listener,
      runner: () => (pool = createPool(terminal.worker)),
      resources: totalsOf(flags.resource ?? []),
      ...(flags.device === undefined || flags.device === 'auto' ? {} : { device: flags.device }),
      ...(chooseDevice ? { chooseDevice } : {}),
      ...(flags.jobs === undefined ? {} : { jobs: flags.jobs }),
    });
  } finally {
    await reporter.finish();
    forget();
  }
}

/** `gpu=2` → `{ gpu: 2 }`. */
function totalsOf(resources: readonly string[]): Amounts {
  return Object.fromEntries(
    resources.map((text) => {
      const [name = '', amount = ''] = text.split('=');
      return [name, amountOf(name, amount)];
    }),
  );
}

interface Reporter {
  readonly listener: Listener;
  finish(): Promise<void>;
}

async function chooseReporter({ json }: SessionFlags, { out, isTTY, color }: Terminal): Promise<Reporter> {
  const { add, flush } = createBatch(out);
  const finish = async (): Promise<void> => flush();
  if (json) return { listener: jsonReporter(add), finish };
  if (isTTY) return (await import('../dashboard/render.ts')).startDashboard({ stdout: process.stdout, color });
  const { plainReporter } = await import('../report/plain.ts');
  return { listener: plainReporter(add, { color }), finish };
}
