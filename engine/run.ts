// The life of a node as a list of questions: are its inputs there, is it cached, is somebody else making it, is there room; then run, store, tell.
import { setMaxListeners } from 'node:events';
import type { ActionRecord, Result } from '../cache/record.ts';
import type { Digest, Key } from '../cache/store.ts';
import { cacheFailure } from './cache-failure.ts';
import { toFailure } from './errors.ts';
import type { Failure, Listener, NodeState, Reason, Summary } from './events.ts';
import type { GraphNode } from './graph.ts';
import { lineageOf } from './lineage.ts';
import { keyMaker, nodeSeed, readableKey, type Code, type ReadableKey } from './key.ts';
import { inputsOf, own, reasonOf, type Knowledge, type Planned } from './plan.ts';
import type { Resources } from './resources.ts';
import { Interrupted, NodeFailure, type Outcome, type Task, type TaskRunner } from './workers/protocol.ts';

/** Everything a run acts on. */
export interface RunOptions {
  /** In topological order, closed under inputs. */
  readonly plan: ReadonlyMap<string, Planned>;
  readonly knowledge: Knowledge;
  readonly runner: TaskRunner;
  readonly resources: Resources;
  /** Among nodes that could start, those of lower turn do. */
  readonly turn: (node: string) => number;
  /** Whether nodes that do not need a failed one still start. */
  readonly keepGoing: boolean;
  /** Resolves after that many seconds, or when the signal aborts. */
  readonly pause: (seconds: number, signal: AbortSignal) => Promise<void>;
  readonly task: Pick<Task, 'device' | 'workFile' | 'cacheFolder' | 'root'>;
  /** What runs tensors, as far as it is known: trainings of different hardware do not continue each other. */
  readonly hardware: string;
  readonly signal: AbortSignal;
  readonly listener: Listener;
  readonly clock: () => number;
  /** Told now and then how many bytes the worker of a node holds. */
  readonly usage: (node: string, memory: number) => void;
  /** Called once a node's result is known to be in the cache, executed or not. */
  readonly remember: (result: Remembered) => void;
  /** Makes a finished node durable; resolves when it is. */
  readonly record: (result: Remembered, outcome: Outcome, task: Task) => Promise<ActionRecord>;
  /** Waits until this process alone may make the key; the release must be called. */
  readonly alone: (key: Key, onWait: (owner: string) => void, signal: AbortSignal) => Promise<() => Promise<void>>;
}

/** What a node turned out to be. */
export interface Remembered {
  readonly node: GraphNode;
  readonly predicted: Key;
  readonly key: Key;
  readonly readable: () => ReadableKey;
  readonly code: Code;
  readonly seconds: number;
}

export interface NodeResult {
  readonly state: NodeState;
  readonly key: string;
  readonly seconds: number;
  readonly artifact?: Digest;
  readonly summary?: Summary;
  readonly failure?: Failure;
}

/** Runs what is stale. Never rejects for a node's failure: the result says how each node ended. */
export async function run(given: RunOptions): Promise<Map<string, NodeResult>> {
  setMaxListeners(0, given.signal);
  const results = new Map<string, Promise<NodeResult>>();
  const options: World = { ...given, failures: [] };
  for (const planned of options.plan.values()) results.set(planned.node.name, live(planned, results, options));
  await Promise.all(results.values());
  // A damaged input may have been made anew meanwhile: what stands in the map now is what it came to.
  const ends = new Map<string, NodeResult>();
  for (const [name, result] of results) ends.set(name, await result);
  return ends;
}

/** What is asked of, and what has failed so far. */
interface World extends RunOptions {
  readonly failures: string[];
}

async function live(planned: Planned, results: Map<string, Promise<NodeResult>>, options: World): Promise<NodeResult> {
  const { knowledge } = options;
  const { node } = planned;

  // Did the plan find it?
  if (planned.resolved && planned.record) {
    const artifacts = inputsOf(node, options.plan, ({ record }) => record!.artifact);
    return cached(identify(planned, artifacts, knowledge), planned.record, options);
  }

  // Are its inputs there?
  const inputs = await Promise.all(
    Object.entries(node.inputs).map(async ([slot, name]) => {
      const source = results.get(name)!;
      return { slot, name, source, ...(await source) };
    }),
  );
  const missing = inputs.find(({ artifact }) => artifact === undefined);
  if (missing) return skip(planned, missing, options);

  // Is it cached?
  const mine = identify(planned, Object.fromEntries(inputs.map(({ slot, artifact }) => [slot, artifact!])), knowledge);
  const record = planned.resolved ? undefined : find(mine, knowledge);
  if (record) return cached(mine, record, options);
  if (options.signal.aborted) return interrupted(mine, 0, options);

  // Did another node fail, and is that the end?
  if (halted(options)) return skip(planned, halted(options)!, options);

  const result = await make(mine, inputs, options);

  // Was an input damaged after all? Then it is made anew, and so is this.
  const lost = result.failure?.lost;
  if (lost === undefined) return result;
  const { name, source } = inputs.find(({ slot }) => slot === lost)!;
  if (results.get(name) === source) results.set(name, live(anew(options.plan.get(name)!), results, options));
  return live(anew(planned), results, options);
}

/** The node as if nothing were known of its inputs and its result. */
const anew = ({ node, shown, predicted }: Planned): Planned => ({ node, shown, predicted });

interface Identified extends Omit<Remembered, 'seconds'> {
  readonly planned: Planned;
}

