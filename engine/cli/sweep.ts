// `kith sweep start|status|stop|resume|extend`: hyper-parameters searched in one shared graph, as a thing with a name that can be left and taken up.
import { basename, relative, resolve } from 'node:path';
import { isRunning } from '../../cache/process.ts';
import type { ChooseDevice } from '../device.ts';
import { KithError } from '../errors.ts';
import type { Overrides } from '../graph.ts';
import { readEvents } from '../journal.ts';
import { count, duration } from '../report/format.ts';
import { sweepTable } from '../report/sweep-table.ts';
import { tableText } from '../report/table.ts';
import { rungCaution } from '../sweep/asha.ts';
import { checkedSpace } from '../sweep/check-space.ts';
import { sizeOf } from '../sweep/domain.ts';
import { listSweeps, openLedger, writeSpec, type Ledger, type Spec, type StrategyName } from '../sweep/ledger.ts';
import { cautions, chooseObjective } from '../sweep/objective.ts';
import { outlook, type Outlook } from '../sweep/outlook.ts';
import { runSweep } from '../sweep/run-sweep.ts';
import { scoredNodes } from '../sweep/scored-nodes.ts';
import { divide, spaceIn } from '../sweep/space.ts';
import { statusOf } from '../sweep/status.ts';
import { cacheFolderOf, type Project } from '../project.ts';
import { inSession, type SessionFlags } from './session.ts';
import { openSelected } from './select.ts';
import { parseSetting } from './settings.ts';
import type { Terminal } from './terminal.ts';

export interface SweepFlags extends SessionFlags {
  readonly set: readonly string[];
  readonly pipeline: string;
  readonly name?: string;
  readonly strategy?: StrategyName;
  readonly trials?: number;
  readonly steps?: number;
  readonly objective?: string;
  readonly goal?: 'min' | 'max';
  readonly searchSeed?: number;
  readonly rungs?: string;
}

export async function startSweep(flags: SweepFlags, terminal: Terminal, chooseDevice?: ChooseDevice): Promise<number> {
  const project = await openSelected(flags.pipeline, { set: [] }, terminal);
  const spec = specFrom(project, flags);
  writeSpec(project.cacheFolder, spec);
  return work(project, openLedger(project.cacheFolder, spec.name), flags, terminal, chooseDevice);
}

export async function resumeSweep(name: string, flags: SweepFlags, terminal: Terminal, chooseDevice?: ChooseDevice): Promise<number> {
  if (flags.set.length > 0 || flags.trials !== undefined || flags.steps !== undefined)
    throw new KithError('A sweep is resumed as it was asked for.', { hint: `To change it: kith sweep extend ${name} …`, exitCode: 2 });
  const { project, ledger } = await open(name, flags, terminal);
  return work(project, ledger, flags, terminal, chooseDevice);
}

/** More trials, other seeds, or a wider space: what is known stays, and only what is new runs. */
export async function extendSweep(name: string, flags: SweepFlags, terminal: Terminal, chooseDevice?: ChooseDevice): Promise<number> {
  const { project, ledger } = await open(name, flags, terminal);
  const { fixed, space, seeds } = divide(flags.set.map(parseSetting));
  const { spec } = ledger;
  refuseTrialsOfGrid(spec.strategy, flags);
  const narrowed = Object.keys(fixed).find((path) => path in spec.space);
  if (narrowed !== undefined)
    throw new KithError(`The sweep searches ${narrowed} already, and one value does not widen that.`, {
      hint: `Name all its values: --set ${narrowed}=1,2,5. To set it in every trial, start another sweep.`,
      exitCode: 2,
    });
  const still = { ...Object.fromEntries(Object.entries(spec.fixed).filter(([path]) => !(path in space))), ...fixed };
  const wider: Spec = {
    ...spec,
    fixed: still,
    space: checkedSpace(project.pipeline, { ...spec.space, ...space }, still),
    seeds: seeds ?? spec.seeds,
    ...(flags.trials === undefined ? {} : { trials: flags.trials }),
    ...(flags.steps === undefined ? {} : { steps: flags.steps }),
  };
  writeSpec(project.cacheFolder, wider, { replaces: true });
  return work(project, openLedger(project.cacheFolder, name), flags, terminal, chooseDevice);
}

