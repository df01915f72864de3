// Names for people: which handles make the experiment. Declares; never runs.
import { KithError } from './errors.ts';
import type { Handle, Settings } from './define-node.ts';

/** Named handles and the seed from which every node's own seed derives. */
export interface Pipeline {
  readonly pipeline: true;
  readonly nodes: { readonly [name: string]: Handle };
  readonly seed: number;
  /** How nodes are run, by name, where it is not as their definitions say. */
  readonly settings: { readonly [name: string]: Settings };
}

/** Where the loader of a pipeline file listens for the handles and pipelines that the file makes, to find forgotten ones. */
export const DECLARED = Symbol.for('kith.declared');
export interface Declared {
  readonly handles: Handle[];
  readonly pipelines: Pipeline[];
}

/**
 * Names the nodes of an experiment. Several parts (records of handles, or whole pipelines imported from elsewhere) are joined;
 * one name for two different handles is an error. The names are for people, `--set` and `kith show`: they are not part of any key.
 * Settings (`{ encoder: { retries: 2, timeout: 3600, resources: { memory: '4GB' } } }`) say how nodes are run; they are not part of any key either.
 */
export function pipeline(
  parts: { readonly [name: string]: Handle } | readonly ({ readonly [name: string]: Handle } | Pipeline)[],
  { seed = 0, settings = {} }: { readonly seed?: number; readonly settings?: Pipeline['settings'] } = {},
): Pipeline {
  const nodes: Record<string, Handle> = {};
  const all: Record<string, Settings> = {};
  for (const part of Array.isArray(parts) ? parts : [parts]) {
    if (isPipeline(part)) Object.assign(all, part.settings);
    for (const [name, handle] of Object.entries<Handle>(isPipeline(part) ? part.nodes : part)) {
      checkName(name, handle);
      if (nodes[name] && nodes[name] !== handle) {
        throw new KithError(`Two nodes of the pipeline are called "${name}".`, {
          facts: [`One is of kind ${nodes[name].definition.kind}, the other of kind ${handle.definition.kind}.`],
          hint: 'Give one of them another name in pipeline({ … }).',
          exitCode: 2,
        });
      }
      nodes[name] = handle;
    }
  }
  Object.assign(all, settings);
  const made: Pipeline = { pipeline: true, nodes, seed, settings: all };
  (globalThis as { [DECLARED]?: Declared })[DECLARED]?.pipelines.push(made);
  return made;
}

export function isPipeline(value: unknown): value is Pipeline {
  return typeof value === 'object' && value !== null && 'pipeline' in value && value.pipeline === true;
}

export function isHandle(value: unknown): value is Handle {
  return typeof value === 'object' && value !== null && 'handle' in value && value.handle === true;
}

function checkName(name: string, handle: unknown): void {
  if (!isHandle(handle)) {
    throw new KithError(`"${name}" in pipeline({ … }) is not a node.`, {
      facts: [`It is ${handle === undefined ? 'undefined' : `a ${typeof handle}`}.`],
      hint: 'Pass what a node function returns, e.g. pipeline({ images: digits() }).',
      exitCode: 2,
    });
  }
  if (!/^[A-Za-z][\w-]*$/.test(name)) {
    throw new KithError(`"${name}" cannot name a node.`, { hint: 'Use letters, digits, - and _, beginning with a letter.', exitCode: 2 });
  }
}
