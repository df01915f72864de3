// The story of a sweep out of its ledger and the journals of its runs.
import { readEvents } from '../journal.ts';
import type { Ledger } from '../sweep/ledger.ts';
import { tell } from './story.ts';
import { tellSweep, type SweepStory } from './sweep-story.ts';

/** Runs whose journals are gone are left out. */
export function readSweep(cacheFolder: string, ledger: Ledger): SweepStory {
  const runs = ledger.lines.flatMap((line) => (line.event === 'session' ? [line.run] : []));
  return tellSweep(
    ledger,
    runs.flatMap((run) => tell(readEvents(cacheFolder, run)) ?? []),
  );
}
