// A pipeline file with its surroundings, ready to be planned: compiled, loaded, with its cache open. Everything a command starts from.
import { existsSync, statSync } from 'node:fs';
import { basename, dirname, join, relative, resolve } from 'node:path';
import { loadHasher, type Hasher } from '../cache/digest.ts';
import { openStore, type DiskStore } from '../cache/disk.ts';
import { openStatCache, type StatCache } from '../cache/stat-cache.ts';
import { compile, type Compiled } from './compile.ts';
import { usableCache } from './cache-failure.ts';
import { KithError } from './errors.ts';
import { digestFiles, nearestPackage } from './files.ts';
import { buildGraph, resolveTargets, topological, type Graph, type GraphNode, type Overrides, type Variant } from './graph.ts';
import { openHistory, type History } from './history.ts';
import type { Leaves } from './key.ts';
import { loadPipeline } from './load.ts';
import { isComplete, parseAlias, type Result } from '../cache/record.ts';
import { openRecordIndex, type RecordIndex } from '../cache/record-index.ts';
import { plan, type Knowledge, type Planned } from './plan.ts';
import { nearest } from './nearest.ts';
import type { Pipeline } from './pipeline.ts';
import type { Key } from '../cache/store.ts';

export interface Project {
  /** As shown to people: relative to the working folder. */
  readonly shown: string;
  readonly file: string;
  readonly root: string;
  readonly cacheFolder: string;
  readonly compiled: Compiled;
  readonly pipeline: Pipeline;
  readonly graph: Graph;
  readonly variants: readonly Variant[];
  readonly store: DiskStore;
  readonly index: RecordIndex;
  readonly hasher: Hasher;
  readonly statCache: StatCache;
  readonly history: History;
  /** What the cache had to set aside while it was read. */
  readonly damages: string[];
}

/** Which pipeline, with which params. */
export interface Selection {
  readonly file?: string | undefined;
  readonly variants?: readonly Overrides[];
  /** The working folder. */
  readonly cwd: string;
}

/** Folder of the cache of a project: `.kith` beside its package.json, or beside the pipeline file where there is none. */
export function cacheFolderOf(file: string): { readonly root: string; readonly cacheFolder: string } {
  const root = nearestPackage(dirname(file)) ?? dirname(file);
  return { root, cacheFolder: join(root, '.kith') };
}

/** Compiles and loads a pipeline file and opens its cache. Throws KithErrors with exit code 2 for anything wrong in the file. */
export async function openProject({ file = 'pipeline.ts', variants = [{}], cwd }: Selection): Promise<Project> {
  const absolute = resolve(cwd, file);
  if (!existsSync(absolute) || !statSync(absolute).isFile()) {
    throw new KithError(`There is no pipeline file ${file}.`, {
      facts: [`Looked at ${absolute}.`],
      hint: 'Name one: kith run path/to/pipeline.ts',
      exitCode: 2,
    });
  }
  const shown = relative(cwd, absolute) || basename(absolute);
  const { root, cacheFolder } = cacheFolderOf(absolute);
  usableCache(cacheFolder);
  const damages: string[] = [];
  const hasher = await loadHasher();
  const store = openStore(cacheFolder, { onDamage: (text) => void damages.push(text) });
  const statCache = openStatCache(join(cacheFolder, 'stat-cache'), hasher);
  const compiled = await compile(absolute, { cacheFolder });
  const pipeline = await loadPipeline(compiled, { shown, temporaries: join(cacheFolder, 'tmp') });
  const name = relative(root, absolute);
  const history = openHistory(cacheFolder, name, hasher);
  const index = openRecordIndex(join(cacheFolder, 'index', hasher.key(name)), store, hasher);
  return {
    shown,
    file: absolute,
    root,
    cacheFolder,
    compiled,
    pipeline,
    ...buildGraph(pipeline, variants),
    store,
    index,
    hasher,
    statCache,
    history,
    damages,
  };
}

/** The same project with other variants in its graph. */
export const withVariants = (project: Project, variants: readonly Overrides[]): Project => ({
  ...project,
  ...buildGraph(project.pipeline, variants),
});

/** What the plan of a project knows; leaves and records are looked up once. */
export function knowledgeOf(project: Project, forced: readonly string[] = []): Knowledge {
  const { store, index, hasher, statCache, compiled, root, history, graph } = project;
  const leaves = new Map<string, Leaves>();
  const lookUp = (key: Key): Result | undefined => {
    const result = index.find(key);
    return result && isComplete(store, result) ? result : undefined;
  };
  return {
    hasher,
    forced: new Set(forced.length > 0 ? resolveTargets(graph, forced) : []),
    last: (name) => history.last(name),
    lookUp,
    lookUpPredicted: (key) => {
      const resolved = parseAlias(store.getRecordSync(key));
      return resolved && lookUp(resolved);
    },
    leaves: (node) => {
      // What depends on no param is the same for every node of a kind.
      const name = node.definition.files ? `node ${node.name}` : `kind ${node.kind}`;
      let found = leaves.get(name);
      if (!found) leaves.set(name, (found = leavesOf(node, compiled, root, statCache)));
      return found;
    },
  };
}

function leavesOf(node: GraphNode, compiled: Compiled, root: string, statCache: StatCache): Leaves {
  const code = compiled.code[node.kind];
  if (!code) throw new Error(`no code slice for the kind ${node.kind}`);
  const env = Object.fromEntries((node.definition.env ?? []).map((name) => [name, process.env[name] ?? null]));
  return { code, env, files: digestFiles(node, root, (path) => statCache.digest(path)) };
}

/** Plans the targets (every node where none is named). */
export function planProject(
  project: Project,
  targets: readonly string[],
  forced: readonly string[] = [],
): { readonly plan: Map<string, Planned>; readonly knowledge: Knowledge } {
  const knowledge = knowledgeOf(project, forced);
  const names = targets.length > 0 ? resolveTargets(project.graph, targets) : undefined;
  const planned = plan(topological(project.graph, names), knowledge);
  project.statCache.save();
  project.index.save();
  return { plan: planned, knowledge };
}

/** The one node that a command names; suggests the nearest. */
export function findNode(project: Project, name: string): GraphNode {
  const node = project.graph.nodes.get(name);
  if (node) return node;
  const names = [...project.graph.nodes.keys()];
  const near = nearest(name, names);
  throw new KithError(`There is no node "${name}" in ${project.shown}.`, {
    hint: near ? `Did you mean "${near}"?` : `It has ${names.join(', ')}.`,
    exitCode: 2,
  });
}
