// `kith run`: the dashboard where people watch, plain lines where they do not, the events themselves for programs.
import { createBatch } from '../batch.ts';
import type { ChooseDevice } from '../device.ts';
import type { Listener, Summary } from '../events.ts';
import { jsonReporter } from '../report/json.ts';
import { amountOf, type Amounts } from '../resources.ts';
import { runProject } from '../run-project.ts';
import { variantTable } from '../variants.ts';
import { createPool } from '../workers/pool.ts';
import { openSelected, splitWords } from './select.ts';
import type { Terminal } from './terminal.ts';

export interface RunFlags {
  readonly set: readonly string[];
  readonly force: readonly string[];
  readonly jobs?: number;
  readonly device?: string;
  readonly json?: boolean;
  readonly keepGoing?: boolean;
  readonly resource?: readonly string[];
  readonly pipeline?: string;
}

/** Runs and returns the exit code. */
export async function runCommand(
  words: readonly string[],
  flags: RunFlags,
  terminal: Terminal,
  chooseDevice?: ChooseDevice,
): Promise<number> {
  const { file, targets } = splitWords(words);
  const project = await openSelected(file, flags, terminal);
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
    const { results, exitCode } = await runProject(project, {
      targets,
      forced: flags.force,
      signal: stop.signal,
      listener: reporter.listener,
      runner: () => (pool = createPool(terminal.worker)),
      resources: totalsOf(flags.resource ?? []),
      ...(flags.device === undefined || flags.device === 'auto' ? {} : { device: flags.device }),
      ...(chooseDevice ? { chooseDevice } : {}),
      ...(flags.jobs === undefined ? {} : { jobs: flags.jobs }),
      ...(flags.keepGoing === undefined ? {} : { keepGoing: flags.keepGoing }),
    });
    await reporter.finish();
    const table = variantTable(project.variants, (node): Summary | undefined => results.get(node)?.summary);
    if (table && !flags.json) terminal.out(`\n${(await import('../report/table.ts')).tableText(table, { color: terminal.color })}\n`);
    return exitCode;
  } catch (error) {
    await reporter.finish();
    throw error;
  } finally {
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

async function chooseReporter(flags: RunFlags, { out, isTTY, color }: Terminal): Promise<Reporter> {
  const { add, flush } = createBatch(out);
  const finish = async (): Promise<void> => flush();
  if (flags.json) return { listener: jsonReporter(add), finish };
  if (isTTY) return (await import('../dashboard/render.ts')).startDashboard({ stdout: process.stdout, color });
  const { plainReporter } = await import('../report/plain.ts');
  return { listener: plainReporter(add, { color }), finish };
}
