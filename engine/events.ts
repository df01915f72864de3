// Everything that can happen in a run, one discriminated union, one JSON line each. Reporters and the dashboard read nothing else.
// EVENTS.md beside it is written from the comments here, by its test.
import type { Plain } from '../cache/array.ts';

/**
 * The version of the schema, which `run-started` tells; raised when a field goes or changes its meaning. New events and new fields may
 * come under the same version, so readers pass over what they do not know.
 */
export const EVENTS_VERSION = 1;

/** Where a node is inside a long computation. */
export interface Progress {
  /** Units done and units in all, e.g. epoch 12 of 56. */
  readonly done: number;
  /** See `done`. */
  readonly total: number;
  /** What is counted: `epoch`, `step`, `image`. */
  readonly unit: string;
  /** Latest values by name, e.g. `{ loss: 4.81 }`; the first is drawn as a sparkline. */
  readonly metrics?: { readonly [name: string]: number };
  /** Units of work per second and what they are, e.g. 7,000 `images`. */
  readonly throughput?: { readonly perSecond: number; readonly of: string };
}

/** A table for people. */
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
  /** Set where the artifact was made under another key, and a user declared that it is good for this one. */
  readonly accepted?: Accepted;
}

/** What `kith accept` recorded. */
export interface Accepted {
  /** The node that it was said of; the result counts for no other. */
  readonly node: string;
  /** The key under which the artifact was made. */
  readonly from: string;
  /** When it was said, in milliseconds since 1970. */
  readonly when: number;
  /** In what the two keys differ. */
  readonly changes: readonly Change[];
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
  /** Such as `params.k`, `code nodes/losses/scan.ts#scanLoss`, `inputs.embeddings`, `files data/train.csv`. */
  readonly leaf: string;
  /** The value before; of code, files and inputs a digest. */
  readonly old?: Plain;
  /** The value now. */
  readonly new?: Plain;
}

/** Why a node is not taken from the cache. */
export interface Reason {
  /** It never ran; a leaf of its key changed; it was told to; its result is gone from the cache; it depends on what has to run. */
  readonly why: 'new' | 'changed' | 'forced' | 'damaged' | 'upstream';
  /** One sentence for people. */
  readonly text: string;
  /** The leaves that changed, where that is why. */
  readonly changes: readonly Change[];
}

/** What is known of a node before anything runs. */
export interface PlannedNode {
  readonly name: string;
  readonly kind: string;
  /** Names of the nodes it reads. */
  readonly inputs: readonly string[];
  /** `unknown`: depends on the result of a stale node and may still be cut off early. */
  readonly state: 'cached' | 'stale' | 'unknown';
  /** Why it is not cached. */
  readonly reason?: Reason;
  /** Seconds it took the last time, where known. */
  readonly lastSeconds?: number;
  /** Predicted key. */
  readonly key: string;
  readonly summary?: Summary;
}

/** The sweep that a run is a part of. */
export interface SweepPart {
  /** Its name, as `kith sweep status` lists it. */
  readonly name: string;
  /** How its trials are chosen, such as `grid`. */
  readonly strategy: string;
  /** The node and the figure of it that is looked for, and whether the lowest or the highest. */
  readonly objective: { readonly node: string; readonly metric: string; readonly goal: 'min' | 'max' };
  /** Trials that it will have in all, where that is known. */
  readonly limit?: number;
  /** Every trial so far, those of this run included. */
  readonly trials: readonly SweepTrial[];
  /** Which trial, at which seed, each variant of the run is. */
  readonly runs: readonly { readonly trial: number; readonly seed: number }[];
}

/** One setting of the params that a sweep varies. */
export interface SweepTrial {
  /** Its number in the sweep, from 0. */
  readonly trial: number;
  /** What it sets, by path: `{ 'clusters.entropyWeight': 2 }`. */
  readonly params: { readonly [path: string]: Plain };
  /** The mean of the objective over seeds, where the trial was done before this run. */
  readonly score?: number;
  /** The population's deviation of the objective over seeds, with `score`. */
  readonly deviation?: number;
  /** Why, where it failed before this run. */
  readonly failed?: string;
}

interface Stamp {
  /** Milliseconds since 1970. */
  readonly time: number;
}

