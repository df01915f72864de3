// `run`: what `kith run` does, for programs. Not for pipeline files, which declare and never run.
import { join } from 'node:path';
import { fileURLToPath } from 'node:url';
import { KithError } from '../engine/errors.ts';
import type { Event } from '../engine/events.ts';
import { packageFolder } from '../engine/files.ts';
import type { Overrides } from '../engine/graph.ts';

export interface RunOptions {
  /** Nodes wanted, with what they need; default: all. */
  readonly targets?: readonly string[];
  /** Params set otherwise, `{ 'neighbours.k': 20, seed: 1 }`; a list of them runs as variants in one shared graph. */
  readonly set?: Overrides | readonly Overrides[];
  /** Nodes to run even if they are cached. */
  readonly force?: readonly string[];
  /** Nodes that run at once; default: the number of processors. */
  readonly jobs?: number;
  /** What runs tensors; default: the fastest that is here. */
  readonly device?: string;
  /** Whether nodes that do not need a failed one still start; default: where there are several variants. */
  readonly keepGoing?: boolean;
  /** Stops the run at the next checkpoints; the next run goes on from there. */
  readonly signal?: AbortSignal;
}

/**
 * Runs what is stale of a pipeline file, and yields the events as they happen: `for await (const event of run('pipeline.ts')) …`.
 * The last is `run-finished`, also where nodes failed or the run was stopped. Who leaves the loop early stops the run.
 * Throws a KithError where the file or an option is wrong. A path is relative to the working folder.
 */
export async function* run(file: string | URL, options: RunOptions = {}): AsyncGenerator<Event, void, undefined> {
  const { targets, set = {}, force, jobs, device, keepGoing, signal } = options;
  const path = pathOf(file);
  const [{ openProject }, { streamRun }, { createPool }, { chooseDevice }] = await Promise.all([
    import('../engine/project.ts'),
    import('../engine/stream-run.ts'),
    import('../engine/workers/pool.ts'),
    import('./tensor/choose.ts'),
  ]);
  const project = await openProject({ file: path, variants: Array.isArray(set) ? set : [set as Overrides], cwd: process.cwd() });
  yield* streamRun(project, {
    chooseDevice,
    runner: () => createPool(join(packageFolder(), 'dist', 'worker.js')),
    ...(targets ? { targets } : {}),
    ...(force ? { forced: force } : {}),
    ...(jobs === undefined ? {} : { jobs }),
    ...(device === undefined || device === 'auto' ? {} : { device }),
    ...(keepGoing === undefined ? {} : { keepGoing }),
    ...(signal ? { signal } : {}),
  });
}

function pathOf(file: unknown): string {
  if (file instanceof URL) return fileURLToPath(file);
  if (typeof file === 'string') return file;
  throw new KithError('run takes the file of a pipeline.', {
    facts: [`It was given ${file === null ? 'null' : `a ${typeof file}`}.`],
    hint: 'Pass its path or URL: the code of the nodes is hashed as it stands there.',
    exitCode: 2,
  });
}
