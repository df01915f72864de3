// The suite of faults at length: `npm run bench -- faults [--kills=1000] [--mutants=100000] [--seed=1]`. Counts, not speeds.
import { mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { crowd, jumpClocks } from '../faults/crowd.ts';
import { damageFiles } from '../faults/damage.ts';
import { failWrites } from '../faults/failures.ts';
import { fuzzCache } from '../faults/fuzz.ts';
import { killRuns } from '../faults/kills.ts';
import { createVictim } from '../faults/victim.ts';
import type { Comparison } from './compare.ts';

/** Kills on one project: its cache grows with every round, and every run looks at it. */
const BATCH = 50;

/** What was done, one row a kind of fault; `note` says what came of it, and everything there should be 0. */
export default async function* faults(): AsyncIterable<Comparison> {
  const [kills, mutants, seed] = [option('kills', 1000), option('mutants', 100_000), option('seed', 1)];
  yield* killing(kills, seed);
  const { damaged, flips, cuts, wrong } = await inFolder((folder) =>
    damageFiles(createVictim(folder), { seed, times: Math.max(1, Math.round(kills / 50)) }),
  );
  yield row(`files of ${Object.keys(damaged).length} kinds damaged`, sum(Object.values(damaged)), {
    flips,
    cuts,
    wrong: tell(wrong),
  });
  const failed = await inFolder((folder) => failWrites(createVictim(folder), { seed, times: Math.max(1, Math.round(kills / 10)) }));
  yield row('runs on a failing disk', sum(Object.values(failed.failures)), { wrong: tell(failed.wrong) });
  const jumped = await inFolder((folder) => jumpClocks(createVictim(folder), { seed, times: Math.max(1, Math.round(kills / 40)) }));
  yield row('processes with jumping clocks', jumped.processes, { wrong: tell(jumped.wrong) });
  const crowded = await inFolder(async (folder) => {
    const victim = createVictim(folder);
    const wrong: string[] = [];
    for (let processes = 2; processes <= 8; processes++) wrong.push(...(await crowd(victim, { round: processes, processes })).wrong);
    return wrong;
  });
  yield row('processes at once, two to eight', 35, { wrong: tell(crowded) });
  const fuzzed = await inFolder((folder) => fuzzCache(folder, { seed, mutants }));
  yield row('mutants of records, blobs and other files', sum(Object.values(fuzzed.mutants)), { wrong: tell(fuzzed.wrong) });
}

/** Kills in batches, each on a new project. */
async function* killing(kills: number, seed: number): AsyncIterable<Comparison> {
  const total = { lost: 0, wrong: 0, twice: 0, left: 0 };
  let killed = 0;
  for (let batch = 0; killed < kills; batch++) {
    const report = await inFolder((folder) =>
      killRuns(createVictim(folder), { seed: seed * 1000 + batch, kills: Math.min(BATCH, kills - killed) }),
    );
    killed += sum(Object.values(report.kills));
    for (const name of ['lost', 'wrong', 'twice', 'left'] as const) total[name] += tell(report[name]);
    process.stderr.write(`${killed} kills: ${JSON.stringify(total)}\n`);
  }
  yield row('kills of engine, worker or both', killed, total);
}

function option(name: string, otherwise: number): number {
  const word = process.argv.find((each) => each.startsWith(`--${name}=`));
  return word === undefined ? otherwise : Number(word.slice(name.length + 3));
}

async function inFolder<T>(act: (folder: string) => Promise<T>): Promise<T> {
  const folder = mkdtempSync(join(tmpdir(), 'kith-faults-'));
  try {
    return await act(folder);
  } finally {
    rmSync(folder, { recursive: true, force: true, maxRetries: 5 });
  }
}

/** How many; each is written to standard error. */
function tell(troubles: readonly string[]): number {
  for (const trouble of troubles) process.stderr.write(`${trouble}\n`);
  return troubles.length;
}

const sum = (numbers: readonly number[]): number => numbers.reduce((total, each) => total + each, 0);

function row(what: string, count: number, outcome: { readonly [name: string]: number }): Comparison {
  const note = Object.entries(outcome).map(([name, each]) => `${each} ${name}`);
  return { bench: 'faults', case: what, ours: count, peer: null, peerName: '–', unit: '', ratio: null, note: note.join(', ') };
}