export async function sweepStatus(name: string | undefined, flags: SweepFlags, terminal: Terminal): Promise<number> {
  const { cacheFolder } = cacheFolderOf(resolve(terminal.cwd, flags.pipeline));
  const names = name === undefined ? listSweeps(cacheFolder) : [name];
  if (names.length === 0)
    throw new KithError('There is no sweep yet.', { hint: 'Start one: kith sweep start --set clusters.entropyWeight=1,2,5', exitCode: 2 });
  for (const each of names) {
    const ledger = openLedger(cacheFolder, each);
    const left = outlookOf(cacheFolder, ledger);
    if (flags.json) {
      const { readSweep } = await import('../report/read-sweep.ts');
      const { stages, cost } = readSweep(cacheFolder, ledger);
      terminal.out(`${JSON.stringify({ ...ledger.spec, running: left !== undefined, ...left, ...statusOf(ledger), stages, cost })}\n`);
    } else show(ledger, terminal, left);
  }
  return 0;
}

/** What is left of the run at work, if one is. */
function outlookOf(cacheFolder: string, ledger: Ledger): Outlook | undefined {
  if (owner(ledger) === undefined) return undefined;
  const session = ledger.lines.findLast((line) => line.event === 'session');
  return outlook(session ? readEvents(cacheFolder, session.run) : [], Date.now());
}

/** Asks the process at work to stop at its next checkpoint. */
export async function stopSweep(name: string, flags: SweepFlags, terminal: Terminal): Promise<number> {
  const { cacheFolder } = cacheFolderOf(resolve(terminal.cwd, flags.pipeline));
  const pid = owner(openLedger(cacheFolder, name));
  if (pid === undefined)
    throw new KithError(`Nobody is at work on the sweep "${name}".`, { hint: `Go on with it: kith sweep resume ${name}` });
  process.kill(pid, 'SIGINT');
  terminal.out(`Process ${pid} stops at its next checkpoint. Go on with it: kith sweep resume ${name}\n`);
  return 0;
}

/** The process that works on a sweep, if it lives. */
function owner({ lines }: Ledger): number | undefined {
  const last = lines.findLast((line) => line.event === 'session');
  return last && isRunning(last.pid) && last.pid !== process.pid ? last.pid : undefined;
}

async function open(name: string, flags: SweepFlags, terminal: Terminal): Promise<{ readonly project: Project; readonly ledger: Ledger }> {
  const { cacheFolder } = cacheFolderOf(resolve(terminal.cwd, flags.pipeline));
  const ledger = openLedger(cacheFolder, name);
  const pid = owner(ledger);
  if (pid !== undefined)
    throw new KithError(`Process ${pid} is at work on the sweep "${name}".`, { hint: `Stop it first: kith sweep stop ${name}` });
  const { root } = cacheFolderOf(resolve(terminal.cwd, flags.pipeline));
  return { project: await openSelected(relative(terminal.cwd, resolve(root, ledger.spec.pipeline)), { set: [] }, terminal), ledger };
}

async function work(project: Project, ledger: Ledger, flags: SweepFlags, terminal: Terminal, chooseDevice?: ChooseDevice): Promise<number> {
  const { spec } = ledger;
  const again = spec.rungs && rungCaution(project.pipeline, spec.fixed, spec.rungs.resource);
  for (const text of [...cautions(scoredNodes(project), spec.objective, Object.keys(spec.space)), ...(again ? [again] : [])])
    terminal.err(`warning: ${text}\n`);
  const exitCode = await inSession(flags, terminal, chooseDevice, (options) =>
    runSweep(project, ledger, { ...options, atOnce: flags.jobs ?? 2, tell: () => {} }),
  );
  if (!flags.json) show(ledger, terminal);
  return exitCode;
}

function show(ledger: Ledger, terminal: Terminal, left?: Outlook): void {
  const seconds = left?.secondsLeft === undefined ? '' : `, about ${duration(left.secondsLeft)}`;
  const state = left ? `, at work, ${count(left.nodesLeft, 'node')} left${seconds}` : '';
  terminal.out(`\n${tableText(sweepTable(ledger, state), { color: terminal.color })}\n`);
}

