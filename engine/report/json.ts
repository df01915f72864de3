// The events themselves, one JSON object a line, for programs.
import { eventLine, type Listener } from '../events.ts';

/** Writes lines without their newline. */
export function jsonReporter(write: (line: string) => void): Listener {
  return (event, line = eventLine(event)) => write(line);
}
