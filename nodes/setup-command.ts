// `kith setup`: gets TensorFlow once a user, as `playwright install` gets browsers. Downloads nothing without a yes.
import type { AddCommand } from '../engine/cli/main.ts';
import type { Terminal } from '../engine/cli/terminal.ts';
import { KithError } from '../engine/errors.ts';
import { inWords } from '../engine/device.ts';
import { bytes, rate } from '../engine/report/format.ts';
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
    .description('get TensorFlow, for all projects of this user, and tell whether training runs faster on it')
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
    const found = await (flags.from === undefined ? fetchOffer(flags, terminal, work) : takeFrom(flags.from, work));
    steps.end();
    if (found) await tryOut(found, work, terminal);
    return 0;
  } catch (error) {
    steps.end();
    if (!stop.signal.aborted) throw diskFailure(error, work.root);
    terminal.err('Stopped. kith setup goes on from here; kith setup --remove deletes what is there.\n');
    return 130;
  } finally {
    forget();
  }
}

/** What is there now. */
interface Found {
  readonly name: string;
  readonly isNew: boolean;
}

async function takeFrom(path: string, work: Work): Promise<Found> {
  const { installFrom } = await import('./tensor/tensorflow/setup/install.ts');
  return { name: await installFrom(path, work), isNew: true };
}

/** Undefined where the answer was no. */
async function fetchOffer({ cpu, yes }: SetupFlags, terminal: Terminal, work: Work): Promise<Found | undefined> {
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
    return { name: offer.name, isNew: false };
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
  return { name: await installOffer(offer, () => findPip(environment, offer.wheels[0]!), work), isNew: true };
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

/** Tries what is there now: gradients, then speed beside the device that every machine has. What is new and does not work is removed. */
async function tryOut({ name, isNew }: Found, { root, signal }: Work, terminal: Terminal): Promise<void> {
  const [{ diagnoseApart }, { chooseDevice, EVERYWHERE }, { measuredHere }, { listInstalled, prefer, removeInstalled }] = await Promise.all(
    [
      import('./tensor/diagnose-apart.ts'),
      import('./tensor/choose.ts'),
      import('./tensor/measured.ts'),
      import('./tensor/tensorflow/setup/installed.ts'),
    ],
  );
  const title = listInstalled(root).installed.find((each) => each.name === name)?.title ?? name;
  terminal.out('Trying it: gradients, then speed…\n');
  const environment = { ...process.env, KITH_TENSORFLOW: '' };
  const tried = await diagnoseApart('tensorflow', environment);
  signal.throwIfAborted();
  if (!tried.works) {
    if (isNew) removeInstalled(root, name);
    throw new KithError(`${title} does not work here${isNew ? ', and was removed again' : ''}.`, { facts: tried.reasons });
  }
  // The library itself knows its version best: "TensorFlow 2.21.0 (kith setup)".
  const [itself = title] = tried.version.split(' (');
  if (!title.startsWith(itself)) prefer(root, name, itself);
  const base = measuredHere().find(({ device }) => device === EVERYWHERE) ?? (await diagnoseApart(EVERYWHERE, environment));
  const beside = 'images' in base ? ` beside ${perSecond(base.images)} of ${EVERYWHERE}` : '';
  terminal.out(`${itself} works: its gradients are those of ${EVERYWHERE}, to ${(tried.distance ?? 0).toExponential(0)}.\n`);
  terminal.out(`Training the default encoder: ${perSecond(tried.images)}${beside}.\n`);
  if (process.env['KITH_TENSORFLOW']) terminal.out('KITH_TENSORFLOW is set: the library that it names goes before this one.\n');
  else terminal.out(`--device auto is ${inWords(await chooseDevice())}.\n`);
}

const perSecond = (images: number): string => rate(images, 'images');

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
