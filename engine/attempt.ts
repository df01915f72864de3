// Making a result: room, the key for this process alone, one execution, and again where it may be tried again.
import type { Result } from '../cache/record.ts';
import { cacheFailure } from './cache-failure.ts';
import { cached, failed, interrupted, skip, type Missing } from './endings.ts';
import { toFailure } from './errors.ts';
import type { Failure, Reason } from './events.ts';
import { nodeSeed } from './key.ts';
import { lineageOf } from './lineage.ts';
import { own, reasonOf, type Knowledge } from './plan.ts';
import { Interrupted, NodeFailure, type Task, type TaskRunner } from './workers/protocol.ts';
import type { Identified, NodeResult, Sources, World } from './world.ts';

/** Makes the result, again after a failure as often as the node may be tried. Nothing is held between attempts. */
export async function make(mine: Identified, inputs: Sources, options: World): Promise<NodeResult> {
  const { retries = 0, backoff = 1 } = mine.node.settings;
  for (let attempt = 1; ; attempt += 1) {
    const result = await attemptOnce(mine, inputs, options);
    if (result.failure === undefined || result.failure.lost !== undefined) return result;
    if (attempt > retries) return failed(mine, result.seconds, result.failure, options);
    const pause = backoff * 2 ** (attempt - 1);
    const { listener, clock, signal } = options;
    listener({ time: clock(), event: 'node-retried', node: mine.node.name, attempt, of: retries + 1, pause, failure: result.failure });
    await options.pause(pause, signal);
  }
}

/**
 * One attempt, when there is room and this process alone makes the key. Who waits for another process makes room meanwhile, and so does who only
 * waits for the disk. A failure is for the caller to tell.
 */
async function attemptOnce(mine: Identified, inputs: Sources, options: World): Promise<NodeResult> {
  const { node, key, planned } = mine;
  const { resources, signal, listener, clock } = options;
  const amounts = resources.amounts(node.settings.resources);
  const room = (): Promise<() => void> => resources.acquire(amounts, options.turn(node.name));
  let leave = await room();
  let unlock: (() => Promise<void>) | undefined;
  try {
    if (signal.aborted) return interrupted(mine, 0, options);
    const missing = halted(options);
    if (missing) return skip(planned, missing, options);
    let waited = false;
    unlock = await options.alone(
      key,
      (owner) => {
        listener({ time: clock(), event: 'node-waiting', node: node.name, for: owner });
        waited = true;
        leave();
      },
      signal,
    );
    const made = find(mine, options.knowledge);
    if (made) return cached(mine, made, options);
    if (waited) leave = await room();
    return await execute(mine, inputs, { threads: amounts['cpu']!, leave: () => leave() }, options);
  } catch (error) {
    return signal.aborted ? interrupted(mine, 0, options) : { state: 'failed', key, seconds: 0, failure: failureOf(error) };
  } finally {
    leave();
    await unlock?.();
  }
}

/** What an execution is given: its threads, and how it gives up its room when only the disk is waited for. */
interface Place {
  readonly threads: number;
  readonly leave: () => void;
}

/** Runs, stores, tells. */
async function execute(mine: Identified, inputs: Sources, { threads, leave }: Place, options: World): Promise<NodeResult> {
  const { node, key } = mine;
  const { listener, clock, signal } = options;
  const started = clock();
  const seconds = (): number => (clock() - started) / 1000;
  try {
    listener({ time: started, event: 'node-started', node: node.name, key, reason: why(mine, options.knowledge) });
    const task = taskOf(mine, inputs, threads, options);
    const outcome = await options.runner.run(task, hooksOf(node.name, options), signal);
    leave();
    const result = { ...mine, seconds: outcome.seconds };
    await options.record(result, outcome, task);
    options.remember(result);
    const { artifact, bytes, summary, resumed } = outcome;
    const told = summary ? { summary } : {};
    listener({ time: clock(), event: 'node-finished', node: node.name, key, artifact, seconds: seconds(), bytes, resumed, ...told });
    return { state: 'executed', key, seconds: seconds(), artifact, ...told };
  } catch (error) {
    if (error instanceof Interrupted) return interrupted(mine, seconds(), options);
    const failure = failureOf(error);
    if (failure.lost !== undefined) listener({ time: clock(), event: 'warning', text: `${failure.headline} It is made anew.` });
    return { state: 'failed', key, seconds: seconds(), failure };
  }
}

/** What a worker is told. */
function taskOf({ node, key, readable }: Identified, inputs: Sources, threads: number, { task, hardware, knowledge }: World): Task {
  const { hasher, forced } = knowledge;
  const lineage = lineageOf(hasher, node, readable, `${hardware}, ${threads} threads`);
  const { device, workFile, cacheFolder, root } = task;
  return {
    device,
    workFile,
    cacheFolder,
    root,
    node: node.name,
    kind: node.kind,
    key,
    params: node.params,
    inputs: Object.fromEntries(inputs.map(({ slot, artifact }) => [slot, artifact!])),
    seed: nodeSeed(hasher, node),
    threads,
    ...(node.settings.timeout === undefined ? {} : { timeout: node.settings.timeout }),
    ...(lineage ? { lineage: { ...lineage, starts: !forced.has(node.name) } } : {}),
  };
}

/** What a worker tells meanwhile. */
const hooksOf = (node: string, { listener, clock, usage }: World): Parameters<TaskRunner['run']>[1] => ({
  progress: (progress) => listener({ time: clock(), event: 'node-progress', node, ...progress }),
  log: (line) => listener({ time: clock(), event: 'node-log', node, line }),
  usage: (memory) => usage(node, memory),
});

/** Its result, if it is in the cache by now. */
export function find({ node, key }: Identified, { forced, lookUp }: Knowledge): Result | undefined {
  return forced.has(node.name) ? undefined : own(node, lookUp(key));
}

/** The failure that ends the run for nodes that have not started. */
export function halted({ keepGoing, failures: [first] }: World): Missing | undefined {
  return keepGoing || first === undefined ? undefined : { name: first, state: 'failed' };
}

function why({ planned, node, key, readable, code }: Identified, knowledge: Knowledge): Reason {
  if (planned.resolved && planned.shown.reason) return planned.shown.reason;
  return reasonOf(node, { key: readable(), parts: code.parts }, key, knowledge);
}

const failureOf = (error: unknown): Failure => (error instanceof NodeFailure ? error.failure : toFailure(cacheFailure(error)));
