// The command line. Reads argv, names the command, loads only what that command needs; the only place that exits.
import { Command, CommanderError, InvalidArgumentError, Option } from 'commander';
import type { ChooseDevice } from '../device.ts';
import type { CacheFlags } from './cache-folder.ts';
import type { CompareFlags } from './compare.ts';
import type { GcFlags } from './gc.ts';
import type { PinFlags } from './pin.ts';
import type { ReportFlags } from './report.ts';
import type { RunFlags } from './run.ts';
import type { WatchFlags } from './watch.ts';
import type { SweepFlags } from './sweep.ts';
import type { Terminal } from './terminal.ts';
import type { ExportFlags } from './transfer.ts';
import type { VerifyFlags } from './verify.ts';

/** A command that another package layer adds, e.g. one that knows tensors. */
export type AddCommand = (program: Command, terminal: Terminal, finish: Finish) => void;

/** Makes the action of a command from a function that resolves with the exit code. */
export type Finish = (command: () => Promise<number>) => () => Promise<void>;

/** What another package layer adds to the command line. */
export interface Extension {
  readonly commands?: readonly AddCommand[];
  /** Looks at `--device` before anything runs. */
  readonly chooseDevice?: ChooseDevice;
}

/** Runs one command line and resolves with its exit code. */
export async function main(
  argv: readonly string[],
  terminal: Terminal,
  version: string,
  { commands = [], chooseDevice }: Extension = {},
): Promise<number> {
  let exitCode = 0;
  const finish: Finish = (command) => async () => void (exitCode = await command());
  const program = new Command('kith')
    .description('Classify images without labels: declared steps, content-hashed; only what changed runs.')
    .version(version, '-V, --version')
    .showHelpAfterError('Run kith --help to see what there is.')
    .exitOverride()
    .configureOutput({ writeOut: terminal.out, writeErr: terminal.err })
    .addHelpText('after', EXAMPLES);
  const command = (name: string, description: string): Command =>
    program.command(name).description(description).exitOverride().configureOutput({ writeOut: terminal.out, writeErr: terminal.err });
  const selecting = (made: Command): Command =>
    made
      .addOption(new Option('--set <node.param=value>', 'override a param; several values run as variants').argParser(collect).default([]))
      .addOption(new Option('--force <node>', 'run a node even if it is cached').argParser(collect).default([]));

  selecting(command('run', 'run what is stale, and show it'))
    .argument('[pipeline] [targets...]', 'a pipeline file (default pipeline.ts) and the nodes wanted (default all)')
    .option('--jobs <n>', 'nodes that run at once (default: the number of processors)', positive)
    .option('--keep-going', 'after a failure, still start nodes that do not need it (default: where there are variants)')
    .option('--no-keep-going', 'after a failure, start nothing more')
    .addOption(
      new Option('--resource <name=amount>', 'how much there is of a resource, as in gpu=2 or memory=8GB').argParser(collect).default([]),
    )
    .option('--device <name>', 'which executor runs tensors, as kith doctor lists them (default: auto, the fastest that it measured)')
    .option('--json', 'print the events, one JSON object a line')
    .allowExcessArguments()
    .action((_first: unknown, flags: RunFlags, made: Command) =>
      finish(async () => (await import('./run.ts')).runCommand(made.args, flags, terminal, chooseDevice))(),
    )
    .addHelpText('after', RUN_EXAMPLES);
  command('watch', 'run what is stale, and again what a saved file changes')
    .argument('[pipeline] [targets...]', 'a pipeline file and the nodes wanted')
    .addOption(new Option('--set <node.param=value>', 'override a param').argParser(collect).default([]))
    .option('--jobs <n>', 'nodes that run at once (default: the number of processors)', positive)
    .option('--device <name>', 'what runs tensors', 'auto')
    .option('--json', 'print the events of each run, one JSON object a line')
    .allowExcessArguments()
    .action((_first: unknown, flags: WatchFlags, made: Command) =>
      finish(async () => (await import('./watch.ts')).watchCommand(made.args, flags, terminal, chooseDevice))(),
    );
  selecting(command('plan', 'show what would run, and why'))
    .argument('[pipeline] [targets...]', 'a pipeline file and the nodes wanted')
    .option('--json', 'print one JSON object')
    .allowExcessArguments()
    .action((_first: unknown, flags: RunFlags, made: Command) =>
      finish(async () => (await import('./plan.ts')).planCommand(made.args, flags, terminal))(),
    );
  const about = (name: string, argument: string, description: string, what = 'a node of the pipeline'): Command =>
    command(name, description)
      .argument(argument, what)
      .option('-p, --pipeline <file>', 'the pipeline file', 'pipeline.ts')
      .addOption(new Option('--set <node.param=value>', 'override a param').argParser(collect).default([]))
      .option('--json', 'print one JSON object');
  about('why', '<node...>', 'say why a node would run, leaf by leaf', 'a node, or two runs of kith runs: then why they differ').action(
    (names: readonly string[], flags: RunFlags) => finish(async () => (await import('./why.ts')).whyCommand(names, flags, terminal))(),
  );
  about('accept', '<node>', 'say that what changed does not matter to its result: the one it had counts for its new key')
    .option('--undo', 'take that back')
    .action((node: string, flags: RunFlags & { undo?: boolean }) =>
      finish(async () => (await import('./accept.ts')).acceptCommand(node, flags, terminal))(),
    );
  command('status', 'show the state of every node')
    .option('-p, --pipeline <file>', 'the pipeline file', 'pipeline.ts')
    .option('--json', 'print one JSON object')
    .action((flags: RunFlags) => finish(async () => (await import('./status.ts')).statusCommand(flags, terminal))());
  command('dag', 'draw the graph')
    .argument('[pipeline]', 'a pipeline file', 'pipeline.ts')
    .option('--mermaid', 'as a Mermaid diagram')
    .option('--json', 'print one JSON object')
    .action((file: string, flags: { mermaid?: boolean; json?: boolean }) =>
      finish(async () => (await import('./dag.ts')).dagCommand(file, flags, terminal))(),
    );
  about('show', '<artifact>', 'describe the artifact of a node: shapes, statistics; write its pictures and models')
    .option('-o, --out <folder>', 'where pictures and models go', '.')
    .action((node: string, flags: RunFlags & { out: string }) =>
      finish(async () => (await import('./show.ts')).showCommand(node, flags, terminal))(),
    );
  about('log', '<node>', 'print what a node logged in its last run').action((node: string, flags: RunFlags) =>
    finish(async () => (await import('./log.ts')).logCommand(node, flags, terminal))(),
  );
  command('clean', 'delete the cache of this project')
    .option('-p, --pipeline <file>', 'the pipeline file', 'pipeline.ts')
    .option('-n, --dry-run', 'only say what would be deleted')
    .action((flags: { pipeline: string; dryRun?: boolean }) =>
      finish(async () => (await import('./clean.ts')).cleanCommand(flags, terminal))(),
    );
  command('runs', 'list past runs, the newest first')
    .option('-p, --pipeline <file>', 'the pipeline file', 'pipeline.ts')
    .option('--json', 'print one JSON object')
    .action((flags: CacheFlags) => finish(async () => (await import('./runs.ts')).runsCommand(flags, terminal))());
  command('replay', 'show a past run again')
    .argument('[run]', 'a run of kith runs, or how its name begins (default the newest)')
    .option('-p, --pipeline <file>', 'the pipeline file', 'pipeline.ts')
    .option('--json', 'print its events, one JSON object a line')
    .action((run: string | undefined, flags: CacheFlags) =>
      finish(async () => (await import('./replay.ts')).replayCommand(run, flags, terminal))(),
    );
  command('report', 'write a run or a sweep as one page: results, pictures, curves, times, where each figure comes from')
    .argument('[run or sweep]', 'a run of kith runs, or how its name begins, or the name of a sweep (default the newest run)')
    .option('-p, --pipeline <file>', 'the pipeline file', 'pipeline.ts')
    .option('-o, --out <file>', 'where it goes (default report-<name>.html)')
    .addOption(new Option('--format <format>', 'a page, or its data').choices(['html', 'json']).default('html'))
    .action((run: string | undefined, flags: ReportFlags) =>
      finish(async () => (await import('./report.ts')).reportCommand(run, flags, terminal))(),
    );
  const sweep = command('sweep', 'search params in one shared graph: a named thing that can be stopped, taken up and widened');
  const sweeping = (name: string, description: string): Command =>
    sweep
      .command(name)
      .description(description)
      .exitOverride()
      .configureOutput({ writeOut: terminal.out, writeErr: terminal.err })
      .option('-p, --pipeline <file>', 'the pipeline file', 'pipeline.ts')
      .option('--json', 'print the events, or one JSON object');
  const searching = (made: Command): Command =>
    made
      .addOption(
        new Option(
          '--set <node.param=values>',
          'values as in 1,2,5, or a range: int(1,9), float(0,1), log(1e-4,1e-1); with a condition: "1,2,5 if clusters.head=cosine"; seed=0,1,2 repeats',
        )
          .argParser(collect)
          .default([]),
      )
      .option('--trials <n>', 'trials at most (a grid has its own number)', positive)
      .option('--steps <n>', 'values that a grid takes from a range', positive)
      .option('--jobs <n>', 'nodes, and trials of TPE and ASHA, that run at once', positive)
      .option('--device <name>', 'which executor runs tensors');
  searching(sweeping('start', 'begin a sweep over --set and over choice(…), int, float and log in the pipeline'))
    .option('--name <name>', 'what it is called')
    .addOption(new Option('--strategy <strategy>', 'how trials are chosen').choices(['grid', 'random', 'sobol', 'tpe', 'asha']))
    .option('--objective <node.metric>', 'what is looked for (default: the last figure that reads no label)')
    .addOption(new Option('--goal <goal>', 'which way is better').choices(['min', 'max']))
    .option('--search-seed <n>', 'seed of the strategy', whole)
    .option('--rungs <node.param=least:most>', 'what ASHA gives out, as in encoder.epochs=8:64')
    .action((flags: SweepFlags) => finish(async () => (await import('./sweep.ts')).startSweep(flags, terminal, chooseDevice))());
  sweeping('status', 'the trials, the best first')
    .argument('[name]', 'a sweep (default all)')
    .action((name: string | undefined, flags: SweepFlags) =>
      finish(async () => (await import('./sweep.ts')).sweepStatus(name, flags, terminal))(),
    );
  sweeping('stop', 'stop the process that works on it, at its next checkpoint')
    .argument('<name>')
    .action((name: string, flags: SweepFlags) => finish(async () => (await import('./sweep.ts')).stopSweep(name, flags, terminal))());
  searching(sweeping('resume', 'go on where it was stopped or killed'))
    .argument('<name>')
    .action((name: string, flags: SweepFlags) =>
      finish(async () => (await import('./sweep.ts')).resumeSweep(name, flags, terminal, chooseDevice))(),
    );
  searching(sweeping('extend', 'more trials, seeds, values or params: only what is new runs'))
    .argument('<name>')
    .action((name: string, flags: SweepFlags) =>
      finish(async () => (await import('./sweep.ts')).extendSweep(name, flags, terminal, chooseDevice))(),
    );
  command('compare', 'put runs and variants beside each other: the params that differ, the figures with their deviation over seeds')
    .argument('[runs...]', 'runs of kith runs, or how their names begin (default all)')
    .option('-p, --pipeline <file>', 'the pipeline file', 'pipeline.ts')
    .addOption(new Option('--metric <name>', 'a figure to show, as in acc or clusters.loss').argParser(collect).default([]))
    .option('--sort <name>', 'a figure or param to sort by; -acc from the highest down')
    .addOption(new Option('--filter <condition>', 'keep rows, as in "acc>0.9" or neighbours.k=10').argParser(collect).default([]))
    .addOption(new Option('--format <format>', 'how it is printed').choices(['table', 'csv', 'json', 'markdown']).default('table'))
    .action((runs: readonly string[], flags: CompareFlags) =>
      finish(async () => (await import('./compare.ts')).compareCommand(runs, flags, terminal))(),
    );
  command('diff', 'put two runs beside each other: what was set otherwise, and what came of it')
    .argument('[runs...]', 'two runs of kith runs, or how their names begin (default the newest two)')
    .option('-p, --pipeline <file>', 'the pipeline file', 'pipeline.ts')
    .option('--json', 'print one JSON object')
    .action((runs: readonly string[], flags: CacheFlags) =>
      finish(async () => (await import('./diff.ts')).diffCommand(runs, flags, terminal))(),
    );
  command('gc', 'delete what the cache can do without, until it is under its cap')
    .option('-p, --pipeline <file>', 'the pipeline file', 'pipeline.ts')
    .option('-n, --dry-run', 'only say what would be deleted, and why')
    .option('--max-size <size>', 'the cap, as in 500MB, 5GB or none (default: KITH_CACHE_SIZE, kith.cacheSize of package.json, 10GB)')
    .option('--all', 'also what the latest runs used, but nothing that is pinned')
    .option('--json', 'print one JSON object')
    .action((flags: GcFlags) => finish(async () => (await import('./gc.ts')).gcCommand(flags, terminal))());
  command('pin', 'keep a result, or everything that a run used, whatever the cap')
    .argument('[node or run]', 'a node of the pipeline, or a run of kith runs, or how its name begins (default: list what is pinned)')
    .option('-p, --pipeline <file>', 'the pipeline file', 'pipeline.ts')
    .addOption(new Option('--set <node.param=value>', 'override a param').argParser(collect).default([]))
    .option('--json', 'print one JSON object')
    .action((what: string | undefined, flags: PinFlags) =>
      finish(async () => (await import('./pin.ts')).pinCommand(what, flags, terminal))(),
    );
  command('unpin', 'let go again what was pinned')
    .argument('<pin>', 'a pin, as kith pin lists them, or how its name begins')
    .option('-p, --pipeline <file>', 'the pipeline file', 'pipeline.ts')
    .option('--json', 'print one JSON object')
    .action((name: string, flags: CacheFlags) => finish(async () => (await import('./pin.ts')).unpinCommand(name, flags, terminal))());
  command('verify', 'read the whole cache again and check every digest; with --rerun, whether nodes give the same result twice')
    .option('-p, --pipeline <file>', 'the pipeline file', 'pipeline.ts')
    .option('--rerun <sample>', 'execute cached nodes again and compare: 3 of them, 10%, or all')
    .option('--seed <n>', 'which nodes are taken', Number, 0)
    .addOption(new Option('--set <node.param=value>', 'override a param').argParser(collect).default([]))
    .option('--json', 'print one JSON object')
    .action((flags: VerifyFlags) => finish(async () => (await import('./verify.ts')).verifyCommand(flags, terminal))());
  const cache = command('cache', 'what the cache consists of; results as one file');
  const inCache = (name: string, description: string): Command =>
    cache
      .command(name)
      .description(description)
      .exitOverride()
      .configureOutput({ writeOut: terminal.out, writeErr: terminal.err })
      .option('-p, --pipeline <file>', 'the pipeline file', 'pipeline.ts')
      .option('--json', 'print one JSON object');
  inCache('stats', 'blobs, results by node, checkpoints and runs, in figures').action((flags: CacheFlags) =>
    finish(async () => (await import('./cache-stats.ts')).cacheStatsCommand(flags, terminal))(),
  );
  inCache('export', 'write results, and those that they were made from, to one file')
    .argument('<file>', 'a file that is not there yet')
    .argument('[nodes...]', 'nodes of the pipeline (default: all that have a result)')
    .addOption(new Option('--set <node.param=value>', 'override a param').argParser(collect).default([]))
    .action((file: string, nodes: readonly string[], flags: ExportFlags) =>
      finish(async () => (await import('./transfer.ts')).exportCommand(file, nodes, flags, terminal))(),
    );
  inCache('import', 'take over the results in such a file; only from people you trust, since nobody can see who computed them')
    .argument('<file>', 'what kith cache export wrote')
    .action((file: string, flags: CacheFlags) =>
      finish(async () => (await import('./transfer.ts')).importCommand(file, flags, terminal))(),
    );
  for (const add of commands) add(program, terminal, finish);

  try {
    await program.parseAsync([...argv], { from: 'user' });
    return exitCode;
  } catch (error) {
    if (error instanceof CommanderError) return error.exitCode === 0 || error.code === 'commander.help' ? 0 : 2;
    const { reportError } = await import('./report-error.ts');
    return reportError(error, terminal);
  }
}

const collect = (value: string, before: readonly string[]): string[] => [...before, value];

function whole(text: string): number {
  const number = Number(text);
  if (!Number.isSafeInteger(number) || number < 0) throw new InvalidArgumentError('It must be a whole number from 0.');
  return number;
}

function positive(text: string): number {
  const number = Number(text);
  if (!Number.isInteger(number) || number < 1) throw new InvalidArgumentError('It must be a whole number from 1.');
  return number;
}

const EXAMPLES = `
Examples:
  kith run                                    run pipeline.ts
  kith run examples/hello.ts                  run another pipeline
  kith run --set neighbours.k=50              change one number: only what depends on it runs
  kith run --set clusters.entropyWeight=1,2,5 run variants in one shared graph, and compare them
  kith plan                                   say what would run, and why
  kith show scores                            look at a result`;

const RUN_EXAMPLES = `
Examples:
  kith run                       run every node of pipeline.ts that is stale
  kith run baseline              run one node and what it needs
  kith run clusters+             run a node, all that reads it, and what they need
  kith run --force pretext       run a node again
  kith run --json | jq .event    read the events with a program`;
