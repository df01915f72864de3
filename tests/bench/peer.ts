// Peers: installed by `npm run bench:peers` into an ignored folder, or named by variables of the environment. Those in Python are asked line by line.
import { existsSync } from 'node:fs';
import { spawn } from 'node:child_process';
import { join } from 'node:path';
import { createInterface } from 'node:readline';
import { packageFolder } from '../../engine/files.ts';
import type { Missing } from './compare.ts';

/** A running peer: a line in, a line out. */
export interface Peer {
  readonly greeting: string;
  ask(line: string): Promise<string>;
  close(): void;
}

const python = (): string => process.env['KITH_BENCH_PYTHON'] ?? join(packageFolder(), '.peers', 'bin', 'python');

/** Where the programs of peers are, in the folder of peers; Turborepo's own is a script that starts the native one. */
const PROGRAMS: { readonly [name: string]: readonly string[] } = {
  dvc: ['bin/dvc'],
  snakemake: ['bin/snakemake'],
  wireit: ['node_modules/wireit/bin/wireit.js'],
  turbo: [`node_modules/@turbo/${process.platform}-${process.arch === 'x64' ? '64' : process.arch}/bin/turbo`, 'node_modules/.bin/turbo'],
};

/** The program of a peer; `KITH_BENCH_DVC` and the like name another than the one that was installed. */
export function peerProgram(name: string): string | Missing {
  const named = process.env[`KITH_BENCH_${name.toUpperCase()}`];
  const places = named === undefined ? PROGRAMS[name]!.map((path) => join(packageFolder(), '.peers', path)) : [named];
  return places.find((path) => existsSync(path)) ?? { missing: `${name} is not here: run npm run bench:peers` };
}

/** Starts a Python program of `tests/bench/peers`, or says why it cannot. Its first line is a greeting, usually the library's version. */
export async function startPython(program: string, ...words: string[]): Promise<Peer | { readonly missing: string }> {
  const missing = { missing: `${program} did not start: run npm run bench:peers` };
  if (!existsSync(python())) return missing;
  const { GLIBC_TUNABLES: _, ...env } = process.env;
  const child = spawn(python(), [join(packageFolder(), 'tests', 'bench', 'peers', program), ...words], {
    stdio: ['pipe', 'pipe', 'inherit'],
    env,
  });
  const lines = createInterface({ input: child.stdout })[Symbol.asyncIterator]();
  const greeting = await lines.next();
  if (greeting.done) return missing;
  return {
    greeting: greeting.value,
    async ask(line) {
      child.stdin.write(`${line}\n`);
      const answer = await lines.next();
      if (answer.done) throw new Error(`${program} ended without an answer`);
      return answer.value;
    },
    close: () => void child.stdin.end(),
  };
}
