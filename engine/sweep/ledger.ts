// A sweep as it is kept: what was asked, in `sweeps/<name>/spec.json`, and a line in `trials.jsonl` for everything that happened to a trial.
// Only ever appended to, so that a kill anywhere loses at most the line being written.
import { appendFileSync, existsSync, mkdirSync, readdirSync, readFileSync } from 'node:fs';
import { join } from 'node:path';
import { replaceFileSync } from '../../cache/atomic-file.ts';
import { KithError } from '../errors.ts';
import { nearest } from '../nearest.ts';
import type { Overrides } from '../graph.ts';
import type { Space } from './domain.ts';
import type { Objective } from './objective.ts';
import type { Trial } from './strategy.ts';

export type StrategyName = 'grid' | 'random' | 'sobol' | 'tpe' | 'asha';

/** What a sweep is asked to do; `extend` replaces it, the trials stay. */
export interface Spec {
  readonly version: 1;
  readonly name: string;
  /** The pipeline file, relative to the project's root. */
  readonly pipeline: string;
  /** Overrides that all trials share. */
  readonly fixed: Overrides;
  readonly space: Space;
  readonly strategy: StrategyName;
  readonly seed: number;
  /** Seeds of the pipeline at which each trial is run; its score is their mean. */
  readonly seeds: readonly number[];
  /** Trials at most; a grid has its own number. */
  readonly trials?: number;
  /** Values that a grid takes from a range. */
  readonly steps: number;
  /** Of ASHA: what is given out in rungs. */
  readonly rungs?: { readonly resource: string; readonly least: number; readonly most: number; readonly factor: number };
  readonly objective: Objective;
}

/** What happened. A trial that was started and has no end was lost with its process, and is run again. */
export type Line = { readonly time: number } & (
  | { readonly event: 'session'; readonly run: string; readonly pid: number }
  | { readonly event: 'started'; readonly trial: number; readonly params: Overrides; readonly parent?: number }
  /** Of one seed: a trial is done when all its seeds are. */
  | { readonly event: 'measured'; readonly trial: number; readonly seed: number; readonly metrics: { readonly [path: string]: number } }
  | { readonly event: 'done'; readonly trial: number; readonly score: number; readonly deviation: number }
  | { readonly event: 'failed'; readonly trial: number; readonly why: string }
);

export interface Ledger {
  readonly spec: Spec;
  readonly lines: readonly Line[];
  append(line: Line): void;
}

const folderOf = (cacheFolder: string, name: string): string => join(cacheFolder, 'sweeps', name);

/** Names of the sweeps of a cache. */
export function listSweeps(cacheFolder: string): string[] {
  try {
    return readdirSync(join(cacheFolder, 'sweeps')).sort();
  } catch {
    return [];
  }
}

/** Writes down what a sweep is asked. A name that is taken is a KithError (exit code 2) unless it `replaces` the spec of that name. */
export function writeSpec(cacheFolder: string, spec: Spec, { replaces = false } = {}): void {
  if (!/^[\w-]+$/.test(spec.name))
    throw new KithError(`"${spec.name}" cannot name a sweep.`, { hint: 'Use letters, digits, - and _.', exitCode: 2 });
  const folder = folderOf(cacheFolder, spec.name);
  const exists = existsSync(join(folder, 'spec.json'));
  if (exists && !replaces) {
    throw new KithError(`There is a sweep "${spec.name}" already.`, {
      hint: `Go on with it: kith sweep resume ${spec.name}; widen it: kith sweep extend ${spec.name} …; or choose another --name.`,
      exitCode: 2,
    });
  }
  mkdirSync(folder, { recursive: true });
  replaceFileSync(join(folder, 'spec.json'), Buffer.from(`${JSON.stringify(spec, null, 2)}\n`), join(cacheFolder, 'tmp'));
}

/** Throws a KithError (exit code 2) where there is no such sweep, or its spec cannot be read. */
export function openLedger(cacheFolder: string, name: string): Ledger {
  const file = join(folderOf(cacheFolder, name), 'trials.jsonl');
  const spec = readSpec(cacheFolder, name);
  const text = existsSync(file) ? readFileSync(file, 'utf8') : '';
  const lines = text.split('\n').flatMap(parseLine);
  // What a kill cut off must not swallow the next line.
  let torn = text !== '' && !text.endsWith('\n');
  return {
    spec,
    lines,
    append(line) {
      lines.push(line);
      appendFileSync(file, `${torn ? '\n' : ''}${JSON.stringify(line)}\n`);
      torn = false;
    },
  };
}

function readSpec(cacheFolder: string, name: string): Spec {
  const file = join(folderOf(cacheFolder, name), 'spec.json');
  if (!existsSync(file)) {
    const names = listSweeps(cacheFolder);
    const near = nearest(name, names);
    throw new KithError(`There is no sweep "${name}".`, {
      hint: near ? `Did you mean "${near}"?` : names.length > 0 ? `There is ${names.join(', ')}.` : 'Start one: kith sweep start --name …',
      exitCode: 2,
    });
  }
  try {
    const spec = JSON.parse(readFileSync(file, 'utf8')) as Spec;
    if (spec.version === 1) return spec;
    throw new Error(`It is of version ${String(spec.version)}; this Kith knows 1.`);
  } catch (error) {
    throw new KithError(`The sweep "${name}" cannot be read.`, { facts: [file, (error as Error).message], exitCode: 2 });
  }
}

function parseLine(text: string): Line[] {
  try {
    return [JSON.parse(text) as Line];
  } catch {
    return [];
  }
}

/** The trials as the lines tell them; scores are turned so that lower is better. One that lacks a seed of the spec is not done. */
export function trialsOf({ spec, lines }: Pick<Ledger, 'spec' | 'lines'>): Trial[] {
  const trials = new Map<number, Trial>();
  const seeds = new Map<number, Set<number>>();
  const sign = spec.objective.goal === 'max' ? -1 : 1;
  for (const line of lines) {
    if (line.event === 'started') {
      const { trial: number, params, parent } = line;
      trials.set(number, { number, params, state: 'running', ...(parent === undefined ? {} : { parent }) });
    }
    if (line.event === 'measured') seeds.set(line.trial, (seeds.get(line.trial) ?? new Set()).add(line.seed));
    if (line.event === 'done' && spec.seeds.every((seed) => seeds.get(line.trial)?.has(seed)))
      trials.set(line.trial, { ...trials.get(line.trial)!, state: 'done', score: sign * line.score });
    if (line.event === 'failed') trials.set(line.trial, { ...trials.get(line.trial)!, state: 'failed' });
  }
  return [...trials.values()].sort((a, b) => a.number - b.number);
}
