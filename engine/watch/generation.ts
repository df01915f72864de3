// One run among those of a watch: where it is out of date, it ends as soon as those of its nodes are done that still count.
import type { Event, Listener } from '../events.ts';
import type { Project } from '../project.ts';
import { runProject, type Finished, type ProjectRun } from '../run-project.ts';
import { Interrupted, Obsolete, type TaskRunner } from '../workers/protocol.ts';

/** Node → predicted key. */
export type Keys = ReadonlyMap<string, string>;

export interface Generation {
  readonly done: Promise<Finished>;
  /** Whether it runs what stands in the pipeline now. */
  isCurrent(now: Keys): boolean;
  /**
   * Ends nodes that run for another key than they have now, at once, and returns their names. It starts no more, and lets the others go on:
   * their results are wanted still.
   */
  retire(now: Keys): string[];
  /** The nodes that failed, with their keys. */
  failed(): Keys;
}

/** Starts a run. The runner is shared by all generations, so that workers stay warm; who made it closes it. */
export function startGeneration(project: Project, options: ProjectRun): Generation {
  const keys = new Map<string, string>();
  const failed = new Map<string, string>();
  const running = new Map<string, AbortController>();
  let isRetired = false;
  const note = (event: Event): void => {
    if (event.event === 'run-started') for (const { name, key } of event.nodes) keys.set(name, key);
    if (event.event === 'node-failed') failed.set(event.node, keys.get(event.node)!);
  };
  const listener: Listener = (event, line) => {
    note(event);
    options.listener(event, line);
  };
  const runner: TaskRunner = {
    async run(task, hooks, signal) {
      if (isRetired) throw new Interrupted(task.node);
      const own = new AbortController();
      running.set(task.node, own);
      return options
        .runner()
        .run(task, hooks, AbortSignal.any([signal, own.signal]))
        .finally(() => running.delete(task.node));
    },
    close: async () => {},
  };
  return {
    done: runProject(project, { ...options, listener, runner: () => runner }),
    isCurrent: (now) => now.size === keys.size && [...now].every(([name, key]) => keys.get(name) === key),
    retire(now) {
      isRetired = true;
      const outdated = [...running.keys()].filter((name) => now.get(name) !== keys.get(name));
      for (const name of outdated) running.get(name)!.abort(new Obsolete('it is out of date'));
      return outdated;
    },
    failed: () => failed,
  };
}
