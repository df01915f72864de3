// Which nodes run again after an edit: for 200 random edits of a sample project, exactly those whose results could be others.
import { expect, test } from 'vitest';
import { loadHasher } from '../../cache/digest.ts';
import { tableText } from '../../engine/report/table.ts';
import { counts, walk, type Verdict } from './edits/corpus.ts';
import { SAMPLE } from './edits/sample.ts';
import { fixture } from './fixtures-code/project.ts';

/** `KITH_EDITS=2000 npx vitest run tests/engine/edits.test.ts` takes a longer way. */
const EDITS = Number(process.env['KITH_EDITS'] ?? 200);
const STEPS = 25;

test(
  `after each of ${EDITS} random edits exactly those nodes run that an oracle wants, which runs the project itself and compares`,
  async () => {
    const verdicts: Verdict[] = [];
    const bench = { ...fixture(SAMPLE), hasher: await loadHasher() };
    for (let seed = 1; seed <= EDITS / STEPS; seed++) for await (const verdict of walk(bench, SAMPLE, seed, STEPS)) verdicts.push(verdict);
    console.log(tableText(counts(verdicts), { color: false }));
    expect(verdicts.filter(({ missed, extra }) => missed.length + extra.length > 0)).toEqual([]);
  },
  EDITS * 1000,
);
