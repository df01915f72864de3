// One tree of trivial steps, written for each tool, already run once: step n reads what step (n - 1) / 2 made. Every peer is called as directly as
// it can be, and where its first run would take minutes, what that leaves behind is written by hand; both are in its favour.
import { spawn } from 'node:child_process';
import { createHash } from 'node:crypto';
import { closeSync, existsSync, mkdirSync, openSync, readFileSync, rmSync, symlinkSync, utimesSync, writeFileSync } from 'node:fs';
import { delimiter, join } from 'node:path';
import { packageFolder } from '../../engine/files.ts';
import type { Missing, Side } from './compare.ts';
import { peerProgram } from './peer.ts';

/** Seconds after which a first run is given up, and one in which nothing is to be done. */
const PATIENCE = { first: 120, next: 60 };

/** Makes the tree in an empty folder; measures milliseconds of a run in which nothing is to be done, as a whole process. */
export type Tree = (folder: string, nodes: number) => Promise<Side | Missing>;

const above = (at: number): number | undefined => (at === 0 ? undefined : (at - 1) >> 1);
const each = <T>(nodes: number, make: (at: number) => T): T[] => Array.from({ length: nodes }, (_, at) => make(at));

export const kith: Tree = async (folder, nodes) => {
  writeFileSync(join(folder, 'package.json'), '{ "type": "module" }');
  writeFileSync(join(folder, 'pipeline.ts'), kithPipeline(nodes));
  symlinkSync(join(packageFolder(), 'node_modules'), join(folder, 'node_modules'));
  const words = [join(packageFolder(), 'dist', 'kith.cjs'), 'run', '--json'];
  const events = join(folder, 'events');
  await timed(process.execPath, words, { folder, limit: PATIENCE.first });
  // The first run after that still writes what makes later ones fast.
  await timed(process.execPath, words, { folder, limit: PATIENCE.first, output: events });
  if (!readFileSync(events, 'utf8').includes('"executed":0,')) throw new Error('kith executed what it had executed before');
  return { measure: () => timed(process.execPath, words, { folder, limit: PATIENCE.next }) };
};

/** The tree as a pipeline file: nodes that add a number. */
export const kithPipeline = (nodes: number): string => `
import { defineNode, input, pipeline, z } from 'kith';
const start = defineNode({ kind: 'start', inputs: {}, params: z.object({}), run: async () => ({ value: 0 }) });
const next = defineNode({ kind: 'next', inputs: { x: input<{ value: number }>() }, params: z.object({ add: z.number() }),
  run: async ({ inputs, params }) => ({ value: inputs.x.value + params.add }) });
const nodes: Record<string, any> = { n0: start({}) };
for (let at = 1; at < ${nodes}; at += 1) nodes['n' + at] = next({ x: nodes['n' + Math.floor((at - 1) / 2)] }, { add: at });
export default pipeline(nodes);
`;

/** Stages with one output each; the lock file and the cache as `dvc repro` leaves them. */
export const dvc: Tree = async (folder, nodes) => {
  const program = peerProgram('dvc');
  if (typeof program !== 'string') return program;
  const environment = { DVC_NO_ANALYTICS: 'true' };
  await timed(program, ['init', '--no-scm', '--quiet'], { folder, limit: PATIENCE.first, environment });
  mkdirSync(join(folder, 'out'));
  const md5 = (text: string): string => createHash('md5').update(text).digest('hex');
  const stages: string[] = [];
  const locks: string[] = [];
  for (let at = 0; at < nodes; at += 1) {
    const head = `  n${at}:\n    cmd: echo n${at} >> ran; echo ${at} > out/n${at}\n`;
    const [text, up] = [`${at}\n`, above(at)];
    const locked = (of: number): string =>
      `    - path: out/n${of}\n      hash: md5\n      md5: ${md5(`${of}\n`)}\n      size: ${`${of}\n`.length}\n`;
    stages.push(`${head}${up === undefined ? '' : `    deps:\n    - out/n${up}\n`}    outs:\n    - out/n${at}\n`);
    locks.push(`${head}${up === undefined ? '' : `    deps:\n${locked(up)}`}    outs:\n${locked(at)}`);
    writeFileSync(join(folder, 'out', `n${at}`), text);
    const stored = join(folder, '.dvc', 'cache', 'files', 'md5', md5(text).slice(0, 2));
    mkdirSync(stored, { recursive: true });
    writeFileSync(join(stored, md5(text).slice(2)), text, { mode: 0o444 });
  }
  writeFileSync(join(folder, 'dvc.yaml'), `stages:\n${stages.join('')}`);
  writeFileSync(join(folder, 'dvc.lock'), `schema: '2.0'\nstages:\n${locks.join('')}`);
  return idle(program, ['repro', '--quiet'], { folder, environment });
};

/** One rule for all but the first step; outputs in order of time, without Snakemake's own records, which it would read too. */
export const snakemake: Tree = async (folder, nodes) => {
  const program = peerProgram('snakemake');
  if (typeof program !== 'string') return program;
  const rules = [
    `rule all:\n    input: [f"out/n{at}" for at in range(${nodes})]`,
    `rule first:\n    output: "out/n0"\n    shell: "echo n0 >> ran; echo 0 > {output}"`,
    `rule next:\n    input: lambda w: f"out/n{(int(w.at) - 1) // 2}"\n    output: "out/n{at,[1-9][0-9]*}"\n` +
      `    shell: "echo n{wildcards.at} >> ran; echo {wildcards.at} > {output}"`,
  ];
  writeFileSync(join(folder, 'Snakefile'), rules.join('\n'));
  mkdirSync(join(folder, 'out'));
  for (let at = 0; at < nodes; at += 1) {
    const path = join(folder, 'out', `n${at}`);
    writeFileSync(path, `${at}\n`);
    utimesSync(path, 1e9 + at, 1e9 + at);
  }
  return idle(program, ['--cores', '2', '--quiet', 'all'], { folder });
};

