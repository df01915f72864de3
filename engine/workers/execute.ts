// Runs one node where it stands: loads inputs from the cache, calls `run`, stores the result. Used by worker processes and in tests.
import { getArtifact, writeArtifact } from '../../cache/artifact.ts';
import type { Artifact } from '../../cache/array.ts';
import type { Digest, Store } from '../../cache/store.ts';
import { diskCheckpoint } from '../checkpoint.ts';
import type { Definition, RunContext } from '../define-node.ts';
import { notingExecutors } from '../device.ts';
import { KithError } from '../errors.ts';
import { declaredPath } from '../files.ts';
import type { Hooks, Outcome, Task } from './protocol.ts';

/** Runs the task's node and returns what it left in the cache, not yet durable. Rejects with whatever `run` throws. */
export async function execute(definition: Definition, task: Task, store: Store, hooks: Hooks, signal: AbortSignal): Promise<Outcome> {
  const started = performance.now();
  const checkpoint = diskCheckpoint(task.cacheFolder, task.key, task.lineage);
  const context: RunContext = {
    inputs: (await loadInputs(definition, task, store)) as never,
    params: task.params,
    seed: task.seed,
    device: task.device,
    threads: task.threads,
    signal,
    path: (declared) => declaredPath(declared, task.root),
    progress: hooks.progress,
    checkpoint,
    log: hooks.log,
  };
  const { value: artifact, used } = await notingExecutors(() => definition.run(context as never));
  const { digest, bytes, blobs } = await writeArtifact(store, artifact);
  const summary = definition.summarise?.(artifact);
  const seconds = (performance.now() - started) / 1000;
  const checkpointed = checkpoint.exists();
  return { artifact: digest, bytes, blobs, seconds, resumed: checkpoint.resumed(), checkpointed, used, ...(summary ? { summary } : {}) };
}

/** The artifacts by slot; slots of collections become records. */
export async function loadInputs(
  definition: Definition,
  task: { readonly inputs: { readonly [slot: string]: Digest } },
  store: Store,
): Promise<Record<string, Artifact | Record<string, Artifact>>> {
  const loaded: Record<string, Artifact | Record<string, Artifact>> = {};
  for (const [slot, { many }] of Object.entries(definition.inputs)) if (many) loaded[slot] = {};
  for (const [path, digest] of Object.entries(task.inputs)) {
    const artifact = await getArtifact(store, digest);
    if (!artifact) {
      throw new KithError(`The input "${path}" is no longer in the cache.`, {
        facts: [`Its digest is ${digest}.`],
        hint: 'It was damaged or deleted. Run again: it will be made anew.',
        lost: path,
      });
    }
    const at = path.indexOf('.');
    if (at < 0) loaded[path] = artifact;
    else (loaded[path.slice(0, at)] as Record<string, Artifact>)[path.slice(at + 1)] = artifact;
  }
  return loaded;
}
