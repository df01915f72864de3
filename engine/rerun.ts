// Executes cached nodes again and compares what comes out, to find those whose results are not the same each time. Everything happens in a
// scratch folder: neither records nor content of the cache change, nor does anything say afterwards that a node ran.
import { copyFileSync, linkSync, mkdirSync, rmSync } from 'node:fs';
import { dirname, join } from 'node:path';
import { getArtifact } from '../cache/artifact.ts';
import { temporaryIn } from '../cache/atomic-file.ts';
import { openStore, type DiskStore } from '../cache/disk.ts';
import type { BlobReference } from '../cache/local-store.ts';
import { parseRecord, type ActionRecord } from '../cache/record.ts';
import type { Digest, Key } from '../cache/store.ts';
import { differencesBetween, type FieldDifference } from './artifact-difference.ts';
import { toFailure } from './errors.ts';
import type { Failure } from './events.ts';
import { nodeSeed } from './key.ts';
import { inputsOf, type Planned } from './plan.ts';
import { planProject, type Project } from './project.ts';
import { acceptedIn } from './report/accepted.ts';
import { Interrupted, NodeFailure, type Hooks, type TaskRunner } from './workers/protocol.ts';

/** How many: a number of nodes, or with a share of one (0 to 1) at least one of them. */
export type Sample = { readonly count: number } | { readonly share: number };

export interface Rerun {
  readonly node: string;
  readonly key: Key;
  /** What it took this time, and what it took when the result was made. */
  readonly seconds: number;
  readonly before: number;
  /** Where the two results differ; empty where they are the same to the last bit. */
  readonly differences: readonly FieldDifference[];
  /** Why there is nothing to compare. */
  readonly failure?: Failure;
}

export interface RerunOptions {
  readonly sample: Sample;
  /** Which nodes are taken depends on it alone. */
  readonly seed: number;
  readonly runner: TaskRunner;
  readonly signal: AbortSignal;
  /** Told before each node. */
  readonly onNode?: (node: string, at: number, of: number) => void;
}

/** What was executed again, and of how many nodes that could have been. */
export interface Reruns {
  readonly of: number;
  readonly nodes: readonly Rerun[];
}

/**
 * Executes a sample of the cached nodes again, one after the other, each with the device and the threads that it had. Rejects with Interrupted
 * when the signal aborts; a node that fails is a result.
 */
export async function rerun(project: Project, { sample, seed, runner, signal, onNode }: RerunOptions): Promise<Reruns> {
  const { plan } = planProject(project, []);
  const able = candidatesIn(plan);
  const chosen = choose(able, sample, seed, project);
  const scratch = temporaryIn(join(project.cacheFolder, 'tmp'));
  const results: Rerun[] = [];
  try {
    for (const [at, planned] of chosen.entries()) {
      if (signal.aborted) throw new Interrupted(planned.node.name);
      onNode?.(planned.node.name, at, chosen.length);
      results.push(await again(project, planned, plan, { scratch, runner, signal }));
    }
    return { of: able.length, nodes: results };
  } finally {
    rmSync(scratch, { recursive: true, force: true, maxRetries: 3 });
  }
}

/** Nodes whose result and inputs are in the cache; not those that stand on somebody's word, since their code is another by now. */
function candidatesIn(plan: ReadonlyMap<string, Planned>): Planned[] {
  const isCached = (name: string): boolean => plan.get(name)?.record !== undefined;
  return [...plan.values()].filter(
    ({ node, record, resolved }) => record && resolved && !acceptedIn(record.summary) && Object.values(node.inputs).every(isCached),
  );
}

/** Which nodes: those whose key hashes lowest with the seed, so that adding a node to a pipeline does not change the rest of the choice. */
function choose(nodes: readonly Planned[], sample: Sample, seed: number, { hasher }: Project): Planned[] {
  const amount = 'count' in sample ? sample.count : Math.max(1, Math.round(sample.share * nodes.length));
  const rank = new Map(nodes.map((planned) => [planned, hasher.key(`${seed} ${planned.resolved}`)]));
  const chosen = [...nodes].sort((a, b) => (rank.get(a)! < rank.get(b)! ? -1 : 1)).slice(0, amount);
  return nodes.filter((planned) => chosen.includes(planned));
}

interface Surroundings {
  readonly scratch: string;
  readonly runner: TaskRunner;
  readonly signal: AbortSignal;
}

async function again(project: Project, planned: Planned, plan: ReadonlyMap<string, Planned>, around: Surroundings): Promise<Rerun> {
  const { node, resolved, record: known } = planned;
  const { store, cacheFolder, compiled, hasher, root } = project;
  const inputs = inputsOf(node, plan, ({ record }) => record!.artifact);
  const record = parseRecord(store.getRecordSync(resolved!), resolved!);
  const head = { node: node.name, key: resolved!, before: known!.seconds };
  const began = performance.now();
  try {
    for (const { record: source } of Object.values(node.inputs).map((input) => plan.get(input)!))
      lend(source!.blobs, cacheFolder, around.scratch);
    const { environment = {} } = record ?? ({} as Partial<ActionRecord>);
    const outcome = await around.runner.run(
      {
        node: node.name,
        kind: node.kind,
        key: resolved!,
        params: node.params,
        inputs,
        seed: nodeSeed(hasher, node),
        device: deviceOf(environment),
        threads: typeof environment['threads'] === 'number' ? environment['threads'] : 1,
        workFile: compiled.workFile,
        cacheFolder: around.scratch,
        root,
        ...(node.settings.timeout === undefined ? {} : { timeout: node.settings.timeout }),
      },
      SILENT,
      around.signal,
    );
    return {
      ...head,
      seconds: outcome.seconds,
      differences: await compare(known!.artifact, outcome.artifact, store, openStore(around.scratch)),
    };
  } catch (error) {
    if (!(error instanceof NodeFailure)) throw error;
    return { ...head, seconds: (performance.now() - began) / 1000, differences: [], failure: error.failure };
  }
}

/** What to ask for to get the same device again; devices with a space in their name are descriptions that nobody can ask for. */
function deviceOf({ executor, device }: { readonly [name: string]: unknown }): string {
  const names = [executor, device].filter((name) => typeof name === 'string');
  return names.find((name) => !name.includes(' ')) ?? 'auto';
}

const SILENT: Hooks = { progress: () => {}, log: () => {}, usage: () => {} };

/** Content of the cache under the same name in another folder: the same file where the system allows it, since content never changes. */
function lend(blobs: readonly BlobReference[], from: string, to: string): void {
  for (const { digest } of blobs) {
    const path = join('cas', digest.slice(0, 2), digest);
    mkdirSync(dirname(join(to, path)), { recursive: true });
    try {
      linkSync(join(from, path), join(to, path));
    } catch (error) {
      if ((error as NodeJS.ErrnoException).code !== 'EEXIST') copyFileSync(join(from, path), join(to, path));
    }
  }
}

async function compare(before: Digest, after: Digest, store: DiskStore, scratch: DiskStore): Promise<FieldDifference[]> {
  if (before === after) return [];
  const [old, now] = await Promise.all([getArtifact(store, before), getArtifact(scratch, after)]);
  if (old && now) return differencesBetween(old, now);
  throw new NodeFailure(toFailure(new Error(`the ${old ? 'new' : 'cached'} result cannot be read`)));
}