/** Scripts of one package, started by Node itself; through npm each run takes npm's own start longer. */
export const wireit: Tree = async (folder, nodes) => {
  const program = peerProgram('wireit');
  if (typeof program !== 'string') return program;
  const script = (at: number): object => {
    const up = above(at);
    return { command: `echo n${at} >> ran`, ...(up === undefined ? {} : { dependencies: [`n${up}`] }), files: [], output: [] };
  };
  const scripts = Object.fromEntries(each(nodes, (at) => [`n${at}`, script(at)]));
  const names = [...Object.keys(scripts), 'all'];
  const all = { dependencies: Object.keys(scripts) };
  const described = { scripts: Object.fromEntries(names.map((name) => [name, 'wireit'])), wireit: { ...scripts, all } };
  writeFileSync(join(folder, 'package.json'), JSON.stringify(described));
  const environment = {
    npm_lifecycle_event: 'all',
    npm_package_json: join(folder, 'package.json'),
    npm_config_user_agent: 'npm/10',
    WIREIT_LOGGER: 'quiet',
  };
  return idleAfterFirst(process.execPath, [program], { folder, environment });
};

/** One package a step, in a git repository; the native program. What its first run starts is no npm but a script that does nothing. */
export const turborepo: Tree = async (folder, nodes) => {
  const program = peerProgram('turbo');
  if (typeof program !== 'string') return program;
  const write = (path: string, content: object): void => writeFileSync(join(folder, path), JSON.stringify(content));
  write('package.json', { name: 'tree', private: true, packageManager: 'npm@10.8.2', workspaces: ['packages/*'] });
  write('turbo.json', { tasks: { build: { dependsOn: ['^build'], outputs: [] } } });
  for (let at = 0; at < nodes; at += 1) {
    const up = above(at);
    mkdirSync(join(folder, 'packages', `n${at}`), { recursive: true });
    const dependencies = up === undefined ? {} : { [`n${up}`]: '1.0.0' };
    write(`packages/n${at}/package.json`, { name: `n${at}`, version: '1.0.0', scripts: { build: 'build' }, dependencies });
  }
  mkdirSync(join(folder, 'bin'));
  writeFileSync(join(folder, 'bin', 'npm'), `#!/bin/sh\necho ran >> '${join(folder, 'ran')}'\n`, { mode: 0o755 });
  writeFileSync(join(folder, '.gitignore'), '.turbo\nbin\nran\n');
  for (const words of [['init'], ['add', '.'], ['-c', 'user.name=bench', '-c', 'user.email=bench@localhost', 'commit', '--message=tree']])
    await timed('git', words, { folder, limit: PATIENCE.first });
  const environment = {
    PATH: `${join(folder, 'bin')}${delimiter}${process.env['PATH']}`,
    TURBO_TELEMETRY_DISABLED: '1',
    DO_NOT_TRACK: '1',
  };
  return idleAfterFirst(program, ['run', 'build', '--output-logs=none'], { folder, environment });
};

interface Where {
  readonly folder: string;
  readonly environment?: NodeJS.ProcessEnv;
}

async function idleAfterFirst(program: string, words: readonly string[], where: Where): Promise<Side | Missing> {
  const first = await timed(program, words, { ...where, limit: PATIENCE.first });
  return typeof first === 'number' ? idle(program, words, where) : { missing: `its first run: ${first.missing}` };
}

/** A side that does nothing: every step tells a ledger when it runs, and none may. */
function idle(program: string, words: readonly string[], where: Where): Side {
  const ledger = join(where.folder, 'ran');
  rmSync(ledger, { force: true });
  return {
    async measure() {
      const figure = await timed(program, words, { ...where, limit: PATIENCE.next });
      if (existsSync(ledger))
        throw new Error(`${program} ran ${readFileSync(ledger, 'utf8').split('\n').length - 1} steps that it had run`);
      return figure;
    },
  };
}

/** Milliseconds that a program takes from its start to its end; missing where it takes longer than `limit` seconds. Rejects where it fails. */
function timed(
  program: string,
  words: readonly string[],
  { folder, environment, limit, output }: Where & { readonly limit: number; readonly output?: string },
): Promise<number | Missing> {
  const started = performance.now();
  return new Promise((resolve, reject) => {
    const errors: Buffer[] = [];
    const file = output === undefined ? undefined : openSync(output, 'w');
    const child = spawn(program, words, {
      cwd: folder,
      env: { ...process.env, ...environment },
      stdio: ['ignore', file ?? 'ignore', 'pipe'],
      detached: true,
    });
    child.stderr!.on('data', (more: Buffer) => errors.push(more));
    const patience = setTimeout(() => {
      process.kill(-child.pid!, 'SIGKILL');
      resolve({ missing: `not done after ${limit} s` });
    }, limit * 1000);
    child.once('error', reject);
    child.once('close', (code) => {
      clearTimeout(patience);
      if (file !== undefined) closeSync(file);
      if (code === 0) resolve(performance.now() - started);
      else reject(new Error(`${program} ${words.join(' ')} ended with ${code}: ${Buffer.concat(errors).toString().slice(-2000)}`));
    });
  });
}
