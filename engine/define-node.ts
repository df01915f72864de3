// A node is a plain object with a `run` function; calling its definition makes a handle. No classes, no registry.
import type { z } from 'zod';
import type { Artifact, Plain } from '../cache/array.ts';
import type { Progress, Summary } from './events.ts';
import { DECLARED, type Declared } from './pipeline.ts';
import type { Wants } from './resources.ts';
import type { Metric } from './sweep/objective.ts';

/** Declares one input of a node; the type parameter is the artifact that the edge carries. */
export interface Input<A = unknown, Optional extends boolean = boolean, Many extends boolean = boolean> {
  readonly optional: Optional;
  /** Whether the input takes a record of handles by name rather than one handle. */
  readonly many: Many;
  /** Never set: carries the type. */
  readonly artifact?: A;
}

/** A required input: `inputs: { images: input<Images>() }`. */
export const input = <A>(): Input<A, false, false> => ({ optional: false, many: false });
/** An input that may be left out; `run` then sees `undefined`. */
export const optionalInput = <A>(): Input<A, true, false> => ({ optional: true, many: false });
/** A named collection of artifacts of one type; may be left out (`run` then sees an empty record). */
export const manyInputs = <A>(): Input<A, true, true> => ({ optional: true, many: true });

export type Inputs = { readonly [name: string]: Input };

type Handed<I extends Input> =
  I extends Input<infer A, boolean, infer Many> ? (Many extends true ? { readonly [name: string]: Handle<A> } : Handle<A>) : never;
type OptionalNames<I extends Inputs> = { [N in keyof I]: I[N]['optional'] extends true ? N : never }[keyof I];

/** The handles that a call of a node definition takes. */
export type HandlesOf<I extends Inputs> = { readonly [N in Exclude<keyof I, OptionalNames<I>>]: Handed<I[N]> } & {
  readonly [N in OptionalNames<I>]?: Handed<I[N]> | undefined;
};

/** The artifacts that `run` receives. */
export type ArtifactsOf<I extends Inputs> = {
  readonly [N in keyof I]: I[N] extends Input<infer A, infer Optional, infer Many>
    ? Many extends true
      ? { readonly [name: string]: A }
      : Optional extends true
        ? A | undefined
        : A
    : never;
};

/** Training state between epochs, kept by the node's key; survives `kill -9`. */
export interface Checkpoint {
  /** The last saved state, else that of the longest run that this one continues; undefined when the node starts afresh. */
  load(): Promise<Artifact | undefined>;
  /** Durable when the promise resolves; replaces the state before it. */
  save(state: Artifact): Promise<void>;
  /** Whether longer runs continue this one: then the state at the end is worth saving too. */
  readonly lasting?: boolean;
}

/** Everything that a `run` function may know of the world. A test or a notebook can make one by hand (`engine/context.ts`). */
export interface RunContext<I extends Inputs = Inputs, P = unknown> {
  readonly inputs: ArtifactsOf<I>;
  readonly params: P;
  /** 32 random bits that depend on the pipeline's seed and the node's kind; 0 for a node that is not `seeded`. */
  readonly seed: number;
  /** Which executor runs tensors: `auto`, `onnx`, `tfjs`, …: the engine passes it on unread. */
  readonly device: string;
  /** Threads this node may keep busy. */
  readonly threads: number;
  /** Aborted on Ctrl-C or cancellation: stop at the next checkpoint and throw `signal.reason`. */
  readonly signal: AbortSignal;
  /** Absolute path of a file that `files` declared, by the path as declared. */
  readonly path: (declared: string) => string;
  readonly progress: (progress: Progress) => void;
  readonly checkpoint: Checkpoint;
  /** One line for `kith log`. */
  readonly log: (line: string) => void;
}

/** A file that a node offers to `kith show`: a picture, unless its extension says otherwise. */
export interface ShownFile {
  /** Follows the node's name in the name of the file; absent where the node's name is enough. */
  readonly name?: string;
  /** Default: `png`. */
  readonly extension?: string;
  readonly bytes: Uint8Array;
}