type Happening =
  /** The first event of a run: what was planned. */
  | {
      readonly event: 'run-started';
      /** The version of this schema. */
      readonly version: number;
      /** The run's name, as `kith runs` lists it. */
      readonly run: string;
      /** The pipeline file, relative to the working folder. */
      readonly pipeline: string;
      /** Nodes that may run at once. */
      readonly jobs: number;
      /** Threads of the machine. */
      readonly threads: number;
      /** What runs tensors: the executor that was asked for or chosen; `auto` where none was and nothing had to run. */
      readonly device: string;
      /** Why that one was chosen, where none was asked for. */
      readonly deviceReason?: string;
      /** Every node of the run, inputs first. */
      readonly nodes: readonly PlannedNode[];
      /** Of several variants, what each node of the pipeline is called in each: `{ clusters: 'clusters[clusters.entropyWeight=2]' }`. */
      readonly variants?: readonly { readonly [name: string]: string }[];
      /** The sweep that the run is a part of: its variants are trials at a seed. */
      readonly sweep?: SweepPart;
    }
  /** Somebody else makes the node's result; it is taken from there. */
  | {
      readonly event: 'node-waiting';
      readonly node: string;
      /** Who makes it, in words. */
      readonly for: string;
    }
  /** The node's result was in the cache. */
  | {
      readonly event: 'node-cached';
      readonly node: string;
      /** Resolved key. */
      readonly key: string;
      /** Digest of the artifact's manifest. */
      readonly artifact: string;
      /** Seconds it took when it was made. */
      readonly seconds: number;
      readonly summary?: Summary;
    }
  /** The node begins to run. */
  | {
      readonly event: 'node-started';
      readonly node: string;
      /** Resolved key. */
      readonly key: string;
      /** Why it was not taken from the cache. */
      readonly reason: Reason;
    }
  /** How far a running node has come. */
  | ({ readonly event: 'node-progress'; readonly node: string } & Progress)
  /** A line that a node logged. */
  | { readonly event: 'node-log'; readonly node: string; readonly line: string }
  /** The node ran, and its result is in the cache. */
  | {
      readonly event: 'node-finished';
      readonly node: string;
      /** Resolved key. */
      readonly key: string;
      /** Digest of the artifact's manifest. */
      readonly artifact: string;
      /** Seconds since it started. */
      readonly seconds: number;
      /** Size of the artifact in bytes. */
      readonly bytes: number;
      /** Whether it continued from a checkpoint, or from the end of a shorter training. */
      readonly resumed: boolean;
      readonly summary?: Summary;
    }
  /** An attempt failed, and another comes. */
  | {
      readonly event: 'node-retried';
      readonly node: string;
      /** Which attempt failed. */
      readonly attempt: number;
      /** Attempts that the node has in all. */
      readonly of: number;
      /** Seconds until the next attempt begins. */
      readonly pause: number;
      readonly failure: Failure;
    }
  /** The node ran, and failed. */
  | {
      readonly event: 'node-failed';
      readonly node: string;
      /** Seconds since it started. */
      readonly seconds: number;
      readonly failure: Failure;
    }
  /** The node could not run. */
  | {
      readonly event: 'node-skipped';
      readonly node: string;
      /** The input that has no result. */
      readonly because: string;
    }
  /** The node stopped because the run was stopped; it goes on from its last checkpoint. */
  | {
      readonly event: 'node-interrupted';
      readonly node: string;
      /** Seconds since it started. */
      readonly seconds: number;
    }
  /** Something the user should know that is no failure. */
  | { readonly event: 'warning'; readonly text: string }
  /** What the run takes of the machine, about once a second while nodes run. */
  | {
      readonly event: 'usage';
      /** Bytes that all processes hold. */
      readonly memory: number;
      /** Worker processes. */
      readonly workers: number;
    }
  /** The last event of a run. */
  | {
      readonly event: 'run-finished';
      /** Nodes that ran. */
      readonly executed: number;
      /** Nodes whose results were in the cache. */
      readonly cached: number;
      /** Nodes that failed. */
      readonly failed: number;
      /** Whether the run was stopped before its end. */
      readonly interrupted: boolean;
      readonly seconds: number;
      /** How each node ended, with its resolved key (the predicted one where it never came to run). */
      readonly nodes: { readonly [name: string]: { readonly state: NodeState; readonly key: string; readonly seconds: number } };
    };

/** Anything that can happen, with its time. */
export type Event = Stamp & Happening;

/** How a node ended. */
export type NodeState = 'executed' | 'cached' | 'failed' | 'skipped' | 'interrupted';

/** An event as it stands in a journal and in the output of `--json`: `event` first, `time` last. */
export function eventLine(event: Event): string {
  const line = JSON.stringify(event);
  // The time, which comes first in memory, is moved as text: copying thousands of events takes longer than encoding them.
  const end = line.indexOf(',');
  if (line.startsWith('{"time":') && line.startsWith('"event":', end + 1)) return `{${line.slice(end + 1, -1)},${line.slice(1, end)}}`;
  const { time: last, event: first, ...rest } = event;
  return JSON.stringify({ event: first, ...rest, time: last });
}

/** `eventLine` of an event that was just made: a run in which nothing is to be done tells thousands of the same few fields. */
export function newEventLine(event: Event): string {
  if (event.event !== 'node-cached' || event.summary !== undefined) return eventLine(event);
  const { node, key, artifact, seconds, time } = event;
  return `{"event":"node-cached","node":${JSON.stringify(node)},"key":"${key}","artifact":"${artifact}","seconds":${seconds},"time":${time}}`;
}

/** Receives every event, in order; and its line, where that is made already. */
export type Listener = (event: Event, line?: string) => void;