function identify(planned: Planned, artifacts: { readonly [slot: string]: Digest }, { hasher, leaves: leavesOf }: Knowledge): Identified {
  const { node, predicted } = planned;
  const leaves = leavesOf(node);
  const key = planned.resolved ?? keyMaker(hasher, node, leaves)(artifacts);
  return { planned, node, predicted, key, readable: () => readableKey(node, leaves, artifacts), code: leaves.code };
}

function find({ node, key }: Identified, { forced, lookUp }: Knowledge): Result | undefined {
  return forced.has(node.name) ? undefined : own(node, lookUp(key));
}

/** The failure that ends the run for nodes that have not started. */
function halted({ keepGoing, failures: [first] }: World): Missing | undefined {
  return keepGoing || first === undefined ? undefined : { name: first, state: 'failed' };
}

type Sources = readonly { readonly slot: string; readonly artifact?: Digest }[];

/** Did it fail, and may it try again? Nothing is held between attempts. */
async function make(mine: Identified, inputs: Sources, options: World): Promise<NodeResult> {
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
 * Is there room, and is nobody else making it? Who waits for another process makes room meanwhile, and so does who only waits for the disk. A
 * failure is for the caller to tell.
 */
async function attemptOnce(mine: Identified, inputs: Sources, options: World): Promise<NodeResult> {
  const { node, key, planned } = mine;
  const { resources, signal, listener, clock } = options;
  const amounts = resources.amounts({ cpu: 1, ...node.settings.resources });
  const room = (): Promise<() => void> => resources.acquire(amounts, options.turn(node.name));
  let leave = await room();
  let unlock: (() => Promise<void>) | undefined;
  try {
    if (signal.aborted) return interrupted(mine, 0, options);
    if (halted(options)) return skip(planned, halted(options)!, options);
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

/** Runs, stores, tells. */
async function execute(
  mine: Identified,
  inputs: Sources,
  { threads, leave }: { readonly threads: number; readonly leave: () => void },
  options: World,
): Promise<NodeResult> {
  const { node, key } = mine;
  const { listener, clock, signal } = options;
  const started = clock();
  const seconds = (): number => (clock() - started) / 1000;
  try {
    listener({ time: started, event: 'node-started', node: node.name, key, reason: why(mine, options.knowledge) });
    const { hasher, forced } = options.knowledge;
    const lineage = lineageOf(hasher, node, mine.readable, `${options.hardware}, ${threads} threads`);
    const task: Task = {
      ...options.task,
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
    const hooks = {
      progress: (progress: object) =>
        listener({ time: clock(), event: 'node-progress', node: node.name, ...progress } as Parameters<Listener>[0]),
      log: (line: string) => listener({ time: clock(), event: 'node-log', node: node.name, line }),
      usage: (memory: number) => options.usage(node.name, memory),
    };
    const outcome = await options.runner.run(task, hooks, signal);
    leave();
    const result = { ...mine, seconds: outcome.seconds };
    await options.record(result, outcome, task);
    options.remember(result);
    const { artifact, bytes, summary, resumed } = outcome;
    const made = { node: node.name, key, artifact, seconds: seconds(), bytes, resumed, ...(summary ? { summary } : {}) };
    listener({ time: clock(), event: 'node-finished', ...made });
    return { state: 'executed', key, seconds: seconds(), artifact, ...(summary ? { summary } : {}) };
  } catch (error) {
    if (error instanceof Interrupted) return interrupted(mine, seconds(), options);
    const failure = failureOf(error);
    if (failure.lost !== undefined) listener({ time: clock(), event: 'warning', text: `${failure.headline} It is made anew.` });
    return { state: 'failed', key, seconds: seconds(), failure };
  }
}

function why({ planned, node, key, readable, code }: Identified, knowledge: Knowledge): Reason {
  if (planned.resolved && planned.shown.reason) return planned.shown.reason;
  return reasonOf(node, { key: readable(), parts: code.parts }, key, knowledge);
}

function cached(mine: Identified, record: Result, { listener, clock, remember }: RunOptions): NodeResult {
  const { node, key } = mine;
  const artifact = record.artifact;
  const summary = record.summary as Summary | undefined;
  remember({ ...mine, seconds: record.seconds });
  listener({
    time: clock(),
    event: 'node-cached',
    node: node.name,
    key,
    artifact,
    seconds: record.seconds,
    ...(summary ? { summary } : {}),
  });
  return { state: 'cached', key, seconds: 0, artifact, ...(summary ? { summary } : {}) };
}

type Missing = { readonly name: string; readonly state: NodeState };

function skip({ node, predicted }: Planned, missing: Missing, { listener, clock }: RunOptions): NodeResult {
  if (missing.state === 'interrupted') return { state: 'interrupted', key: predicted, seconds: 0 };
  listener({ time: clock(), event: 'node-skipped', node: node.name, because: missing.name });
  return { state: 'skipped', key: predicted, seconds: 0 };
}

function interrupted({ node, key }: Identified, seconds: number, { listener, clock }: RunOptions): NodeResult {
  listener({ time: clock(), event: 'node-interrupted', node: node.name, seconds });
  return { state: 'interrupted', key, seconds };
}

const failureOf = (error: unknown): Failure => (error instanceof NodeFailure ? error.failure : toFailure(cacheFailure(error)));

function failed({ node, key }: Identified, seconds: number, failure: Failure, { listener, clock, failures }: World): NodeResult {
  failures.push(node.name);
  listener({ time: clock(), event: 'node-failed', node: node.name, seconds, failure });
  return { state: 'failed', key, seconds, failure };
}
