// `kith watch`: runs what is stale, and again what a saved file changes, as plain lines on a screen that is cleared for each run.
import { relative, resolve } from 'node:path';
import type { ChooseDevice } from '../device.ts';
import { toFailure } from '../errors.ts';
import type { Listener } from '../events.ts';
import { failureText } from '../report/failure.ts';
import { count } from '../report/format.ts';
import { jsonReporter } from '../report/json.ts';
import { plainReporter } from '../report/plain.ts';
import { watchFiles } from '../watch/files.ts';
import { watch, type Opened } from '../watch/watch.ts';
import type { TaskRunner } from '../workers/protocol.ts';
import { openSelected, splitWords } from './select.ts';
import { inSession, type SessionFlags } from './session.ts';
import type { Terminal } from './terminal.ts';

export interface WatchFlags extends SessionFlags {
  readonly set: readonly string[];
}

const CLEAR = '\u001b[2J\u001b[3J\u001b[H';

/** Watches until Ctrl-C; the exit code is 130 where that stopped a run, else 0. */
export async function watchCommand(
  words: readonly string[],
  flags: WatchFlags,
  terminal: Terminal,
  chooseDevice?: ChooseDevice,
): Promise<number> {
  const { file = 'pipeline.ts', targets } = splitWords(words);
  const say = flags.json ? (): void => {} : (line: string): void => terminal.out(`${line}\n`);
  const names = (changed: readonly string[]): string => changed.map((path) => relative(terminal.cwd, path)).join(', ');
  const files = watchFiles(say);
  // The session's own reporter speaks of one run; here each has its own.
  return inSession(flags, { ...terminal, isTTY: false }, chooseDevice, async (session) => {
    let pool: TaskRunner | undefined;
    try {
      const stopped = await watch({
        open: () => openSelected(file, flags, terminal),
        file: resolve(terminal.cwd, file),
        files,
        run: { ...session, targets, runner: () => (pool ??= session.runner()) },
        onRun: (changed) => {
          if (terminal.isTTY && !flags.json) terminal.out(CLEAR);
          if (changed.length > 0) say(`${names(changed)} changed\n`);
          return reporter(flags, terminal, say);
        },
        onIdle: (changed, { project: { shown }, plan }) => say(idleInWords(changed.length > 0 ? `${names(changed)} changed` : shown, plan)),
        onWrong: (error) => terminal.err(`${failureText(toFailure(error), { color: terminal.color })}\n`),
        onRetired: (changed, ended) =>
          say(
            `${names(changed)} changed${ended.length > 0 ? `, which ends ${ended.join(', ')}` : ''}: the rest of this run comes in the next\n`,
          ),
      });
      return stopped ? 130 : 0;
    } finally {
      files.close();
      await pool?.close();
    }
  });
}

function idleInWords(what: string, plan: Opened['plan']): string {
  const failing = [...plan.values()].filter(({ shown }) => shown.state !== 'cached').map(({ node }) => node.name);
  return `${what}: nothing to run${failing.length > 0 ? ` but what failed before (${failing.join(', ')})` : ''}; ${count(plan.size, 'node')} watched, Ctrl-C ends.`;
}

function reporter({ json }: WatchFlags, { out, color }: Terminal, say: (line: string) => void): Listener {
  const line = (text: string): void => out(`${text}\n`);
  const listener = json ? jsonReporter(line) : plainReporter(line, { color });
  return (event, text) => {
    listener(event, text);
    if (event.event === 'run-finished') say('\nWatching for changes; Ctrl-C ends.');
  };
}
