// Experiments beside each other: only the params that differ, and the mean and deviation of each figure over seeds.
import type { Plain } from '../../cache/array.ts';
import { KithError } from '../errors.ts';
import { figureOf, type Figure } from '../figure.ts';
import { nearest } from '../nearest.ts';

/** One experiment: what was set, and what came of it. Params and metrics are named by node: `clusters.entropyWeight`, `scores.acc`. */
export interface Entry {
  readonly label: string;
  readonly params: { readonly [path: string]: Plain };
  readonly metrics: { readonly [path: string]: number };
}

export interface Comparison {
  /** Params that are not the same everywhere; the seed, over which figures are averaged, is none of them. */
  readonly params: readonly string[];
  readonly metrics: readonly string[];
  readonly rows: readonly Row[];
}

/** Experiments that differ in their seed alone. */
export interface Row {
  readonly labels: readonly string[];
  readonly params: { readonly [path: string]: Plain | undefined };
  readonly metrics: { readonly [path: string]: Figure | undefined };
}

export interface View {
  /** Metrics to show, `scores.acc` or `acc`; default: those of the last node that has any. */
  readonly metrics?: readonly string[];
  /** A metric or param to sort by; `-acc` sorts from the highest down. */
  readonly sort?: string | undefined;
  /** `acc>0.9`, `neighbours.k=10`: rows for which all hold are kept. */
  readonly filters?: readonly string[];
}

const SEED = 'seed';

/** Throws a KithError (exit code 2) for metrics, sorts and filters that name nothing. */
export function compareEntries(entries: readonly Entry[], { metrics: wanted = [], sort, filters = [] }: View = {}): Comparison {
  const all = namesOf(entries.map(({ metrics }) => metrics));
  const metrics = wanted.length > 0 ? wanted.map((name) => find(name, all, 'metric')) : lastNode(all);
  const params = namesOf(entries.map((entry) => entry.params)).filter((path) => path !== SEED && differs(entries, path));
  const rows = group(entries, params, all);
  const value = valueOf([...params, ...all]);
  const kept = filters.map((text) => parseFilter(text, value)).reduce((left, holds) => left.filter(holds), rows);
  return { params, metrics, rows: sort === undefined ? kept : sorted(kept, sort, value) };
}

const namesOf = (records: readonly object[]): string[] => [...new Set(records.flatMap(Object.keys))];

const lastNode = (metrics: readonly string[]): string[] => {
  const node = metrics.at(-1)?.split('.')[0];
  return metrics.filter((path) => path.split('.')[0] === node);
};

const text = (value: Plain | undefined): string => JSON.stringify(value) ?? '';

const differs = (entries: readonly Entry[], path: string): boolean => new Set(entries.map(({ params }) => text(params[path]))).size > 1;

function group(entries: readonly Entry[], params: readonly string[], metrics: readonly string[]): Row[] {
  const groups = new Map<string, Entry[]>();
  for (const entry of entries) {
    const identity = params.map((path) => text(entry.params[path])).join('\n');
    groups.set(identity, [...(groups.get(identity) ?? []), entry]);
  }
  return [...groups.values()].map((alike) => ({
    labels: alike.map(({ label }) => label),
    params: Object.fromEntries(params.map((path) => [path, alike[0]!.params[path]])),
    metrics: Object.fromEntries(metrics.map((path) => [path, figureOf(alike.flatMap((entry) => entry.metrics[path] ?? []))])),
  }));
}

/** The full name of what a user typed: `acc` is `scores.acc`. */
function find(typed: string, names: readonly string[], what: string): string {
  const found = names.includes(typed) ? typed : names.findLast((name) => name.endsWith(`.${typed}`));
  if (found !== undefined) return found;
  const near = nearest(typed, names);
  throw new KithError(`There is no ${what} "${typed}" in these runs.`, {
    hint: near ? `Did you mean "${near}"?` : `There is ${names.join(', ') || 'none'}.`,
    exitCode: 2,
  });
}

type Value = (name: string) => (row: Row) => Plain | undefined;

const valueOf =
  (names: readonly string[]): Value =>
  (typed) => {
    const name = find(typed, names, 'metric or param');
    return ({ params, metrics }) => (name in params ? params[name] : metrics[name]?.mean);
  };

function sorted(rows: readonly Row[], sort: string, value: Value): Row[] {
  const sign = sort.startsWith('-') ? -1 : 1;
  const of = value(sort.replace(/^-/, ''));
  return rows.toSorted((a, b) => {
    const [x, y] = [of(a), of(b)];
    if (x === undefined || y === undefined) return Number(x === undefined) - Number(y === undefined);
    return sign * (typeof x === 'number' && typeof y === 'number' ? x - y : text(x).localeCompare(text(y)));
  });
}

const OPERATORS: { readonly [operator: string]: (order: number) => boolean } = {
  '=': (order) => order === 0,
  '!=': (order) => order !== 0,
  '<': (order) => order < 0,
  '<=': (order) => order <= 0,
  '>': (order) => order > 0,
  '>=': (order) => order >= 0,
};

function parseFilter(filter: string, value: Value): (row: Row) => boolean {
  const [, name, operator, right] = /^\s*([\w.-]+)\s*(!=|<=|>=|=|<|>)\s*(.+?)\s*$/.exec(filter) ?? [];
  if (name === undefined)
    throw new KithError(`The filter ${filter} is not understood.`, { hint: 'Write acc>0.9 or neighbours.k=10.', exitCode: 2 });
  const of = value(name);
  const number = Number(right);
  return (row) => {
    const left = of(row);
    if (left === undefined) return false;
    const order = typeof left === 'number' && !Number.isNaN(number) ? Math.sign(left - number) : String(left) === right ? 0 : 1;
    return OPERATORS[operator!]!(order);
  };
}
