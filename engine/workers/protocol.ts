// What the engine and a worker process say to each other: small plain messages. Arrays never pass here, they go through the cache.
import type { Digest } from '../../cache/store.ts';
import type { Continuing } from '../checkpoint.ts';
import type { ExecutorUsed } from '../device.ts';
import type { Failure, Progress, Summary } from '../events.ts';

/** Everything a worker needs to run one node. */
export interface Task {
  readonly node: string;
  readonly kind: string;
  readonly key: string;
  readonly params: object;
  /** Slot → artifact digest; a slot of a collection is written `baselines.pixels`. */
  readonly inputs: { readonly [slot: string]: Digest };
  readonly seed: number;
  readonly device: string;
  readonly threads: number;
  /** Seconds after which it is stopped. */
  readonly timeout?: number;
  /** The trainings that it may continue, and that may continue it. */
  readonly lineage?: Continuing;
  /** The compiled pipeline whose definitions the worker runs. */
  readonly workFile: string;
  /** Folder of the cache, and of the project that declared paths are relative to. */
  readonly cacheFolder: string;
  readonly root: string;
}

/** What a finished node left in the cache. */
export interface Outcome {
  readonly artifact: Digest;
  readonly blobs: readonly { readonly digest: Digest; readonly bytes: number }[];
  readonly bytes: number;
  /** Seconds inside `run`, loading of inputs and storing of the result included. */
  readonly seconds: number;
  readonly summary?: Summary;
  /** What ran its tensors. */
  readonly used?: Partial<ExecutorUsed>;
  /** Whether it continued from a checkpoint, or from a shorter run. */
  readonly resumed: boolean;
  /** Whether it left a checkpoint, to be put away once the result is recorded. */
  readonly checkpointed: boolean;
}

export type ToWorker = { readonly say: 'run'; readonly task: Task } | { readonly say: 'stop' };

export type FromWorker =
  | { readonly say: 'ready' }
  | { readonly say: 'resumed' }
  | { readonly say: 'progress'; readonly progress: Progress }
  | { readonly say: 'log'; readonly line: string }
  | { readonly say: 'usage'; readonly memory: number }
  | { readonly say: 'done'; readonly outcome: Outcome }
  | { readonly say: 'failed'; readonly failure: Failure }
  | { readonly say: 'interrupted' };

/** What the engine hears of a running node. */
export interface Hooks {
  readonly progress: (progress: Progress) => void;
  readonly log: (line: string) => void;
  readonly usage: (memory: number) => void;
}

/** Thrown by an executor of tasks when a node stopped because it was asked to. */
export class Interrupted extends Error {
  override readonly name = 'Interrupted';
}

/** Reason of a signal: nobody wants the result any more, so nothing of it need be saved. */
export class Obsolete extends Error {
  override readonly name = 'Obsolete';
}

/** A node's failure as it crossed the process border. */
export class NodeFailure extends Error {
  override readonly name = 'NodeFailure';
  constructor(readonly failure: Failure) {
    super(failure.headline);
  }
}

/** Runs tasks somewhere: warm worker processes, or this process. */
export interface TaskRunner {
  /** Rejects with NodeFailure, Interrupted, or a bug. */
  run(task: Task, hooks: Hooks, signal: AbortSignal): Promise<Outcome>;
  /** Kills what still runs. */
  close(): Promise<void>;
}
