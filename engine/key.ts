// A key is a readable, sorted object first and a hash second. Both are kept, so that a miss can be explained leaf by leaf.
import { canonical, type Hasher } from '../cache/digest.ts';
import type { Plain } from '../cache/array.ts';
import type { Digest, Key } from '../cache/store.ts';
import type { Change } from './events.ts';
import type { GraphNode } from './graph.ts';

/** Raised when the meaning of keys changes; every key of an older schema then misses. */
export const KEY_SCHEMA = 1;

/** The digest of a kind's code and of the declarations that make it, `path#name` → digest. */
export interface Code {
  readonly digest: string;
  readonly parts: { readonly [part: string]: string };
}

/** Everything a node's result depends on. `inputs` holds artifact digests in a resolved key, predicted keys in a predicted one. */
export interface ReadableKey {
  readonly schema: number;
  readonly kind: string;
  readonly code: string;
  readonly params: { readonly [param: string]: Plain };
  readonly inputs: { readonly [slot: string]: string };
  readonly files: { readonly [path: string]: string };
  readonly env: { readonly [name: string]: string | null };
  readonly seed: number;
}

/** What a node depends on apart from its inputs. */
export interface Leaves {
  readonly code: Code;
  /** Declared path → digest of its content. */
  readonly files: { readonly [path: string]: string };
  readonly env: { readonly [name: string]: string | null };
}

export function readableKey(node: GraphNode, leaves: Leaves, inputs: { readonly [slot: string]: string }): ReadableKey {
  const { kind, params, seed } = node;
  return { schema: KEY_SCHEMA, kind, code: leaves.code.digest, params, inputs, files: leaves.files, env: leaves.env, seed };
}

export function hashKey(hasher: Hasher, key: ReadableKey): Key {
  return hasher.key(canonical(key));
}

/**
 * `hashKey(hasher, readableKey(node, leaves, inputs))` for whatever inputs, which are asked for by slot. What does not depend on them is encoded
 * once, and the params are already: a plan asks for thousands of keys.
 */
export function keyMaker(hasher: Hasher, node: GraphNode, leaves: Leaves): (inputIn: (slot: string) => Key | Digest) => Key {
  const slots = Object.keys(node.inputs).sort();
  const before = encodedLeaves(leaves);
  const after = `},"kind":${JSON.stringify(node.kind)},"params":${node.encoded},"schema":${KEY_SCHEMA},"seed":${canonical(node.seed)}}`;
  return (inputIn) => {
    const inputs = slots.map((slot) => `${JSON.stringify(slot)}:"${inputIn(slot)}"`);
    return hasher.key(`${before}${inputs.join(',')}${after}`);
  };
}

/** Nodes of a kind share their leaves. */
const encoded = new WeakMap<Leaves, string>();

/** A key up to its inputs. */
function encodedLeaves(leaves: Leaves): string {
  let text = encoded.get(leaves);
  if (text === undefined) {
    const { code, env, files } = leaves;
    text = `{"code":${JSON.stringify(code.digest)},"env":${canonical(env)},"files":${canonical(files)},"inputs":{`;
    encoded.set(leaves, text);
  }
  return text;
}

/** The node's own seed: 32 bits from the pipeline's seed and the kind, so that variants of one kind are compared under the same draws. */
export function nodeSeed(hasher: Hasher, node: GraphNode): number {
  return node.definition.seeded ? Number.parseInt(hasher.key(canonical({ seed: node.seed, kind: node.kind })).slice(0, 8), 16) : 0;
}

/** The leaves in which two keys differ, code broken down to the declarations that changed. */
export function difference(old: Explained, now: Explained): Change[] {
  const code = old.key.code === now.key.code ? [] : compare('code ', old.parts, now.parts);
  if (old.key.code !== now.key.code && code.length === 0) code.push({ leaf: 'code', old: old.key.code, new: now.key.code });
  return [
    ...code,
    ...compare('params.', old.key.params, now.key.params),
    ...compare('inputs.', old.key.inputs, now.key.inputs),
    ...compare('files ', old.key.files, now.key.files),
    ...compare('env ', old.key.env, now.key.env),
    ...compare('', { seed: old.key.seed, schema: old.key.schema }, { seed: now.key.seed, schema: now.key.schema }),
  ];
}

/** A readable key together with the parts behind its code digest. */
export interface Explained {
  readonly key: ReadableKey;
  readonly parts: { readonly [part: string]: string };
}

function compare(prefix: string, old: { readonly [leaf: string]: Plain }, now: { readonly [leaf: string]: Plain }): Change[] {
  return [...new Set([...Object.keys(old), ...Object.keys(now)])].sort().flatMap((leaf) => {
    const [before, after] = [own(old, leaf), own(now, leaf)];
    if (before !== undefined && after !== undefined && canonical(before) === canonical(after)) return [];
    return [{ leaf: prefix + leaf, ...(before === undefined ? {} : { old: before }), ...(after === undefined ? {} : { new: after }) }];
  });
}

/** A leaf may be called `constructor`. */
function own(leaves: { readonly [leaf: string]: Plain }, leaf: string): Plain | undefined {
  return Object.hasOwn(leaves, leaf) ? leaves[leaf] : undefined;
}

/** A change as a sentence: `params.k 10 → 50`, `code nodes/losses/scan.ts#scanLoss changed`. */
export function inWords({ leaf, old, new: now }: Change): string {
  const opaque = /^(code|inputs|files) ?/.test(leaf) && !/^code npm:/.test(leaf);
  if (old === undefined) return opaque ? `${leaf} is new` : `${leaf} is new: ${JSON.stringify(now)}`;
  if (now === undefined) return `${leaf} is gone`;
  return opaque ? `${leaf} changed` : `${leaf} ${JSON.stringify(old)} → ${JSON.stringify(now)}`;
}
