// `kith replay [run]`: a past run once more, from its events: on the dashboard in a few seconds, as plain lines at once.
import { setTimeout as wait } from 'node:timers/promises';
import { KithError } from '../errors.ts';
import { eventLine, EVENTS_VERSION, type Event } from '../events.ts';
import { listRuns, readEvents } from '../journal.ts';
import { findRun } from './find-run.ts';
import { selectedCache, type CacheFlags } from './cache-folder.ts';
import type { Terminal } from './terminal.ts';

/** What a replay on the dashboard takes at most. */
const REPLAY_MS = 5_000;
/** Shorter pauses are saved up: nobody sees them. */
const FRAME_MS = 40;

export async function replayCommand(name: string | undefined, flags: CacheFlags, terminal: Terminal): Promise<number> {
  const folder = selectedCache(flags, terminal);
  const run = findRun(listRuns(folder), name);
  const events = readEvents(folder, run);
  if (events.length === 0) throw new KithError(`The run ${run} left no events.`, { hint: 'kith runs lists the others.' });
  refuseNewer(run, events[0]!);
  if (flags.json) terminal.out(events.map((event) => `${eventLine(event)}\n`).join(''));
  else if (terminal.isTTY) await play(events, terminal);
  else await print(events, terminal);
  if (!flags.json && events.at(-1)!.event !== 'run-finished') terminal.out(`The events of ${run} end here: it was killed, or goes on.\n`);
  return 0;
}

/** Events of a later schema may mean something else. */
function refuseNewer(run: string, first: Event): void {
  if (first.event !== 'run-started' || first.version <= EVENTS_VERSION) return;
  throw new KithError(`The run ${run} was written by a newer version of Kith.`, {
    facts: [`Its events are of version ${first.version}; this Kith knows ${EVENTS_VERSION}.`],
    hint: 'Replay it with the Kith that wrote it.',
    exitCode: 2,
  });
}

async function print(events: readonly Event[], { out, color }: Terminal): Promise<void> {
  const { plainReporter } = await import('../report/plain.ts');
  const listener = plainReporter((line) => out(`${line}\n`), { color });
  for (const event of events) listener(event);
}

async function play(events: readonly Event[], { color }: Terminal): Promise<void> {
  const { startDashboard } = await import('../dashboard/render.ts');
  let now = events[0]!.time;
  const dashboard = startDashboard({ stdout: process.stdout, color, clock: () => now });
  const pace = Math.min(1, REPLAY_MS / Math.max(1, events.at(-1)!.time - now));
  let owed = 0;
  for (const event of events) {
    owed += Math.max(0, event.time - now) * pace;
    if (owed >= FRAME_MS) {
      await wait(owed);
      owed = 0;
    }
    now = event.time;
    dashboard.listener(event);
  }
  await dashboard.finish();
}
