// Runs a pipeline, and again what changes of it, until it is told to stop. A change ends what is out of date and lets the rest go on.
import { join } from 'node:path';
import { isKithError } from '../errors.ts';
import { declaredPath } from '../files.ts';
import type { Planned } from '../plan.ts';
import { planProject, type Project } from '../project.ts';
import type { ProjectRun } from '../run-project.ts';
import type { FileWatcher } from './files.ts';
import { startGeneration, type Keys } from './generation.ts';

/** What a watch acts on, and whom it tells. Paths are absolute; what changed is empty at the start. */
export interface Watch {
  /** Opens the project as it is now; throws a KithError where something in it is wrong. */
  readonly open: () => Promise<Project>;
  /** The pipeline file. */
  readonly file: string;
  readonly files: FileWatcher;
  readonly run: Omit<ProjectRun, 'listener' | 'forced'>;
  /** A run begins; whatever is returned hears its events. */
  readonly onRun: (changed: readonly string[]) => ProjectRun['listener'];
  /** Nothing has to run but nodes that failed just so before. */
  readonly onIdle: (changed: readonly string[], opened: Opened) => void;
  /** A change put a run out of date, which ended these nodes. */
  readonly onRetired: (changed: readonly string[], ended: readonly string[]) => void;
  /** The project is wrong; what runs goes on, and another change is awaited. */
  readonly onWrong: (error: unknown) => void;
}

/** A project that can be run, and its plan. */
export interface Opened {
  readonly project: Project;
  readonly plan: ReadonlyMap<string, Planned>;
}

/** Resolves when the run's signal aborts and nothing runs any more, with whether that stopped a run. Rejects for bugs alone. */
export async function watch(world: Watch): Promise<boolean> {
  const { files, run, onIdle } = world;
  let changed: readonly string[] = [];
  let failed: Keys = new Map();
  for (;;) {
    const opened = await openAndFollow(world);
    if (opened && !isIdle(opened, failed)) {
      const ended = await runOnce(opened, changed, world);
      if (run.signal.aborted) return true;
      failed = ended.failed;
      changed = ended.changed ?? (await files.next(run.signal));
    } else {
      if (opened) onIdle(changed, opened);
      changed = await files.next(run.signal);
    }
    if (run.signal.aborted) return false;
  }
}

/** Runs what has to run. Returns what changed, where that put the run out of date, once nothing of it runs any more. */
async function runOnce(
  { project }: Opened,
  before: readonly string[],
  world: Watch,
): Promise<{ readonly failed: Keys; readonly changed?: readonly string[] }> {
  const { files, run, onRun, onRetired, onWrong } = world;
  const generation = startGeneration(project, { ...run, listener: onRun(before) });
  const over = generation.done.then(
    () => undefined,
    (error: unknown) => tellWrong(error, onWrong),
  );
  for (;;) {
    const changed = await Promise.race([over, files.next(run.signal)]);
    if (changed === undefined || run.signal.aborted) break;
    const opened = await openAndFollow(world);
    if (!opened || generation.isCurrent(keysOf(opened))) continue;
    onRetired(changed, generation.retire(keysOf(opened)));
    await over;
    return { failed: generation.failed(), changed };
  }
  await over;
  return { failed: generation.failed() };
}

const keysOf = ({ plan }: Opened): Keys => new Map([...plan.values()].map(({ node, predicted }) => [node.name, predicted]));

/** Whether everything is cached, but for nodes that failed under the key that they have now, and what reads them. */
function isIdle({ plan }: Opened, failed: Keys): boolean {
  const hopeless = new Set<string>();
  for (const { node, predicted, shown } of plan.values()) {
    if (shown.state === 'cached') continue;
    if (failed.get(node.name) !== predicted && !shown.inputs.some((input) => hopeless.has(input))) return false;
    hopeless.add(node.name);
  }
  return true;
}

/** The project, with its files followed from before it was read; undefined where it is wrong, which is told. */
async function openAndFollow({ open, file, files, run, onWrong }: Watch): Promise<Opened | undefined> {
  try {
    let project = await open();
    if (files.follow(pathsOf(project))) project = await open();
    return { project, plan: planProject(project, run.targets ?? []).plan };
  } catch (error) {
    tellWrong(error, onWrong);
    files.followAlso([file, ...((isKithError(error) && error.sources) || [])]);
    return undefined;
  }
}

function tellWrong(error: unknown, onWrong: Watch['onWrong']): undefined {
  if (!isKithError(error)) throw error;
  onWrong(error);
}

/** Everything that a key may depend on: modules, declared files, what steers the bundler, and what npm installed. */
function pathsOf({ compiled, graph, root }: Project): string[] {
  const declared = [...graph.nodes.values()].flatMap(({ definition, params }) => definition.files?.(params as never) ?? []);
  const settings = ['package.json', 'tsconfig.json', 'node_modules/.package-lock.json'].map((name) => join(root, name));
  return [...new Set([...compiled.sources, ...declared.map((path) => declaredPath(path, root)), ...settings])];
}
