// Handles → a DAG of named nodes, with overrides applied; as a graphology graph where paths are asked for. Equal nodes are one node, so variants
// share what they have in common.
import { DirectedGraph } from 'graphology';
import { canonical } from '../cache/digest.ts';
import type { Plain } from '../cache/array.ts';
import type { Definition, Handle } from './define-node.ts';
import { KithError } from './errors.ts';
import { nameHandles, type Named } from './name-handles.ts';
import { nearest } from './nearest.ts';
import { parseParams } from './params.ts';
import type { Pipeline } from './pipeline.ts';
import { settingsOf, type NodeSettings } from './settings.ts';

/** A node with a name and checked params, reading other nodes by name. */
export interface GraphNode {
  readonly name: string;
  readonly kind: string;
  readonly definition: Definition;
  readonly params: { readonly [param: string]: Plain };
  /** The params in canonical form, as they stand in keys. */
  readonly encoded: string;
  /** Input slot → node; a slot of a collection is written `baselines.pixels`. */
  readonly inputs: { readonly [slot: string]: string };
  readonly seed: number;
  readonly settings: NodeSettings;
}

/** A DAG of nodes. */
export interface Graph {
  /** By name, in an order in which inputs come first: all that a plan needs. */
  readonly nodes: ReadonlyMap<string, GraphNode>;
  /** The same for questions about paths; made when first asked for. An edge leads from a node to those that read it. */
  readonly directed: () => DirectedGraph;
}

/** One assignment of overrides: `{ 'clusters.entropyWeight': 2 }`; `seed` alone replaces the pipeline's seed. */
export type Overrides = { readonly [path: string]: Plain };

/** One way to run the pipeline, and the names its nodes got in the shared graph. */
export interface Variant {
  readonly overrides: Overrides;
  /** Name in the pipeline → name in the graph. */
  readonly names: { readonly [name: string]: string };
}

/**
 * Builds one shared graph of all variants. Nodes that are equal in kind, params, seed and inputs are one node; a node that differs between
 * variants is called `clusters[clusters.entropyWeight=2]`.
 * Errors: unknown nodes or params in overrides, params that the schema refuses, missing or unknown inputs, cycles.
 */
export function buildGraph(
  pipeline: Pipeline,
  variants: readonly Overrides[] = [{}],
): { readonly graph: Graph; readonly variants: readonly Variant[] } {
  for (const name of Object.keys(pipeline.settings)) {
    if (pipeline.nodes[name]) continue;
    throw unknown(`There are settings for "${name}", which is no node of the pipeline.`, name, Object.keys(pipeline.nodes), 'settings');
  }
  for (const overrides of variants) checkOverrides(pipeline, overrides);
  const nodes = new Map<string, GraphNode>();
  const named = nameHandles(pipeline);
  const shared = { nodes, named, pipeline, known: variants.length > 1 ? new Map<string, string>() : undefined };
  const built = variants.map((overrides) => addVariant(shared, overrides));
  let directed: DirectedGraph | undefined;
  return { graph: { nodes, directed: () => (directed ??= directedGraph(nodes)) }, variants: built };
}

function directedGraph(nodes: ReadonlyMap<string, GraphNode>): DirectedGraph {
  const graph = new DirectedGraph();
  for (const name of nodes.keys()) graph.addNode(name);
  for (const { name, inputs } of nodes.values()) for (const source of new Set(Object.values(inputs))) graph.addEdge(source, name);
  return graph;
}

interface Shared {
  /** All nodes so far. */
  readonly nodes: Map<string, GraphNode>;
  readonly named: ReadonlyMap<Handle, Named>;
  readonly pipeline: Pipeline;
  /** What a node is → its name; absent where there is one variant, in which no two nodes share a name. */
  readonly known: Map<string, string> | undefined;
}

function addVariant({ nodes, named, pipeline, known }: Shared, overrides: Overrides): Variant {
  const names: Record<string, string> = {};
  /** The same by handle. */
  const reached = new Map<Handle, string>();
  const seed = overrides['seed'] === undefined ? pipeline.seed : Number(overrides['seed']);
  const label = Object.entries(overrides)
    .map(([path, value]) => `${path}=${typeof value === 'string' ? value : JSON.stringify(value)}`)
    .join(',');
  const isOverridden = Object.keys(overrides).length > 0;
  const usual = new Map<Definition, NodeSettings>();
  const special = new Map(Object.entries(pipeline.settings));
  for (const [handle, { name: given, slots: read, start }] of named) {
    const { definition } = handle;
    const { kind } = definition;
    const { params, encoded } = parseParams(given, definition, isOverridden ? { ...start, ...paramsOf(given, overrides) } : start);
    const inputs: Record<string, string> = {};
    for (const slot of Object.keys(read)) inputs[slot] = reached.get(read[slot]!)!;
    const drawn = definition.seeded ? seed : 0;
    const identity = known && `${given} ${canonical({ kind, inputs, seed: drawn })} ${encoded}`;
    let name = known?.get(identity!);
    if (name === undefined) {
      name = nodes.has(given) ? `${given}[${label}]` : given;
      known?.set(identity!, name);
      const own = special.get(given);
      let settings = own ? settingsOf(given, definition, own) : usual.get(definition);
      if (!settings) usual.set(definition, (settings = settingsOf(given, definition)));
      nodes.set(name, { name, kind, definition, params, encoded, inputs, seed: drawn, settings });
    }
    names[given] = name;
    reached.set(handle, name);
  }
  return { overrides, names };
}

