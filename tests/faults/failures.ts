// Calls to the file system that fail, as on a disk that is full, read-only or broken: a run says so in a sentence, and the next one mends it.
import { seeded } from '../cache/seeded.ts';
import { drawFrom } from './mutate.ts';
import { faultsIn, finishedKeys, inject, leftOver, type Ended, type Victim } from './victim.ts';

export interface FailureReport {
  /** The system's error → runs in which calls failed with it. */
  readonly failures: { readonly [code: string]: number };
  /** Must stay empty: stacks, silence, wrong values, lost results, files left behind. */
  readonly wrong: string[];
}

const CODES = ['ENOSPC', 'EDQUOT', 'EROFS', 'EACCES', 'EIO', 'EFBIG'];

/** Lets calls fail in so many runs, from a seeded call on or only there, and each time runs again without. */
export async function failWrites(
  victim: Victim,
  { seed, times }: { readonly seed: number; readonly times: number },
): Promise<FailureReport> {
  const draw = drawFrom(seeded(seed));
  const report = { failures: {} as Record<string, number>, wrong: [] as string[] };
  report.wrong.push(...(await faultsIn(await victim.run(0).ended, victim, 0)));
  for (let round = 1; round <= times; round++) {
    const code = CODES[draw(CODES.length)]!;
    const who = draw(3) === 0 ? 'worker' : 'engine';
    const fault = { who, code, at: draw(who === 'engine' ? 60 : 30), on: draw(4) > 0 } as const;
    const what = JSON.stringify(fault);
    const complain = (texts: readonly string[]): void => void report.wrong.push(...texts.map((text) => `${what}: ${text}`));
    report.failures[code] = (report.failures[code] ?? 0) + 1;
    const failed = await victim.run(round, { env: inject(fault) }).ended;
    complain(rudenessIn(failed));
    const mended = await victim.run(round).ended;
    complain(await faultsIn(mended, victim, round));
    complain(lostIn(failed, mended));
    complain(leftOver(victim.cache));
  }
  return report;
}

/** What a run on a broken disk may not do: crash, show a stack, or fail without saying why. */
export function rudenessIn({ code, signal, stderr, events }: Ended): string[] {
  if (signal !== null || (code !== 0 && code !== 1)) return [`it ended with ${signal ?? code}: ${stderr}`];
  if (/\n\s+at /.test(stderr)) return [`it shows a stack: ${stderr}`];
  const failures = events
    .filter(({ event }) => event === 'node-failed')
    .map(({ failure }) => failure as { readonly headline: string; readonly stack?: string });
  const bug = failures.find(({ stack }) => stack !== undefined);
  if (bug) return [`a node failed as by a bug: ${bug.stack}`];
  return code === 1 && stderr === '' && failures.length === 0 ? ['it failed without a word'] : [];
}

/** Nodes that a run finished and the next one made again. */
export function lostIn(before: Ended, after: Ended): string[] {
  const finished = new Set(finishedKeys(before));
  return after.events
    .filter(({ event, key }) => event === 'node-started' && finished.has(key!))
    .map(({ node }) => `${node} was finished, and is made again`);
}
