// Several processes on one cache at once, and clocks that jump: every node is executed once, by one of them, and all end as they must.
import { seeded } from '../cache/seeded.ts';
import { drawFrom } from './mutate.ts';
import { faultsIn, inject, leftOver, type Victim } from './victim.ts';

export interface CrowdReport {
  readonly processes: number;
  readonly wrong: string[];
}

const HOUR = 3_600_000;
/** By how much clocks are wrong: an hour is what leftovers and young blobs are given. */
const SKEWS = [-HOUR * 24 * 3650, -2 * HOUR, 2 * HOUR, 25 * HOUR, HOUR * 24 * 3650];

/** Starts so many processes on one round, at once; nodes must be executed once in all. */
export async function crowd(
  victim: Victim,
  { round, processes }: { readonly round: number; readonly processes: number },
): Promise<CrowdReport> {
  const all = await Promise.all(Array.from({ length: processes }, () => victim.run(round).ended));
  const wrong = (await Promise.all(all.map((ended) => faultsIn(ended, victim, round)))).flat();
  const started = all.flatMap(({ events }) => events.filter(({ event }) => event === 'node-started').map(({ node }) => node!));
  if (started.length !== new Set(started).size) wrong.push(`round ${round}, ${processes} processes: executed ${started.join(', ')}`);
  return { processes, wrong: [...wrong, ...troubleIn(victim)] };
}

/**
 * Runs whose clocks jump while they run, beside one whose clock is right and a collection whose clock is wrong too: nothing that is in use
 * is taken for old, and nothing that is finished is lost.
 */
export async function jumpClocks(victim: Victim, { seed, times }: { readonly seed: number; readonly times: number }): Promise<CrowdReport> {
  const draw = drawFrom(seeded(seed));
  const wrong: string[] = [];
  let processes = 0;
  for (let round = 1; round <= times; round++) {
    const skewed = () => inject({ skew: SKEWS[draw(SKEWS.length)]!, after: draw(400) });
    const jumping = victim.run(round, { env: skewed() });
    const steady = victim.run(round);
    const collecting = victim.start(['gc', '--max-size', '0', '--json'], { env: skewed() });
    for (const run of [jumping, steady]) wrong.push(...(await faultsIn(await run.ended, victim, round)));
    const collected = await collecting.ended;
    if (collected.code !== 0) wrong.push(`gc ended with ${collected.code}: ${collected.stderr}`);
    const again = await victim.run(round, { env: skewed() }).ended;
    wrong.push(...(await faultsIn(again, victim, round)));
    const remade = again.events.filter(({ event }) => event === 'node-started');
    wrong.push(...remade.map(({ node }) => `round ${round}: ${node} was finished, and is made again`));
    processes += 4;
  }
  return { processes, wrong: [...wrong, ...troubleIn(victim)] };
}

function troubleIn(victim: Victim): string[] {
  return [...victim.ledger().filter((line) => line.startsWith('twice')), ...leftOver(victim.cache).map((file) => `left over: ${file}`)];
}
