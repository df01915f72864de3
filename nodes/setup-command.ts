// `kith setup`: gets TensorFlow once a user, as `playwright install` gets browsers. Downloads nothing without a yes.
import type { AddCommand } from '../engine/cli/main.ts';
import type { Terminal } from '../engine/cli/terminal.ts';
import { KithError } from '../engine/errors.ts';
import { bytes } from '../engine/report/format.ts';
import { tableText } from '../engine/report/table.ts';
import { setupFolder, setUp } from './tensor/tensorflow/find.ts';
import type { Work } from './tensor/tensorflow/setup/install.ts';
import { diskFailure } from './tensor/tensorflow/setup/space.ts';
import { showSteps } from './tensor/tensorflow/setup/show-steps.ts';
import type { Offer } from './tensor/tensorflow/setup/wheels.ts';

interface SetupFlags {
  readonly list?: boolean;
  readonly remove?: string | true;
  readonly from?: string;
  readonly cpu?: boolean;
  readonly yes?: boolean;
}

export const setupCommand: AddCommand = (program, terminal, finish) =>
  void program
    .command('setup')
    .description('get TensorFlow, on which training runs faster, for all projects of this user')
    .option('-y, --yes', 'download without asking')
    .option('--from <path>', 'take it from a wheel, a folder with the libraries, or a Python environment')
    .option('--cpu', 'the one for the processor, even where there is an NVIDIA GPU')
    .option('--list', 'show what is there')
    .option('--remove [name]', 'delete one, or everything that kith setup put there')
    .action((flags: SetupFlags) => finish(() => setup(flags, terminal))());

async function setup(flags: SetupFlags, terminal: Terminal): Promise<number> {
  if (flags.list) return list(terminal);
  if (flags.remove) return remove(flags.remove === true ? undefined : flags.remove, terminal);
  const stop = new AbortController();
  const forget = terminal.onInterrupt(() => stop.abort(new Error('interrupted')));
  const steps = showSteps(terminal);
  const work: Work = { root: setupFolder(), environment: process.env, onStep: steps.show, signal: stop.signal };
  try {
    const name = await (flags.from === undefined ? fetchOffer(flags, terminal, work) : takeFrom(flags.from, work));
    steps.end();
    return name === undefined ? 0 : await introduce(name, terminal);
  } catch (error) {
    steps.end();
    if (!stop.signal.aborted) throw diskFailure(error, work.root);
    terminal.err('Stopped. kith setup goes on from here; kith setup --remove deletes what is there.\n');
    return 130;
  } finally {
    forget();
  }
}

async function takeFrom(path: string, work: Work): Promise<string> {
  const { installFrom } = await import('./tensor/tensorflow/setup/install.ts');
  return installFrom(path, work);
}

/** The name of what is there now; undefined where the answer was no. */
async function fetchOffer({ cpu, yes }: SetupFlags, terminal: Terminal, work: Work): Promise<string | undefined> {
  const [{ chooseOffer }, { findGpus }, { installOffer }, { findPip }, { prefer }] = await Promise.all([
    import('./tensor/tensorflow/setup/wheels.ts'),
    import('./tensor/tensorflow/setup/gpu.ts'),
    import('./tensor/tensorflow/setup/install.ts'),
    import('./tensor/tensorflow/setup/pip.ts'),
    import('./tensor/tensorflow/setup/installed.ts'),
  ]);
  const { environment, root } = work;
  const { offer, why } = chooseOffer(`${process.platform}-${process.arch}`, cpu ? [] : await findGpus(environment));
  if (setUp(environment).some(({ name }) => name === offer.name)) {
    prefer(root, offer.name);
    terminal.out(`${offer.title} is here already.\n`);
    return offer.name;
  }
  const said = announce(offer, cpu ? 'as you asked' : why, root);
  if (!yes && !terminal.confirm) {
    throw new KithError('Nothing was downloaded: kith setup asks first, and nobody is here to answer.', {
      facts: said,
      hint: 'kith setup --yes downloads without asking.',
      exitCode: 2,
    });
  }
  terminal.out(`${said.join('\n')}\n`);
  if (!yes && !(await terminal.confirm!('Download it?'))) return void terminal.out('Nothing was downloaded.\n');
  return installOffer(offer, () => findPip(environment, offer.wheels[0]!), work);
}

function announce(offer: Offer, why: string, root: string): string[] {
  const wheels = offer.wheels.length;
  const sum = (of: 'bytes' | 'unpacked'): string => bytes(offer.wheels.reduce((total, wheel) => total + wheel[of], 0));
  return [
    `${offer.title} (${why})`,
    `  to download  ${sum('bytes')}${wheels > 1 ? ` in ${wheels} wheels` : ''}, from the index that pip uses`,
    `  on disk      ${sum('unpacked')}, in ${root}, for all projects`,
  ];
}

async function introduce(name: string, terminal: Terminal): Promise<number> {
  const [used] = setUp();
  terminal.out(`${name} is in ${used?.files.folder ?? ''}.\n`);
  return 0;
}

async function list(terminal: Terminal): Promise<number> {
  const { listInstalled } = await import('./tensor/tensorflow/setup/installed.ts');
  const root = setupFolder();
  const { installed, unfinished } = listInstalled(root);
  const used = setUp()[0]?.name;
  const rows = installed.map(({ name, title, from, bytes: size, works }) => [
    name,
    title,
    works ? (name === used ? 'used' : 'not used') : 'gone',
    size < LINK_BYTES ? 'linked' : bytes(size),
    from,
  ]);
  const columns = ['name', 'what', 'state', 'on disk', 'from'];
  const lines = [
    ...(rows.length > 0 ? [tableText({ title: '', columns, rows }, { color: terminal.color })] : [`Nothing is in ${root}.`]),
    ...(unfinished > 0 ? [`Unfinished downloads: ${bytes(unfinished)}. kith setup goes on with them.`] : []),
  ];
  terminal.out(`${lines.join('\n')}\n`);
  return 0;
}

/** A folder that is linked to has its note and its link. */
const LINK_BYTES = 100_000;

async function remove(name: string | undefined, terminal: Terminal): Promise<number> {
  const { listInstalled, removeInstalled } = await import('./tensor/tensorflow/setup/installed.ts');
  const root = setupFolder();
  const names = listInstalled(root).installed.map((each) => each.name);
  if (name !== undefined && !names.includes(name)) {
    throw new KithError(`kith setup put nothing named "${name}" there.`, {
      facts: [names.length > 0 ? `there: ${names.join(', ')}` : `Nothing is in ${root}.`],
      exitCode: 2,
    });
  }
  const freed = removeInstalled(root, name);
  terminal.out(freed > 0 ? `Removed ${name ?? root}: ${bytes(freed)} are free again.\n` : `Nothing is in ${root}.\n`);
  return 0;
}
