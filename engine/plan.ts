// What would run, and why. Reads the cache; has no side effects.
import type { ActionRecord } from '../cache/record.ts';
import type { Digest, Key } from '../cache/store.ts';
import type { Hasher } from '../cache/digest.ts';
import type { PlannedNode, Reason, Summary } from './events.ts';
import type { GraphNode } from './graph.ts';
import { difference, hashKey, inWords, readableKey, type Explained, type Leaves, type ReadableKey } from './key.ts';

/** How the plan and the run look things up; `lookUp` returns only complete records. */
export interface Knowledge {
  readonly hasher: Hasher;
  readonly leaves: (node: GraphNode) => Leaves;
  readonly lookUp: (key: Key) => ActionRecord | undefined;
  /** The complete record that a predicted key led to before. */
  readonly lookUpPredicted: (key: Key) => ActionRecord | undefined;
  /** What the node of this name last was, in any run of this pipeline. */
  readonly last: (name: string) => Last | undefined;
  readonly forced: ReadonlySet<string>;
}

/** The last execution of a node, for `why` and time estimates. */
export interface Last extends Explained {
  readonly seconds: number;
  readonly resolved: Key;
}

export interface Planned {
  readonly node: GraphNode;
  readonly shown: PlannedNode;
  readonly predicted: Key;
  /** Present when the inputs are known. */
  readonly resolved?: { readonly key: Key; readonly readable: ReadableKey };
  /** The record to use; present when the node is cached. */
  readonly record?: ActionRecord;
}

/** Plans the nodes, which must be in topological order and closed under inputs. */
export function plan(nodes: readonly GraphNode[], knowledge: Knowledge): Map<string, Planned> {
  const planned = new Map<string, Planned>();
  for (const node of nodes) planned.set(node.name, planNode(node, planned, knowledge));
  return planned;
}

function planNode(node: GraphNode, planned: ReadonlyMap<string, Planned>, knowledge: Knowledge): Planned {
  const { hasher, forced } = knowledge;
  const leaves = knowledge.leaves(node);
  const inputs = Object.entries(node.inputs).map(([slot, name]) => [slot, planned.get(name)!] as const);
  const predicted = hashKey(hasher, readableKey(node, leaves, Object.fromEntries(inputs.map(([slot, input]) => [slot, input.predicted]))));
  const shown = { name: node.name, kind: node.kind, inputs: [...new Set(Object.values(node.inputs))], key: predicted };
  const hit = (record: ActionRecord): Pick<Planned, 'record' | 'shown'> => {
    const summary = record.summary as Summary | undefined;
    return { record, shown: { ...shown, state: 'cached', lastSeconds: record.seconds, ...(summary ? { summary } : {}) } };
  };
  const miss = (state: 'stale' | 'unknown', reason: Reason): Pick<Planned, 'shown'> => {
    const last = knowledge.last(node.name);
    return { shown: { ...shown, state, reason, ...(last ? { lastSeconds: last.seconds } : {}) } };
  };

  const stale = inputs.filter(([, input]) => input.shown.state !== 'cached').map(([, input]) => input.node.name);
  if (stale.length > 0) {
    // The same leaves led to a result before: nothing upstream needs to run to know it.
    const record = [node.name, ...stale].some((name) => forced.has(name)) ? undefined : knowledge.lookUpPredicted(predicted);
    if (record) return { node, predicted, ...hit(record) };
    const text = `unknown until ${stale.join(', ')} ${stale.length === 1 ? 'has' : 'have'} run`;
    return { node, predicted, ...miss('unknown', { why: 'upstream', text, changes: [] }) };
  }

  const readable = readableKey(node, leaves, Object.fromEntries(inputs.map(([slot, input]) => [slot, input.record!.artifact as Digest])));
  const resolved = { key: hashKey(hasher, readable), readable };
  const record = forced.has(node.name) ? undefined : knowledge.lookUp(resolved.key);
  if (record) return { node, predicted, resolved, ...hit(record) };
  return {
    node,
    predicted,
    resolved,
    ...miss('stale', reasonOf(node, { key: readable, parts: leaves.code.parts }, resolved.key, knowledge)),
  };
}

/** Why a node with this key has to run, leaf by leaf against its last execution. */
export function reasonOf(node: GraphNode, now: Explained, key: Key, { last: lastOf, forced }: Pick<Knowledge, 'last' | 'forced'>): Reason {
  if (forced.has(node.name)) return { why: 'forced', text: 'forced by --force', changes: [] };
  const last = lastOf(node.name);
  if (!last) return { why: 'new', text: 'it has not run before', changes: [] };
  if (last.resolved === key) return { why: 'damaged', text: 'its result is no longer in the cache', changes: [] };
  const changes = difference(last, now);
  return { why: 'changed', text: changes.map(inWords).join(', '), changes };
}