function specFrom(project: Project, flags: SweepFlags): Spec {
  const { fixed, space: given, seeds = [project.pipeline.seed] } = divide(flags.set.map(parseSetting));
  const written = Object.entries(spaceIn(project.pipeline)).filter(([path]) => !(path in fixed));
  const space = checkedSpace(project.pipeline, { ...Object.fromEntries(written), ...given }, fixed);
  if (Object.keys(space).length === 0 && seeds.length < 2)
    throw new KithError('The sweep varies nothing.', {
      hint: 'Name params: kith sweep start --set clusters.entropyWeight=1,2,5 --set "encoder.learningRate=log(1e-4,1e-1)", or write choice(…) in the pipeline.',
      exitCode: 2,
    });
  const isFinite = Object.values(space).every((domain) => Number.isFinite(sizeOf(domain)));
  const strategy = flags.strategy ?? (flags.rungs ? 'asha' : isFinite && flags.trials === undefined ? 'grid' : 'tpe');
  if (strategy === 'asha' && !flags.rungs)
    throw new KithError('ASHA needs to know what it gives out in rungs.', { hint: 'Say so: --rungs encoder.epochs=8:64', exitCode: 2 });
  if (strategy !== 'asha' && flags.rungs)
    throw new KithError(`--rungs is for ASHA, not for ${strategy}.`, {
      hint: 'Leave --strategy out, or say --strategy asha.',
      exitCode: 2,
    });
  refuseTrialsOfGrid(strategy, flags);
  const rungs = flags.rungs ? checkedRungs(project, parseRungs(flags.rungs), fixed) : undefined;
  return {
    version: 1,
    name: flags.name ?? freeName(project),
    pipeline: relative(project.root, project.file),
    fixed,
    space,
    strategy,
    seed: flags.searchSeed ?? 0,
    seeds,
    steps: flags.steps ?? 5,
    ...(strategy === 'grid' ? {} : { trials: flags.trials ?? 20 }),
    ...(rungs ? { rungs } : {}),
    objective: chooseObjective(scoredNodes(project), flags.objective, flags.goal),
  };
}

function refuseTrialsOfGrid(strategy: StrategyName, { trials }: SweepFlags): void {
  if (strategy === 'grid' && trials !== undefined)
    throw new KithError('A grid tries every combination: --trials does not go with it.', {
      hint: 'Choose --strategy sobol, random or tpe; or give --steps, the values taken from each range.',
      exitCode: 2,
    });
}

/** The least and the most must be values that the param takes, and must not be set otherwise. */
function checkedRungs({ pipeline }: Project, rungs: NonNullable<Spec['rungs']>, fixed: Overrides): NonNullable<Spec['rungs']> {
  const { resource, least, most } = rungs;
  if (resource in fixed)
    throw new KithError(`${resource} is set to ${JSON.stringify(fixed[resource])} and given out in rungs.`, {
      hint: 'Leave one out.',
      exitCode: 2,
    });
  checkedSpace(pipeline, { [resource]: { of: 'choice', values: [least, most] } }, fixed);
  return rungs;
}

/** `encoder.epochs=8:64` or `encoder.epochs=8:64:4`. */
function parseRungs(text: string): NonNullable<Spec['rungs']> {
  const [, resource, least, most, factor = '3'] = /^([\w.-]+)=(\d+):(\d+)(?::(\d+))?$/.exec(text) ?? [];
  if (resource === undefined || Number(least) >= Number(most) || Number(factor) < 2)
    throw new KithError(`--rungs ${text} is not understood.`, {
      hint: 'Write --rungs encoder.epochs=8:64 (from 8 to 64, three times as many a rung).',
      exitCode: 2,
    });
  return { resource, least: Number(least), most: Number(most), factor: Number(factor) };
}

function freeName(project: Project): string {
  const base = basename(project.file).replace(/\.\w+$/, '');
  const taken = new Set(listSweeps(project.cacheFolder));
  let number = 1;
  while (taken.has(`${base}-${number}`)) number += 1;
  return `${base}-${number}`;
}
