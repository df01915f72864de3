// `kith run`: the dashboard where people watch, plain lines where they do not, the events themselves for programs.
import type { ChooseDevice } from '../device.ts';
import type { Summary } from '../events.ts';
import { runProject } from '../run-project.ts';
import { variantTable } from '../variants.ts';
import { inSession, type SessionFlags } from './session.ts';
import { openSelected, splitWords } from './select.ts';
import type { Terminal } from './terminal.ts';

export interface RunFlags extends SessionFlags {
  readonly set: readonly string[];
  readonly force: readonly string[];
  readonly keepGoing?: boolean;
  readonly pipeline?: string;
}

/** Runs and returns the exit code. */
export async function runCommand(
  words: readonly string[],
  flags: RunFlags,
  terminal: Terminal,
  chooseDevice?: ChooseDevice,
): Promise<number> {
  const { file, targets } = splitWords(words);
  const project = await openSelected(file, flags, terminal);
  const { results, exitCode } = await inSession(flags, terminal, chooseDevice, (options) =>
    runProject(project, {
      ...options,
      targets,
      forced: flags.force,
      ...(flags.keepGoing === undefined ? {} : { keepGoing: flags.keepGoing }),
    }),
  );
  const table = variantTable(project.variants, (node): Summary | undefined => results.get(node)?.summary);
  if (table && !flags.json) terminal.out(`\n${(await import('../report/table.ts')).tableText(table, { color: terminal.color })}\n`);
  return exitCode;
}
