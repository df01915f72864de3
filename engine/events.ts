// Everything that can happen in a run, one discriminated union, one JSON line each. Reporters and the dashboard read nothing else.
import type { Plain } from '../cache/array.ts';

/** Version of the event schema; raised when a field changes its meaning. */
export const EVENTS_VERSION = 1;

/** Where a node is inside a long computation. */
export interface Progress {
  /** Units done and units in all, e.g. epoch 12 of 56. */
  readonly done: number;
  readonly total: number;
  /** What is counted: `epoch`, `step`, `image`. */
  readonly unit: string;
  /** Latest values by name, e.g. `{ loss: 4.81 }`; the first is drawn as a sparkline. */
  readonly metrics?: { readonly [name: string]: number };
  /** Units of work per second and what they are, e.g. 7,000 `images`. */
  readonly throughput?: { readonly perSecond: number; readonly of: string };
}

export interface Table {
  readonly title: string;
  readonly columns: readonly string[];
  readonly rows: readonly (readonly (string | number)[])[];
}

/** What a finished node says of its artifact. */
export interface Summary {
  /** Figures by name, e.g. `{ acc: 0.984 }`. */
  readonly metrics?: { readonly [name: string]: number };
  /** One short line, e.g. `1,797 images of 8×8`. */
  readonly line?: string;
  /** Shown at the end of a run. */
  readonly table?: Table;
  /** Things a user should know, e.g. files that could not be read. */
  readonly warnings?: readonly string[];
}

/** A failure in one silhouette: what went wrong, the facts, what to do. */
export interface Failure {
  readonly headline: string;
  readonly facts: readonly string[];
  readonly hint?: string;
  /** The stack of an unexpected error; absent for expected failures. */
  readonly stack?: string;
  /** The input slot whose artifact turned out to be damaged; the engine makes it anew and tries again. */
  readonly lost?: string;
}

/** One leaf of a key that differs: `old` undefined = new leaf, `new` undefined = leaf gone. */
export interface Change {
  /** e.g. `params.k`, `code nodes/losses/scan.ts#scanLoss`, `inputs.embeddings`, `files data/train.csv`. */
  readonly leaf: string;
  readonly old?: Plain;
  readonly new?: Plain;
}

/** Why a node is not taken from the cache. */
export interface Reason {
  readonly why: 'new' | 'changed' | 'forced' | 'damaged' | 'upstream';
  /** One sentence for people. */
  readonly text: string;
  readonly changes: readonly Change[];
}

export interface PlannedNode {
  readonly name: string;
  readonly kind: string;
  /** Names of the nodes it reads. */
  readonly inputs: readonly string[];
  /** `unknown`: depends on the result of a stale node and may still be cut off early. */
  readonly state: 'cached' | 'stale' | 'unknown';
  readonly reason?: Reason;
  /** Seconds it took the last time, where known. */
  readonly lastSeconds?: number;
  /** Predicted key. */
  readonly key: string;
  readonly summary?: Summary;
}

interface Stamp {
  /** Milliseconds since 1970. */
  readonly time: number;
}

export type Event = Stamp &
  (
    | {
        readonly event: 'run-started';
        readonly version: number;
        readonly run: string;
        readonly pipeline: string;
        readonly jobs: number;
        readonly threads: number;
        readonly device: string;
        readonly nodes: readonly PlannedNode[];
      }
    | { readonly event: 'node-waiting'; readonly node: string; readonly for: string }
    | {
        readonly event: 'node-cached';
        readonly node: string;
        readonly key: string;
        readonly artifact: string;
        readonly seconds: number;
        readonly summary?: Summary;
      }
    | { readonly event: 'node-started'; readonly node: string; readonly key: string; readonly reason: Reason }
    | ({ readonly event: 'node-progress'; readonly node: string } & Progress)
    | { readonly event: 'node-log'; readonly node: string; readonly line: string }
    | {
        readonly event: 'node-finished';
        readonly node: string;
        readonly key: string;
        readonly artifact: string;
        readonly seconds: number;
        readonly bytes: number;
        readonly resumed: boolean;
        readonly summary?: Summary;
      }
    | {
        readonly event: 'node-retried';
        readonly node: string;
        /** Which attempt failed, of how many; the next one begins after `pause` seconds. */
        readonly attempt: number;
        readonly of: number;
        readonly pause: number;
        readonly failure: Failure;
      }
    | { readonly event: 'node-failed'; readonly node: string; readonly seconds: number; readonly failure: Failure }
    | { readonly event: 'node-skipped'; readonly node: string; readonly because: string }
    | { readonly event: 'node-interrupted'; readonly node: string; readonly seconds: number }
    | { readonly event: 'warning'; readonly text: string }
    | { readonly event: 'usage'; readonly memory: number; readonly workers: number }
    | {
        readonly event: 'run-finished';
        readonly executed: number;
        readonly cached: number;
        readonly failed: number;
        readonly interrupted: boolean;
        readonly seconds: number;
        readonly nodes: { readonly [name: string]: { readonly state: NodeState; readonly key: string; readonly seconds: number } };
      }
  );

/** How a node ended. */
export type NodeState = 'executed' | 'cached' | 'failed' | 'skipped' | 'interrupted';

/** Receives every event, in order. */
export type Listener = (event: Event) => void;
