// What the nodes of a run share, and what is known of one of them while it lives.
import type { ActionRecord } from '../cache/record.ts';
import type { Digest, Key } from '../cache/store.ts';
import type { Failure, Listener, NodeState, Summary } from './events.ts';
import type { GraphNode } from './graph.ts';
import type { Code, ReadableKey } from './key.ts';
import type { Knowledge, Planned } from './plan.ts';
import type { Resources } from './resources.ts';
import type { Outcome, Task, TaskRunner } from './workers/protocol.ts';

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

/** What a run acts on, and what has failed in it so far. */
export interface World extends RunOptions {
  readonly failures: string[];
}

/** A node whose inputs are known, and so its key. */
export interface Identified extends Omit<Remembered, 'seconds'> {
  readonly planned: Planned;
}

/** Artifacts of its inputs, by slot. */
export type Sources = readonly { readonly slot: string; readonly artifact: Digest | undefined }[];
