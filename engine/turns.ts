// In which order nodes that could start do start: what the first variants need comes first, so that results appear early; among equals the
// longest path to an end, by recorded durations, since it bounds the whole run (list scheduling by critical path; Kohler, 1975).
import type { Variant } from './graph.ts';
import type { Planned } from './plan.ts';

/** A number for each node of the plan; the lower starts first. */
export function turnsOf(plan: ReadonlyMap<string, Planned>, variants: readonly Variant[]): ReadonlyMap<string, number> {
  const ranks = ranksOf(variants);
  const paths = pathsOf(plan);
  const order = [...plan.keys()].map((name, position) => ({ name, position, rank: ranks.get(name) ?? 0, path: paths.get(name)! }));
  order.sort((a, b) => a.rank - b.rank || b.path - a.path || a.position - b.position);
  return new Map(order.map(({ name }, turn) => [name, turn]));
}

/** The first variant that a node belongs to. */
function ranksOf(variants: readonly Variant[]): Map<string, number> {
  const ranks = new Map<string, number>();
  variants.forEach(({ names }, rank) => {
    for (const name of Object.values(names)) if (!ranks.has(name)) ranks.set(name, rank);
  });
  return ranks;
}

/** Seconds from the start of each node to the end of the last one that waits for it. */
function pathsOf(plan: ReadonlyMap<string, Planned>): Map<string, number> {
  const seconds = estimates([...plan.values()]);
  const paths = new Map<string, number>();
  for (const { node } of [...plan.values()].reverse()) {
    const path = (paths.get(node.name) ?? 0) + seconds(node.name);
    paths.set(node.name, path);
    for (const input of Object.values(node.inputs)) paths.set(input, Math.max(paths.get(input) ?? 0, path));
  }
  return paths;
}

/** What a node took last; else what its kind takes on average, else the average of all. What is cached takes nothing. */
function estimates(planned: readonly Planned[]): (name: string) => number {
  const known = new Map<string, number>();
  const byKind = new Map<string, number[]>();
  for (const { node, shown } of planned) {
    if (shown.state === 'cached') known.set(node.name, 0);
    else if (shown.lastSeconds !== undefined) known.set(node.name, shown.lastSeconds);
    if (shown.lastSeconds === undefined) continue;
    const same = byKind.get(node.kind);
    if (same) same.push(shown.lastSeconds);
    else byKind.set(node.kind, [shown.lastSeconds]);
  }
  const all = mean([...byKind.values()].flat()) ?? 1;
  const kinds = new Map([...byKind].map(([kind, each]) => [kind, mean(each)!]));
  const kindOf = new Map(planned.map(({ node }) => [node.name, node.kind]));
  return (name) => known.get(name) ?? kinds.get(kindOf.get(name)!) ?? all;
}

const mean = (values: readonly number[]): number | undefined =>
  values.length === 0 ? undefined : values.reduce((sum, value) => sum + value, 0) / values.length;
