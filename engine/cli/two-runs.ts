// Two past runs beside each other, for `kith why a b` and `kith diff a b`.
import { openStore } from '../../cache/disk.ts';
import { differencesOf, type Difference } from '../compare/differences.ts';
import { KithError } from '../errors.ts';
import { listRuns, readEvents } from '../journal.ts';
import { tell, type Story } from '../report/story.ts';
import { selectedCache, type CacheFlags } from './cache-folder.ts';
import { findRun } from './find-run.ts';
import type { Terminal } from './terminal.ts';

export interface TwoRuns {
  readonly first: Story;
  readonly second: Story;
  readonly differences: readonly Difference[];
}

/** The runs that were named, the older one first as typed; the newest two where none is. Throws a KithError (exit code 2). */
export function readTwoRuns(names: readonly string[], flags: CacheFlags, terminal: Terminal): TwoRuns {
  const folder = selectedCache(flags, terminal);
  const runs = listRuns(folder);
  const [a, b] =
    names.length === 0 ? [runs[1], runs[0]] : [findRun(runs, names[0]), names[1] === undefined ? runs[0] : findRun(runs, names[1])];
  if (a === undefined || b === undefined)
    throw new KithError('There are no two runs yet.', { hint: 'Run something, change it, and run again: kith run', exitCode: 2 });
  const [first, second] = [storyOf(folder, a), storyOf(folder, b)];
  return { first, second, differences: differencesOf(first, second, openStore(folder)) };
}

function storyOf(folder: string, run: string): Story {
  const story = tell(readEvents(folder, run));
  if (!story) throw new KithError(`The run ${run} left no events.`, { hint: 'kith runs lists the others.', exitCode: 2 });
  return story;
}

/** The same object for programs whichever command printed it. */
export const forPrograms = ({ first, second, differences }: TwoRuns): string =>
  JSON.stringify({ first: first.run, second: second.run, nodes: second.nodes.length, differences });