function paramsOf(name: string, overrides: Overrides): Record<string, Plain> {
  const prefix = `${name}.`;
  const mine = Object.entries(overrides).filter(([path]) => path.startsWith(prefix));
  return Object.fromEntries(mine.map(([path, value]) => [path.slice(prefix.length), value]));
}

function checkOverrides(pipeline: Pipeline, overrides: Overrides): void {
  for (const [path, value] of Object.entries(overrides)) {
    if (path === 'seed') {
      if (Number.isSafeInteger(value)) continue;
      throw new KithError(`The seed must be a whole number, not ${JSON.stringify(value)}.`, { exitCode: 2 });
    }
    const [name = '', param = ''] = path.split('.', 2);
    const handle = pipeline.nodes[name];
    if (!handle) throw unknownNode(pipeline, path, name);
    const params = Object.keys(handle.definition.params.shape);
    if (!params.includes(param)) throw unknown(`The node "${name}" has no param "${param}".`, param, params, `--set ${path}`);
  }
}

/** A param without its node is the likeliest slip. */
function unknownNode({ nodes }: Pipeline, path: string, name: string): KithError {
  const owners = Object.keys(nodes).filter((each) => path in nodes[each]!.definition.params.shape);
  const headline = `There is no node "${name}" in the pipeline.`;
  if (owners.length === 0) return unknown(headline, name, Object.keys(nodes), `--set ${path}`);
  return new KithError(headline, {
    facts: [`Given as --set ${path}.`],
    hint: `Did you mean ${owners.map((owner) => `${owner}.${path}`).join(' or ')}?`,
    exitCode: 2,
  });
}

function unknown(headline: string, wrong: string, right: readonly string[], fact: string): KithError {
  const near = nearest(wrong, right);
  return new KithError(headline, {
    facts: [`Given as ${fact}.`],
    hint: near ? `Did you mean "${near}"?` : `There is ${right.join(', ') || 'none'}.`,
    exitCode: 2,
  });
}

/** The nodes in an order in which inputs come first; restricted to what the targets need where targets are given. */
export function topological(graph: Graph, targets?: readonly string[]): GraphNode[] {
  const needed = targets && ancestors(graph, targets);
  return [...graph.nodes.values()].filter((node) => !needed || needed.has(node.name));
}

/** The targets and everything they read, directly or not. */
export function ancestors(graph: Graph, targets: readonly string[]): Set<string> {
  return reached(targets, (name, visit) => graph.directed().forEachInNeighbor(name, visit));
}

/** The nodes and everything that reads them, directly or not. */
export function descendants(graph: Graph, nodes: readonly string[]): Set<string> {
  return reached(nodes, (name, visit) => graph.directed().forEachOutNeighbor(name, visit));
}

function reached(from: readonly string[], neighbours: (name: string, visit: (name: string) => void) => void): Set<string> {
  const found = new Set<string>();
  const open = [...from];
  for (let name = open.pop(); name !== undefined; name = open.pop()) {
    if (found.has(name)) continue;
    found.add(name);
    neighbours(name, (next) => void open.push(next));
  }
  return found;
}

/**
 * The graph's names for what a user typed: a node or every variant of it; `+node` with all that it reads, `node+` with all that reads it,
 * directly or not.
 */
export function resolveTargets(graph: Graph, typed: readonly string[]): string[] {
  const all = [...graph.nodes.keys()];
  const names = typed.flatMap((text) => {
    const name = text.replace(/^\+|\+$/g, '');
    const found = all.filter((node) => node === name || node.startsWith(`${name}[`));
    if (found.length === 0) throw unknown(`There is no node "${name}" in the pipeline.`, name, all, `"${name}"`);
    return [...found, ...(text.startsWith('+') ? ancestors(graph, found) : []), ...(text.endsWith('+') ? descendants(graph, found) : [])];
  });
  return [...new Set(names)];
}
