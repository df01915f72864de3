// A sweep as one shared graph, against the same trials run one by one with a cache of their own each. The digits' nodes, cut down to a small
// network and a few epochs; both sides in this process with the same warm workers, and compiling counts for neither.
import { mkdtempSync, rmSync, symlinkSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import type { Event } from '../../engine/events.ts';
import { packageFolder } from '../../engine/files.ts';
import type { Overrides } from '../../engine/graph.ts';
import { openProject, withVariants, type Project } from '../../engine/project.ts';
import { runProject, type ProjectRun } from '../../engine/run-project.ts';
import type { Space } from '../../engine/sweep/domain.ts';
import { grid } from '../../engine/sweep/grid.ts';
import { openLedger, trialsOf, writeSpec } from '../../engine/sweep/ledger.ts';
import { runSweep } from '../../engine/sweep/run-sweep.ts';
import { createPool } from '../../engine/workers/pool.ts';
import type { TaskRunner } from '../../engine/workers/protocol.ts';
import type { Comparison } from './compare.ts';

const PIPELINE = `
import { affine, augment, digits, embed, evaluate, mapLabels, mineNeighbours, pipeline, pretext, scan } from 'kith';
const images = digits();
const views = augment({ images }, affine({ rotate: 0.3, shift: 0.1, noise: 0.05 }));
const encoder = pretext({ images, views }, { epochs: 2, batch: 256, dimension: 32, channels: [8, 16], strides: [1, 2] });
const embeddings = embed({ images, encoder });
const neighbours = mineNeighbours({ embeddings, images }, { k: 10 });
const clusters = scan({ images, views, encoder, embeddings, neighbours }, { clusters: 10, heads: 2, steps: 60 });
const mapping = mapLabels({ images, assignments: clusters });
export default pipeline({ images, views, encoder, embeddings, neighbours, clusters, mapping, scores: evaluate({ images, assignments: clusters, mapping }) });
`;

const choice = (...values: readonly number[]): Space[string] => ({ of: 'choice', values });

const SPACES: readonly Space[] = [
  { 'encoder.temperature': choice(0.3, 0.5), 'neighbours.k': choice(5, 10), 'clusters.entropyWeight': choice(1, 2, 5) },
  {
    'encoder.temperature': choice(0.2, 0.3, 0.5, 1),
    'neighbours.k': choice(3, 5, 10, 15, 20),
    'clusters.entropyWeight': choice(1, 2, 3, 5, 8),
  },
];

/** What a side cost: seconds, nodes that ran, and how many of their keys were different. */
interface Cost {
  readonly seconds: number;
  readonly executed: number;
  readonly distinct: number;
}

/** Wall seconds and executed nodes of sweeps of 12 and 100 trials; a ratio of 2 means half. */
export default async function* sweep(): AsyncIterable<Comparison> {
  for (const space of SPACES) {
    const trials = grid(space).next([], Infinity).map(({ params }) => params); // prettier-ignore
    const { ours, peer } = await inProject(async (open, pool) => {
      // Compiles, and warms the workers.
      await alone(open, trials.slice(0, 1), pool);
      return { ours: await together(await open(), space, trials.length, pool), peer: await alone(open, trials, pool) };
    });
    const row = (what: string, unit: string, cost: 'seconds' | 'executed'): Comparison => ({
      bench: 'sweep',
      case: `${trials.length} trials of 8 nodes, ${what}`,
      ours: ours[cost],
      peer: peer[cost],
      peerName: 'one by one, nothing shared',
      unit,
      ratio: peer[cost] / ours[cost],
    });
    yield row('time', 's', 'seconds');
    yield row(`executed (${ours.distinct} distinct keys)`, 'nodes', 'executed');
  }
}

/** As one graph. Throws where a trial failed, or a key was made twice. */
async function together(project: Project, space: Space, trials: number, pool: TaskRunner): Promise<Cost> {
  const objective = { node: 'clusters', metric: 'loss', goal: 'min' } as const;
  const asked = { name: 'bench', pipeline: 'pipeline.ts', fixed: {}, space, strategy: 'grid', seed: 0, seeds: [0], steps: 5 } as const;
  writeSpec(project.cacheFolder, { version: 1, ...asked, objective });
  const ledger = openLedger(project.cacheFolder, asked.name);
  const cost = await measured(pool, (options) => runSweep(project, ledger, { ...options, atOnce: 2, tell: () => {} }));
  const done = trialsOf(ledger).filter(({ state }) => state === 'done').length;
  if (done !== trials || cost.executed !== cost.distinct)
    throw new Error(`${done} of ${trials} trials are done; ${cost.executed} executions of ${cost.distinct} keys`);
  forgetResults(project);
  return cost;
}

/** Each with a cache that has nothing but compiled code in it. */
async function alone(open: () => Promise<Project>, trials: readonly Overrides[], pool: TaskRunner): Promise<Cost> {
  const costs: Cost[] = [];
  for (const params of trials) {
    const project = withVariants(await open(), [params]);
    costs.push(await measured(pool, (options) => runProject(project, options)));
    forgetResults(project);
  }
  const sum = (of: keyof Cost): number => costs.reduce((total, cost) => total + cost[of], 0);
  return { seconds: sum('seconds'), executed: sum('executed'), distinct: sum('distinct') };
}

function forgetResults({ cacheFolder }: Project): void {
  for (const results of ['ac', 'cas', 'index', 'history']) rmSync(join(cacheFolder, results), { recursive: true, force: true });
}

async function measured(pool: TaskRunner, act: (options: ProjectRun) => Promise<unknown>): Promise<Cost> {
  const made: string[] = [];
  const listener = (event: Event): void => {
    if (event.event === 'node-finished') made.push(event.key);
    if (event.event === 'node-failed') throw new Error(event.failure.headline);
  };
  const runner = (): TaskRunner => ({ run: (task, hooks, signal) => pool.run(task, hooks, signal), close: async () => {} });
  const started = performance.now();
  await act({ device: 'onnx', signal: new AbortController().signal, listener, runner });
  return { seconds: (performance.now() - started) / 1000, executed: made.length, distinct: new Set(made).size };
}

async function inProject<T>(act: (open: () => Promise<Project>, pool: TaskRunner) => Promise<T>): Promise<T> {
  const folder = mkdtempSync(join(tmpdir(), 'kith-bench-'));
  const pool = createPool(join(packageFolder(), 'dist', 'worker.js'));
  try {
    writeFileSync(join(folder, 'package.json'), '{ "type": "module" }');
    writeFileSync(join(folder, 'pipeline.ts'), PIPELINE);
    symlinkSync(join(packageFolder(), 'node_modules'), join(folder, 'node_modules'));
    return await act(() => openProject({ cwd: folder }), pool);
  } finally {
    await pool.close();
    rmSync(folder, { recursive: true, force: true, maxRetries: 5 });
  }
}
