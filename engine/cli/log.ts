// `kith log <node>`: the story of a node in the last run that executed it, from the events.
import { eventLine, type Event } from '../events.ts';
import { findNode, type Project } from '../project.ts';
import { KithError } from '../errors.ts';
import { listRuns, readEvents } from '../journal.ts';
import { duration } from '../report/format.ts';
import { failureText } from '../report/failure.ts';
import { openSelected } from './select.ts';
import type { RunFlags } from './run.ts';
import type { Terminal } from './terminal.ts';

export async function logCommand(name: string, flags: RunFlags, terminal: Terminal): Promise<number> {
  const project = await openSelected(flags.pipeline, flags, terminal);
  const node = findNode(project, name);
  const story = lastStory(project, node.name);
  if (!story) throw new KithError(`"${name}" has not run yet.`, { hint: `Run it: kith run ${project.shown} ${name}` });
  if (flags.json) terminal.out(story.map((event) => `${eventLine(event)}\n`).join(''));
  else for (const event of story) terminal.out(`${new Date(event.time).toLocaleTimeString()}  ${line(event, terminal.color)}\n`);
  return 0;
}

/** The events of the newest run in which the node started. */
function lastStory({ cacheFolder }: Project, node: string): Event[] | undefined {
  for (const run of listRuns(cacheFolder)) {
    const mine = readEvents(cacheFolder, run).filter((event) => 'node' in event && event.node === node);
    if (mine.some(({ event }) => event === 'node-started')) return mine;
  }
  return undefined;
}

function line(event: Event, color: boolean): string {
  switch (event.event) {
    case 'node-started':
      return `started: ${event.reason.text}`;
    case 'node-progress': {
      const metrics = Object.entries(event.metrics ?? {}).map(([name, value]) => `${name} ${value.toPrecision(4)}`);
      return `${event.unit} ${event.done} of ${event.total}  ${metrics.join('  ')}`.trimEnd();
    }
    case 'node-log':
      return event.line;
    case 'node-finished':
      return `finished in ${duration(event.seconds)}${event.resumed ? ', continued from a checkpoint' : ''}${event.summary?.line ? `: ${event.summary.line}` : ''}`;
    case 'node-retried':
      return `attempt ${event.attempt} of ${event.of} failed, the next in ${duration(event.pause)}\n${failureText(event.failure, { color })}`;
    case 'node-failed':
      return failureText(event.failure, { color });
    case 'node-interrupted':
      return 'interrupted';
    default:
      return event.event;
  }
}
