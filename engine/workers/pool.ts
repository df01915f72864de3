// Warm worker processes: started when first needed, reused for the next node, replaced when they die.
import { fork, type ChildProcess } from 'node:child_process';
import type { FromWorker, Hooks, Outcome, Task, TaskRunner, ToWorker } from './protocol.ts';
import { Interrupted, NodeFailure, Obsolete } from './protocol.ts';

interface Worker {
  readonly process: ChildProcess;
  /** Hears every message and the exit of the process while a task runs. */
  hear:
    ((message: FromWorker | { readonly say: 'exit'; readonly code: number | null; readonly signal: string | null }) => void) | undefined;
  /** The last lines that the process wrote to its standard error, for the failure of a crash. */
  readonly stderr: string[];
}

/**
 * The environment of a worker: this one, a quiet TensorFlow, and large arrays in large pages, unless the user has said otherwise, since most of the
 * time that it takes to fill fresh memory goes into the faults of its pages. glibc before 2.35 and other C libraries pass over it.
 */
export function workerEnvironment(): NodeJS.ProcessEnv {
  const { GLIBC_TUNABLES: own = '' } = process.env;
  const tunables = own.includes('glibc.malloc.hugetlb') ? own : [...(own === '' ? [] : [own]), 'glibc.malloc.hugetlb=1'].join(':');
  return { ...process.env, TF_CPP_MIN_LOG_LEVEL: '3', GLIBC_TUNABLES: tunables };
}

/** A pool over the worker program at `entry`. The caller bounds how many tasks run at once. */
export function createPool(entry: string, { execArgv = [] as readonly string[] } = {}): TaskRunner {
  const idle: Worker[] = [];
  const all = new Set<Worker>();

  const start = (): Worker => {
    const child = fork(entry, [], {
      stdio: ['ignore', 'ignore', 'pipe', 'ipc'],
      execArgv: [...execArgv],
      env: workerEnvironment(),
    });
    const worker: Worker = { process: child, hear: undefined, stderr: [] };
    child.on('message', (message) => worker.hear?.(message as FromWorker));
    child.on('exit', (code, signal) => {
      all.delete(worker);
      const at = idle.indexOf(worker);
      if (at >= 0) idle.splice(at, 1);
      worker.hear?.({ say: 'exit', code, signal });
    });
    child.stderr?.setEncoding('utf8').on('data', (text: string) => {
      worker.stderr.push(...text.split('\n').filter(Boolean));
      worker.stderr.splice(0, worker.stderr.length - 20);
    });
    all.add(worker);
    return worker;
  };

  const run = (task: Task, hooks: Hooks, signal: AbortSignal): Promise<Outcome> =>
    new Promise((resolve, reject) => {
      const worker = idle.pop() ?? start();
      // A message that cannot be delivered has no worker any more: its exit tells the rest.
      const say = (message: ToWorker): void => void worker.process.send(message, () => {});
      const onAbort = (): void => void (signal.reason instanceof Obsolete ? worker.process.kill('SIGKILL') : say({ say: 'stop' }));
      let isLate = false;
      const overdue =
        task.timeout &&
        setTimeout(() => {
          isLate = true;
          worker.process.kill('SIGKILL');
        }, task.timeout * 1000);
      const finish = (settle: () => void): void => {
        if (overdue) clearTimeout(overdue);
        worker.hear = undefined;
        signal.removeEventListener('abort', onAbort);
        if (all.has(worker)) idle.push(worker);
        settle();
      };
      worker.hear = (message) => {
        if (message.say === 'progress') hooks.progress(message.progress);
        else if (message.say === 'log') hooks.log(message.line);
        else if (message.say === 'usage') hooks.usage(message.memory);
        else if (message.say === 'done') finish(() => resolve(message.outcome));
        else if (message.say === 'interrupted') finish(() => reject(new Interrupted(task.node)));
        else if (message.say === 'failed') finish(() => reject(new NodeFailure(message.failure)));
        else if (message.say === 'exit') {
          // Ctrl-C reaches the whole process group, and a worker that is just starting does not ignore it yet.
          const stopped = signal.aborted || message.signal === 'SIGINT';
          finish(() =>
            reject(stopped ? new Interrupted(task.node) : isLate ? late(task) : crash(task, worker, message.code, message.signal)),
          );
        }
      };
      say({ say: 'run', task });
      if (signal.aborted) onAbort();
      else signal.addEventListener('abort', onAbort);
    });

  const close = async (): Promise<void> => {
    await Promise.all(
      [...all].map((worker) => {
        const gone = new Promise((resolve) => worker.process.once('exit', resolve));
        worker.process.kill('SIGKILL');
        return gone;
      }),
    );
  };
  return { run, close };
}

const late = ({ node, timeout }: Task): NodeFailure =>
  new NodeFailure({
    headline: `"${node}" was stopped: it had run for its timeout of ${timeout} s.`,
    facts: [],
    hint: 'What it saved as its checkpoint is kept: run again to go on from there, or raise its timeout.',
  });

function crash(task: Task, worker: Worker, code: number | null, signal: string | null): NodeFailure {
  const memory = signal === 'SIGKILL' ? 'Something killed it: often the system, for want of memory. Try a smaller batch.' : undefined;
  return new NodeFailure({
    headline: `The worker process died while it ran "${task.node}".`,
    facts: [signal ? `It was ended by ${signal}.` : `Its exit code was ${code}.`, ...worker.stderr.slice(-5)],
    hint: memory ?? 'Run again: the node continues from its last checkpoint.',
  });
}
