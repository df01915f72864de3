// What is left of a run, and how long that takes, read off its events: each distinct node counts once, however many trials wait for it.
import type { Event, PlannedNode } from '../events.ts';
import { secondsLeft, seenAtOnce } from './estimate.ts';

export interface Outlook {
  /** Nodes that have not ended. */
  readonly nodesLeft: number;
  /** Until the last of them has; absent where nothing like them ever ran. */
  readonly secondsLeft?: number;
}

/** `now`: milliseconds since 1970. What was planned as cached takes no time. */
export function outlook(events: readonly Event[], now: number): Outlook {
  const planned = new Map<string, PlannedNode>();
  const started = new Map<string, number>();
  const ended = new Set<string>();
  const spans: { readonly start: number; readonly end: number }[] = [];
  const recorded = new Map<string, number[]>();
  const record = (kind: string, seconds: number): void => void recorded.set(kind, [...(recorded.get(kind) ?? []), seconds]);
  let jobs = 1;
  for (const event of events) {
    if (event.event === 'run-started') {
      jobs = event.jobs;
      for (const node of event.nodes) {
        planned.set(node.name, node);
        if (node.lastSeconds !== undefined) record(node.kind, node.lastSeconds);
      }
    }
    if (event.event === 'node-started') started.set(event.node, event.time);
    if (!ENDS.has(event.event) || !('node' in event)) continue;
    ended.add(event.node);
    const start = started.get(event.node);
    if (event.event !== 'node-finished' || start === undefined) continue;
    spans.push({ start, end: event.time });
    const kind = planned.get(event.node)?.kind;
    if (kind !== undefined) record(kind, event.seconds);
  }
  const left = [...planned.values()].filter(({ name, state }) => state !== 'cached' && !ended.has(name));
  const works = left.map((node) => {
    const start = started.get(node.name);
    return start === undefined ? node : { ...node, spent: (now - start) / 1000 };
  });
  const seconds = secondsLeft(works, recorded, seenAtOnce(spans) ?? jobs);
  return { nodesLeft: left.length, ...(seconds === undefined ? {} : { secondsLeft: seconds }) };
}

const ENDS: ReadonlySet<Event['event']> = new Set(['node-cached', 'node-finished', 'node-failed', 'node-skipped', 'node-interrupted']);
