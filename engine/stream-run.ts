// A run whose events are taken one by one, as with `for await`: the run goes on by itself, and what is not taken yet waits.
import type { Event } from './events.ts';
import type { Project } from './project.ts';
import { runProject, type ProjectRun } from './run-project.ts';

export type StreamedRun = Omit<ProjectRun, 'listener' | 'signal'> & {
  /** Stops the run at the next checkpoints; its events then end as those of any other run. */
  readonly signal?: AbortSignal;
};

/**
 * The events of a run, to its last. Who leaves the loop early stops the run, and goes on when that has stopped.
 * Throws a KithError when the project itself is wrong; a node's failure is an event.
 */
export async function* streamRun(project: Project, { signal, ...options }: StreamedRun): AsyncGenerator<Event, void, undefined> {
  const stop = new AbortController();
  const waiting: Event[] = [];
  let isOver = false;
  let wake = (): void => {};
  const running = runProject(project, {
    ...options,
    signal: signal ? AbortSignal.any([signal, stop.signal]) : stop.signal,
    listener: (event) => {
      waiting.push(event);
      wake();
    },
  }).finally(() => {
    isOver = true;
    wake();
  });
  running.catch(() => {}); // Whoever reads the events is told below.
  try {
    while (!isOver || waiting.length > 0) {
      yield* waiting.splice(0);
      if (!isOver && waiting.length === 0) await new Promise<void>((resolve) => (wake = resolve));
    }
    await running;
  } finally {
    stop.abort(new Error('nobody takes its events any more'));
    await running.catch(() => {});
  }
}
