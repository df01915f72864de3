// The events themselves, one JSON object a line, for programs.
import type { Listener } from '../events.ts';

/** Writes each event as one line; `event` comes first in it. */
export function jsonReporter(write: (line: string) => void): Listener {
  return ({ event, ...rest }) => write(JSON.stringify({ event, ...rest }));
}
