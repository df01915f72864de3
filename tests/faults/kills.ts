// `kill -9` at seeded moments of runs, and what may never come of it. Used by the test suite in a small batch and by the benchmark in a large one.
import { readFileSync } from 'node:fs';
import { setTimeout as wait } from 'node:timers/promises';
import { seeded } from '../cache/seeded.ts';
import { faultsIn, finishedKeys, inject, leftOver, type Ended, type Started, type Victim } from './victim.ts';

/** What was done, and what came of it; the four lists must stay empty. */
export interface KillReport {
  readonly kills: { readonly [target in Target]: number };
  readonly runs: number;
  /** A result, or a saved epoch, that was finished and is made again. */
  readonly lost: string[];
  /** A wrong value, a failure without a cause, or a run that needs help. */
  readonly wrong: string[];
  /** A node that two living processes executed at once. */
  readonly twice: string[];
  /** A file that no finished run leaves. */
  readonly left: string[];
}

/** At an instant: everything, the engine, or a worker. In the middle of a call to the file system: the engine or a worker. */
const TARGETS = ['everything', 'engine', 'worker', 'engine in a call', 'worker in a call'] as const;
type Target = (typeof TARGETS)[number];

/** Roughly how many calls that change the cache a process makes in a run; a moment beyond the last of them never comes. */
const CALLS = { engine: 100, worker: 40 };

/** Kills so many times, in rounds: each round is killed once or more, then left alone until it is done. */
export async function killRuns(victim: Victim, { seed, kills }: { readonly seed: number; readonly kills: number }): Promise<KillReport> {
  const random = seeded(seed);
  const pick = <T>(items: readonly T[]): T => items[Math.floor(random() * items.length)]!;
  const report = {
    kills: Object.fromEntries(TARGETS.map((target) => [target, 0])) as Record<Target, number>,
    runs: 0,
    lost: [] as string[],
    wrong: [] as string[],
    twice: [] as string[],
    left: [] as string[],
  };
  await victim.run(0).ended;
  const life = await lifeOf(victim);
  for (let killed = 0, round = 2; killed < kills; round += 1) {
    const finished = new Set<string>();
    const watch = (ended: Ended): void => {
      report.runs += 1;
      const again = ended.events.filter(({ event, key }) => event === 'node-started' && finished.has(key!));
      report.lost.push(...again.map(({ node }) => `round ${round}: ${node} was finished, and is made again`));
      for (const key of finishedKeys(ended)) finished.add(key);
    };
    for (const until = Math.min(kills, killed + 1 + Math.floor(random() * 4)); killed < until;) {
      const target = pick(TARGETS);
      const started = start(victim, round, target, random);
      // A second process now and then, which lives on: it must take over what the first one held.
      const second = random() < 0.25 ? victim.run(round) : undefined;
      if (await kill(started, target, random() * life)) {
        report.kills[target] += 1;
        killed += 1;
      }
      const ended = await started.ended;
      watch(ended);
      const other = await second?.ended;
      if (other) {
        watch(other);
        report.wrong.push(...(await faultsIn(other, victim, round)));
      }
      if (other || ended.code === 0) break; // Nothing is left to be done in this round.
    }
    const ended = await victim.run(round).ended;
    watch(ended);
    report.wrong.push(...(await faultsIn(ended, victim, round)));
    report.left.push(...leftOver(victim.cache).map((file) => `round ${round}: ${file}`));
  }
  const ledger = victim.ledger();
  report.twice.push(...ledger.filter((line) => line.startsWith('twice')));
  const epochs = ledger.filter((line) => line.startsWith('epoch'));
  report.lost.push(...epochs.filter((line, at) => epochs.indexOf(line) < at).map((line) => `${line} was saved, and is trained again`));
  return report;
}

/** Milliseconds that a whole run takes, which is when a kill may fall. */
async function lifeOf(victim: Victim): Promise<number> {
  const began = performance.now();
  await victim.run(1).ended;
  return performance.now() - began;
}

function start(victim: Victim, round: number, target: Target, random: () => number): Started {
  if (!target.endsWith('call')) return victim.run(round);
  const who = target.startsWith('engine') ? 'engine' : 'worker';
  const at = Math.floor(random() * CALLS[who]);
  return victim.run(round, { env: inject({ who, kill: true, at, when: Math.floor(random() * 3) / 2 }) });
}

/** Waits for the kill or does it; whether there was anything to kill. */
async function kill({ process: child, working, ended }: Started, target: Target, moment: number): Promise<boolean> {
  if (target === 'engine in a call') return (await ended).signal === 'SIGKILL';
  if (target === 'worker in a call') return (await ended).events.some(({ event }) => event === 'node-failed');
  // A worker begins to live when a node is executed.
  if (target === 'worker') await working;
  await Promise.race([wait(target === 'worker' ? moment / 4 : moment), ended]);
  const { pid, exitCode, signalCode } = child;
  if (pid === undefined || exitCode !== null || signalCode !== null) return false;
  const hit = target === 'everything' ? -pid : target === 'engine' ? pid : childrenOf(pid).at(-1);
  if (hit === undefined) return false;
  try {
    process.kill(hit, 'SIGKILL');
    return true;
  } catch {
    return false; // It ended in this moment.
  }
}

function childrenOf(pid: number): number[] {
  try {
    return readFileSync(`/proc/${pid}/task/${pid}/children`, 'latin1').trim().split(' ').filter(Boolean).map(Number);
  } catch {
    return [];
  }
}