/** How a node is run. Never part of a key: it changes when and where a result is made, not what it is. */
export interface Settings {
  /** Held while running, e.g. `{ cpu: 2, memory: '2GB', gpu: 1 }`; `cpu: 'all'` takes every thread. */
  readonly resources?: Wants;
  /** How often a node that failed is tried again; default 0. */
  readonly retries?: number;
  /** Seconds before the first retry; twice as many before each further one; default 1. */
  readonly backoff?: number;
  /** Seconds after which the node is stopped and has failed. What it saved as its checkpoint stays. */
  readonly timeout?: number;
}

export interface Definition<I extends Inputs = Inputs, P extends z.ZodObject = z.ZodObject, A = Artifact> extends Settings {
  /** Unique among all definitions; a string literal in lower-case words with hyphens. */
  readonly kind: string;
  readonly inputs: I;
  /** Schema with defaults, ranges and `.describe()` for units; checked when the pipeline is planned. */
  readonly params: P;
  /** Whether `run` uses `seed`; only then the seed is part of the key. */
  readonly seeded?: boolean;
  /** Environment variables that `run` reads; their values become part of the key. */
  readonly env?: readonly string[];
  /**
   * Files that `run` reads, relative to the project's root; a folder stands for everything below it.
   * `kith:…` is a file inside this package. Their content becomes part of the key.
   */
  readonly files?: (params: z.infer<P>) => readonly string[];
  /**
   * The param by which a longer run continues a shorter one with these params, or undefined where it does not: with a learning rate that
   * falls towards the end, the shorter run is another training. A run that continues must end with the same bytes as one from the start.
   */
  readonly continues?: (params: z.infer<P>) => (keyof z.infer<P> & string) | undefined;
  readonly run: (context: RunContext<I, z.infer<P>>) => Promise<A>;
  /** Figures and a table for people, stored with the record. */
  readonly summarise?: (artifact: A) => Omit<Summary, 'accepted'>;
  /** What the figures that `summarise` gives mean, so that a sweep can look for the best; those that are not here are for the eye. */
  readonly metrics?: { readonly [name: string]: Metric };
  /** Pictures and other files of the artifact for `kith show`; made on demand, so not part of the key. */
  readonly draw?: (artifact: A, inputs: ArtifactsOf<I>) => Promise<readonly ShownFile[]>;
}

/** A node of the DAG before it has a name: a definition, the handles it reads, and its params as given. */
export interface Handle<A = unknown> {
  readonly handle: true;
  readonly definition: Definition;
  readonly inputs: { readonly [name: string]: Handle | { readonly [name: string]: Handle } };
  readonly params: { readonly [name: string]: Plain };
  /** Never set: carries the type of the artifact. */
  readonly artifact?: A;
}

/** Makes handles of one kind of node: `kmeans({ embeddings }, { clusters: 10 })`. */
export interface NodeFactory<I extends Inputs, P extends z.ZodObject, A> {
  (
    ...given: Partial<HandlesOf<I>> extends HandlesOf<I>
      ? [inputs?: HandlesOf<I>, params?: z.input<P>]
      : [inputs: HandlesOf<I>, params?: z.input<P>]
  ): Handle<A>;
  readonly definition: Definition<I, P, A>;
}

function given(inputs: { readonly [slot: string]: unknown }): Handle['inputs'] {
  const those: { [slot: string]: unknown } = {};
  for (const slot of Object.keys(inputs)) if (inputs[slot] !== undefined) those[slot] = inputs[slot];
  return those as Handle['inputs'];
}

/**
 * Declares a kind of node. Must stand at the top level of a module (`export const kmeans = defineNode({…})`), since its code is
 * hashed together with everything it reaches. Params are checked when the pipeline is planned, so that a wrong value is a sentence.
 */
// @__NO_SIDE_EFFECTS__
export function defineNode<const I extends Inputs, P extends z.ZodObject, A>(definition: Definition<I, P, A>): NodeFactory<I, P, A> {
  const make = (inputs?: HandlesOf<I>, params: object = {}): Handle<A> => {
    const handle: Handle<A> = {
      handle: true,
      definition: definition as unknown as Definition,
      inputs: given(inputs ?? {}),
      params: params as Handle['params'],
    };
    (globalThis as { [DECLARED]?: Declared })[DECLARED]?.handles.push(handle);
    return handle;
  };
  return Object.assign(make, { definition });
}
