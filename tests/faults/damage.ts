// Files of a cache that are damaged: a flipped bit, a cut, a link, a folder, another file or nothing in their place. Whatever kinds of files
// there are, each is damaged. Used by the test suite in a small batch and by the benchmark in a large one.
import { copyFileSync, lstatSync, mkdirSync, readFileSync, rmSync, symlinkSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { seeded } from '../cache/seeded.ts';
import { faultsIn, filesIn, inject, leftOver, type Ended, type Victim } from './victim.ts';

const DAMAGES = ['flip', 'flip', 'flip', 'cut', 'empty', 'gone', 'link', 'folder', 'another'] as const;
type Damage = (typeof DAMAGES)[number];

/** What was done, and what came of it; both lists must stay empty. */
export interface DamageReport {
  /** Kind of file → how often one was damaged. */
  readonly damaged: { readonly [kind: string]: number };
  readonly flips: number;
  readonly cuts: number;
  /** A wrong value, a failure, a crash, a command that needs help, a file left behind. */
  readonly wrong: string[];
}

/** Commands that read what lies in a cache, and must answer or say in a sentence why not. */
const READERS = [
  ['runs'],
  ['replay'],
  ['log', 'total'],
  ['status'],
  ['why', 'total'],
  ['plan'],
  ['verify'],
  ['gc', '--dry-run'],
  ['cache', 'stats'],
  ['show', 'total'],
];

/** Nodes that are made anew now and then, so that what they read is read. */
const FORCED = ['numbers', 'part0', 'part1', 'trained', 'total'];

/** Damages every kind of file so many times, one after the other: each time the next run must mend what it needs. */
export async function damageFiles(
  victim: Victim,
  { seed, times }: { readonly seed: number; readonly times: number },
): Promise<DamageReport> {
  const random = seeded(seed);
  const pick = <T>(items: readonly T[]): T => items[Math.floor(random() * items.length)]!;
  const report = { damaged: {} as Record<string, number>, flips: 0, cuts: 0, wrong: [] as string[] };
  const complain = (what: string, texts: readonly string[]): void => void report.wrong.push(...texts.map((text) => `${what}: ${text}`));
  complain('at first', await faultsIn(await victim.run(0).ended, victim, 0));
  for (const kind of ['checkpoints/*', ...kindsIn(victim)]) {
    for (let time = 1; time <= times; time += 1) {
      // A round that is killed in the middle of training leaves a checkpoint.
      const round = kind === 'checkpoints/*' ? time : 0;
      if (round > 0) await victim.run(round, { env: inject({ who: 'worker', at: 60, kill: true }) }).ended;
      const files = filesOf(victim, kind);
      if (files.length === 0) continue;
      const [file, damage] = [pick(files), pick(DAMAGES)];
      const what = `${damage} ${file}`;
      damageFile(join(victim.cache, file), damage, random, pick(files.map((other) => join(victim.cache, other))), victim.folder);
      report.damaged[kind] = (report.damaged[kind] ?? 0) + 1;
      if (damage === 'flip') report.flips += 1;
      if (damage === 'cut' || damage === 'empty') report.cuts += 1;
      const reader = pick(READERS);
      complain(`${what}, then ${reader.join(' ')}`, crashesIn(await victim.start(reader).ended));
      const words = random() < 0.5 ? ['--force', pick(FORCED)] : [];
      complain(`${what}, then run ${words.join(' ')}`, await faultsIn(await victim.run(round, { words }).ended, victim, round));
      complain(what, leftOver(victim.cache));
    }
  }
  return report;
}

/** Paths in which every name that says what is inside stands for all of its kind. */
function kindOf(file: string): string {
  return file
    .replace(/[0-9a-f]{64}|[0-9a-f]{32}|[0-9a-f]{16}/g, '*')
    .replace(/^cas\/..\//, 'cas/')
    .replace(/^runs\/[^/]+/, 'runs/*')
    .replace(/^quarantine\/.*/, 'quarantine/*');
}

const kindsIn = (victim: Victim): string[] => [...new Set(filesIn(victim.cache).map(kindOf))].sort();

const filesOf = (victim: Victim, kind: string): string[] => filesIn(victim.cache).filter((file) => kindOf(file) === kind);

function damageFile(path: string, damage: Damage, random: () => number, other: string, outside: string): void {
  if (!lstatSync(path).isFile()) return;
  const content = readFileSync(path);
  switch (damage) {
    case 'flip':
      if (content.length > 0) content[Math.floor(random() * content.length)]! ^= 1 << Math.floor(random() * 8);
      return writeFileSync(path, content);
    case 'cut':
      return writeFileSync(path, content.subarray(0, Math.floor(random() * content.length)));
    case 'empty':
      return writeFileSync(path, '');
    case 'another':
      return path === other || !lstatSync(other).isFile() ? undefined : copyFileSync(other, path);
    default:
      rmSync(path);
  }
  if (damage === 'folder') mkdirSync(path);
  if (damage === 'link') {
    const target = join(outside, `outside-${Math.floor(random() * 1e9)}`);
    writeFileSync(target, content);
    symlinkSync(target, path);
  }
}

/** What no command may do, whatever it finds. */
function crashesIn({ code, signal, stderr }: Ended): string[] {
  const stack = /\n\s+at .*/.exec(stderr);
  if (signal !== null || stack || (code !== 0 && stderr === '' && code !== 1))
    return [`ended with ${code ?? signal}: ${stderr.slice(0, 400)}`];
  return [];
}
