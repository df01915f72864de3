// Handles → a graphology DAG of named nodes, with overrides applied. Equal nodes are one node, so variants share what they have in common.
import { DirectedGraph } from 'graphology';
import { canonical } from '../cache/digest.ts';
import type { Plain } from '../cache/array.ts';
import type { Definition, Handle, Settings } from './define-node.ts';
import { KithError } from './errors.ts';
import { nearest } from './nearest.ts';
import { parseParams } from './params.ts';
import { isHandle, type Pipeline } from './pipeline.ts';
import { settingsOf } from './settings.ts';

/** A node with a name and checked params, reading other nodes by name. */
export interface GraphNode {
  readonly name: string;
  readonly kind: string;
  readonly definition: Definition;
  readonly params: { readonly [param: string]: Plain };
  /** Input slot → node; a slot of a collection is written `baselines.pixels`. */
  readonly inputs: { readonly [slot: string]: string };
  readonly seed: number;
  readonly settings: Settings;
}

/** A DAG of nodes; an edge leads from a node to those that read it. */
export type Graph = DirectedGraph<{ node: GraphNode }>;

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
  const graph: Graph = new DirectedGraph();
  const known = new Map<string, string>();
  const names = nameHandles(pipeline);
  const all = Object.keys(pipeline.nodes);
  for (const name of Object.keys(pipeline.settings))
    if (!pipeline.nodes[name]) throw unknown(`There are settings for "${name}", which is no node of the pipeline.`, name, all, 'settings');
  for (const overrides of variants) checkOverrides(pipeline, overrides);
  const built = variants.map((overrides) => addVariant(graph, known, names, pipeline, overrides));
  return { graph, variants: built };
}

/** Every handle of the pipeline with its name, in an order in which inputs come first. Handles that were not named are called by their kind. */
function nameHandles(pipeline: Pipeline): Map<Handle, string> {
  const given = new Map(Object.entries(pipeline.nodes).map(([name, handle]) => [handle, name]));
  const taken = new Set(given.values());
  const names = new Map<Handle, string>();
  const trail: Handle[] = [];
  const visit = (handle: Handle): void => {
    if (names.has(handle)) return;
    if (trail.includes(handle)) throw cycle([...trail.slice(trail.indexOf(handle)), handle], given);
    trail.push(handle);
    for (const input of Object.values(slots(handle))) visit(input);
    trail.pop();
    const name = given.get(handle) ?? free(handle.definition.kind, taken);
    taken.add(name);
    names.set(handle, name);
  };
  for (const handle of Object.values(pipeline.nodes)) visit(handle);
  return names;
}

function cycle(trail: readonly Handle[], names: ReadonlyMap<Handle, string>): KithError {
  return new KithError('The pipeline has a cycle.', {
    facts: [trail.map((handle) => names.get(handle) ?? handle.definition.kind).join(' → ')],
    hint: 'A node cannot read its own result, not even through others.',
    exitCode: 2,
  });
}

function free(kind: string, taken: ReadonlySet<string>): string {
  if (!taken.has(kind)) return kind;
  let number = 2;
  while (taken.has(`${kind}-${number}`)) number += 1;
  return `${kind}-${number}`;
}

/** The handles a handle reads, collections flattened to `slot.name`, checked against the definition. */
function slots(handle: Handle): Record<string, Handle> {
  const { kind, inputs: declared } = handle.definition;
  const found: Record<string, Handle> = {};
  const wrong = (headline: string, hint: string): KithError => new KithError(headline, { hint, exitCode: 2 });
  for (const [slot, given] of Object.entries(handle.inputs)) {
    const input = declared[slot];
    if (!input) throw wrong(`${kind} has no input "${slot}".`, `It takes ${Object.keys(declared).join(', ') || 'none'}.`);
    if (!input.many) {
      if (!isHandle(given)) throw wrong(`Input "${slot}" of ${kind} is not a node.`, 'Pass what a node function returns.');
      found[slot] = given;
      continue;
    }
    for (const [name, member] of Object.entries(given)) {
      if (!isHandle(member))
        throw wrong(`Input "${slot}.${name}" of ${kind} is not a node.`, 'Pass a record of what node functions return.');
      found[`${slot}.${name}`] = member;
    }
  }
  for (const [slot, input] of Object.entries(declared)) {
    if (!input.optional && !handle.inputs[slot]) throw wrong(`${kind} needs the input "${slot}".`, `Pass it: ${kind}({ ${slot} }).`);
  }
  return found;
}

function addVariant(
  graph: Graph,
  known: Map<string, string>,
  handles: ReadonlyMap<Handle, string>,
  pipeline: Pipeline,
  overrides: Overrides,
): Variant {
  const names: Record<string, string> = {};
  const seed = overrides['seed'] === undefined ? pipeline.seed : Number(overrides['seed']);
  const label = Object.entries(overrides)
    .map(([path, value]) => `${path}=${typeof value === 'string' ? value : JSON.stringify(value)}`)
    .join(',');
  for (const [handle, given] of handles) {
    const { definition } = handle;
    const params = parseParams(given, definition, { ...handle.params, ...paramsOf(given, overrides) });
    const inputs = Object.fromEntries(Object.entries(slots(handle)).map(([slot, input]) => [slot, names[handles.get(input)!]!]));
    const nodeSeed = definition.seeded ? seed : 0;
    const identity = canonical({ kind: definition.kind, params, inputs, seed: nodeSeed });
    let name = known.get(`${given} ${identity}`);
    if (name === undefined) {
      name = graph.hasNode(given) ? `${given}[${label}]` : given;
      known.set(`${given} ${identity}`, name);
      const settings = settingsOf(given, definition, pipeline.settings[given]);
      const node: GraphNode = { name, kind: definition.kind, definition, params, inputs, seed: nodeSeed, settings };
      graph.addNode(name, { node });
      for (const source of new Set(Object.values(inputs))) graph.addEdge(source, name);
    }
    names[given] = name;
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
    if (!handle) throw unknown(`There is no node "${name}" in the pipeline.`, name, Object.keys(pipeline.nodes), `--set ${path}`);
    const params = Object.keys(handle.definition.params.shape);
    if (!params.includes(param)) throw unknown(`The node "${name}" has no param "${param}".`, param, params, `--set ${path}`);
  }
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
  return graph.mapNodes((_, { node }) => node).filter((node) => !needed || needed.has(node.name));
}

/** The targets and everything they read, directly or not. */
export function ancestors(graph: Graph, targets: readonly string[]): Set<string> {
  return reached(targets, (name, visit) => graph.forEachInNeighbor(name, visit));
}

/** The nodes and everything that reads them, directly or not. */
export function descendants(graph: Graph, nodes: readonly string[]): Set<string> {
  return reached(nodes, (name, visit) => graph.forEachOutNeighbor(name, visit));
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
  const names = typed.flatMap((text) => {
    const name = text.replace(/^\+|\+$/g, '');
    const found = graph.filterNodes((node) => node === name || node.startsWith(`${name}[`));
    if (found.length === 0) throw unknown(`There is no node "${name}" in the pipeline.`, name, graph.nodes(), `"${name}"`);
    return [...found, ...(text.startsWith('+') ? ancestors(graph, found) : []), ...(text.endsWith('+') ? descendants(graph, found) : [])];
  });
  return [...new Set(names)];
}
