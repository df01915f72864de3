// Past runs as they stand in `runs/<id>/events.jsonl`. A line that a kill cut off is no event; nothing here is needed for a run.
import { readdirSync } from 'node:fs';
import { join } from 'node:path';
import { readOwnFile } from '../cache/folder.ts';
import { isRunning } from '../cache/process.ts';
import { parseEvent } from './event-schema.ts';
import type { Event } from './events.ts';

/** Names of the runs, the newest first. */
export function listRuns(cacheFolder: string): string[] {
  try {
    const entries = readdirSync(join(cacheFolder, 'runs'), { withFileTypes: true });
    return entries
      .filter((entry) => entry.isDirectory())
      .map(({ name }) => name)
      .sort()
      .reverse();
  } catch {
    return [];
  }
}

/** The events of a run, in order; none where its journal is gone. */
export function readEvents(cacheFolder: string, run: string): Event[] {
  return eventsIn(linesOf(cacheFolder, run));
}

/** A run in one line. */
export interface PastRun {
  readonly run: string;
  /** When it began, in milliseconds since 1970. */
  readonly started: number;
  readonly pipeline: string;
  /** `killed`: its process is gone and it said no end. */
  readonly state: 'finished' | 'failed' | 'interrupted' | 'running' | 'killed';
  readonly executed: number;
  readonly cached: number;
  readonly failed: number;
  readonly seconds: number;
}

/** What became of a run; undefined where its journal does not even say that it began. */
export function describeRun(cacheFolder: string, run: string): PastRun | undefined {
  const lines = linesOf(cacheFolder, run);
  const [first] = eventsIn(lines.slice(0, 1));
  if (first?.event !== 'run-started') return undefined;
  const head = { run, started: first.time, pipeline: first.pipeline };
  const [last] = eventsIn(lines.slice(-1));
  if (last?.event === 'run-finished') {
    const { executed, cached, failed, interrupted, seconds } = last;
    return { ...head, state: interrupted ? 'interrupted' : failed > 0 ? 'failed' : 'finished', executed, cached, failed, seconds };
  }
  const events = eventsIn(lines);
  const count = (name: Event['event']): number => events.filter(({ event }) => event === name).length;
  return {
    ...head,
    state: isUnderWay(run) ? 'running' : 'killed',
    executed: count('node-finished'),
    cached: count('node-cached'),
    failed: count('node-failed'),
    seconds: (events.at(-1)!.time - first.time) / 1000,
  };
}

/** Runs that are not over: their names, the keys that they use and when the first of them began; no history names these keys yet. */
export function runsUnderWay(cacheFolder: string): {
  readonly runs: readonly string[];
  readonly keys: readonly string[];
  readonly since: number;
} {
  const going = listRuns(cacheFolder)
    .filter(isUnderWay)
    .map((run) => ({ run, events: readEvents(cacheFolder, run) }))
    .filter(({ events }) => events.at(-1)?.event !== 'run-finished');
  return {
    runs: going.map(({ run }) => run),
    keys: going.flatMap(({ events }) => keysOf(events)),
    since: Math.min(...going.map(({ events }) => events[0]?.time ?? 0)),
  };
}

/** Keys that the newest run of each pipeline used. */
export function keysOfNewestRuns(cacheFolder: string): string[] {
  const newest = new Map<string, string>();
  for (const run of listRuns(cacheFolder)) {
    const pipeline = describeRun(cacheFolder, run)?.pipeline;
    if (pipeline !== undefined && !newest.has(pipeline)) newest.set(pipeline, run);
  }
  return [...newest.values()].flatMap((run) => keysOf(readEvents(cacheFolder, run)));
}

/** Keys that a run used, as far as its events say. */
export function keysOfRun(cacheFolder: string, run: string): string[] {
  return keysOf(readEvents(cacheFolder, run));
}

function keysOf(events: readonly Event[]): string[] {
  return events.flatMap((event) => (event.event === 'run-started' ? event.nodes.map(({ key }) => key) : 'key' in event ? [event.key] : []));
}

/** Whether the process of the run is there still; its number ends the run's name. */
function isUnderWay(run: string): boolean {
  return isRunning(Number(run.slice(run.lastIndexOf('-') + 1)));
}

function linesOf(cacheFolder: string, run: string): string[] {
  try {
    return readOwnFile(join(cacheFolder, 'runs', run, 'events.jsonl'))
      .toString()
      .split('\n')
      .filter((line) => line !== '');
  } catch {
    return [];
  }
}

function eventsIn(lines: readonly string[]): Event[] {
  return lines.flatMap((line) => parseEvent(line) ?? []);
}
