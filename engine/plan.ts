// What would run, and why. Reads the cache; has no side effects.
import type { Result } from '../cache/record.ts';
import type { Key } from '../cache/store.ts';
import type { Hasher } from '../cache/digest.ts';
import type { Accepted, PlannedNode, Reason, Summary } from './events.ts';
import type { GraphNode } from './graph.ts';
import { difference, inWords, keyMaker, readableKey, type Explained, type Leaves } from './key.ts';

/** How the plan and the run look things up; `lookUp` returns only complete records. */
export interface Knowledge {
  readonly hasher: Hasher;
  readonly leaves: (node: GraphNode) => Leaves;
  readonly lookUp: (key: Key) => Result | undefined;
  /** The complete record that a predicted key led to before. */
  readonly lookUpPredicted: (key: Key) => Result | undefined;
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
  /** The resolved key; present when the inputs are known. */
  readonly resolved?: Key;
  /** What the record says; present when the node is cached. */
  readonly record?: Result;
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
  const sources = sourcesOf(node).map((name) => planned.get(name)!);
  const keyOf = keyMaker(hasher, node, leaves);
  const predicted = keyOf((slot) => planned.get(node.inputs[slot]!)!.predicted);
  const stale = sources.filter(({ shown }) => shown.state !== 'cached').map(({ node: { name } }) => name);
  if (stale.length > 0) {
    // The same leaves led to a result before: nothing upstream needs to run to know it.
    const record = [node.name, ...stale].some((name) => forced.has(name)) ? undefined : own(node, knowledge.lookUpPredicted(predicted));
    if (record) return hit(node, predicted, record);
    const text = `unknown until ${stale.join(', ')} ${stale.length === 1 ? 'has' : 'have'} run`;
    return miss(node, predicted, 'unknown', { why: 'upstream', text, changes: [] }, knowledge);
  }

  const resolved = sources.length === 0 ? predicted : keyOf((slot) => planned.get(node.inputs[slot]!)!.record!.artifact);
  const record = forced.has(node.name) ? undefined : own(node, knowledge.lookUp(resolved));
  if (record) return hit(node, predicted, record, resolved);
  const inputs = inputsOf(node, planned, ({ record: found }) => found!.artifact);
  const now = { key: readableKey(node, leaves, inputs), parts: leaves.code.parts };
  return miss(node, predicted, 'stale', reasonOf(node, now, resolved, knowledge), knowledge, resolved);
}

/** The result, unless it was accepted for another node that comes to the same key. */
export function own({ name }: GraphNode, result: Result | undefined): Result | undefined {
  const accepted = (result?.summary as Summary | undefined)?.accepted;
  return accepted === undefined || (accepted?.node === name && isAccepted(accepted)) ? result : undefined;
}

/** Whether what a file says of an acceptance can be told. */
function isAccepted({ from, when, changes }: Accepted): boolean {
  return (
    typeof from === 'string' && Number.isFinite(when) && Array.isArray(changes) && changes.every((each) => typeof each?.leaf === 'string')
  );
}

function sourcesOf({ inputs }: GraphNode): readonly string[] {
  const names = Object.values(inputs);
  return names.length < 2 ? names : [...new Set(names)];
}

/** Something of each input, by slot. */
export function inputsOf<T extends string>(
  node: GraphNode,
  planned: ReadonlyMap<string, Planned>,
  keyIn: (source: Planned) => T,
): { [slot: string]: T } {
  const found: { [slot: string]: T } = {};
  for (const slot of Object.keys(node.inputs)) found[slot] = keyIn(planned.get(node.inputs[slot]!)!);
  return found;
}

function hit(node: GraphNode, predicted: Key, record: Result, resolved?: Key): Planned {
  const { name, kind } = node;
  const summary = record.summary as Summary | undefined;
  const known = { name, kind, inputs: sourcesOf(node), key: predicted, state: 'cached' as const, lastSeconds: record.seconds };
  const shown: PlannedNode = summary === undefined ? known : { ...known, summary };
  return resolved === undefined ? { node, shown, predicted, record } : { node, shown, predicted, resolved, record };
}

function miss(
  node: GraphNode,
  predicted: Key,
  state: 'stale' | 'unknown',
  reason: Reason,
  { last: lastOf }: Knowledge,
  resolved?: Key,
): Planned {
  const { name, kind } = node;
  const last = lastOf(name);
  const known = { name, kind, inputs: sourcesOf(node), key: predicted, state, reason };
  const shown: PlannedNode = last ? { ...known, lastSeconds: last.seconds } : known;
  return resolved === undefined ? { node, shown, predicted } : { node, shown, predicted, resolved };
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
