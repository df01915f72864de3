// A SimCLR epoch from pictures to moved weights, beside the SCAN repository's way in PyTorch (PIL transforms in a DataLoader), alternately.
// KITH_BENCH_IMAGES names a folder of pictures by class, for example CIFAR-10's; without it pictures are made up.
import { copyFile, mkdir, mkdtemp, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { dirname, join } from 'node:path';
import type { RunContext } from '../../engine/define-node.ts';
import type { Images, NetworkSpec } from '../../nodes/artifacts.ts';
import { everyNth } from '../../nodes/data/even-sample.ts';
import { findImages } from '../../nodes/data/find-images.ts';
import { imageFolder } from '../../nodes/data/image-folder.ts';
import { random } from '../../nodes/training/random.ts';
import { simclr } from '../../nodes/views/presets.ts';
import { compare, isWanted, type Comparison, type Side } from './compare.ts';
import { type Peer, startPython } from './peer.ts';

const THREADS = 2;
/** Processes that prepare the peer's batches. */
const WORKERS = 2;
const SIDE = 32;

interface Case {
  readonly network: 'resnet-16' | 'resnet-18';
  /** Images a step; twice as many views. */
  readonly batch: number;
  /** Of an epoch: fewer than real ones have, so that both sides take turns within minutes. */
  readonly steps: number;
  readonly rounds: number;
}

const CASES: readonly Case[] = [
  { network: 'resnet-16', batch: 256, steps: 8, rounds: 5 },
  { network: 'resnet-18', batch: 32, steps: 8, rounds: 3 },
];

const NETWORKS = {
  'resnet-16': { channels: [16, 32, 64, 128], blocks: [1, 1, 1, 1] },
  'resnet-18': { channels: [64, 128, 256, 512], blocks: [2, 2, 2, 2] },
} as const;

/**
 * Images a second. `in memory`: both sides start from decoded pixels, as CIFAR-10's loaders do. `from files`: the peer decodes each file in each
 * epoch; ours is a first epoch with the decoding before it (later ones are as `in memory`). `--only=resnet-18` leaves out cases that are not
 * called so.
 */
export default async function* epoch(): AsyncIterable<Comparison> {
  const folder = await mkdtemp(join(tmpdir(), 'kith-epoch-'));
  try {
    for (const one of CASES) {
      const { network, batch, steps, rounds } = one;
      const pictures = await prepare(folder, batch * steps);
      for (const source of ['in memory', 'from files'] as const) {
        const name = `${network}, batch ${batch}, ${batch * steps} ${pictures.kind} ${source}, ${THREADS} threads`;
        if (!isWanted(name)) continue;
        const path = source === 'in memory' ? pictures.raw : pictures.files;
        const peer = await startPython('epoch.py', String(THREADS), String(WORKERS), network, String(batch), path);
        const labels = {
          bench: 'epoch',
          case: name,
          peerName: 'missing' in peer ? 'PyTorch' : `PyTorch ${peer.greeting}, ${WORKERS} workers`,
          unit: 'images/s',
        };
        const ours = await trainingSide(one, source === 'in memory' ? pictures.images : pictures.read);
        yield await compare(labels, ours, 'missing' in peer ? peer : side(peer, batch * steps), { rounds });
      }
    }
  } finally {
    await rm(folder, { recursive: true, force: true });
  }
}

const side = (peer: Peer, images: number): Side => ({
  measure: async () => images / Number(await peer.ask('epoch')),
  close: () => peer.close(),
});

interface Pictures {
  readonly kind: string;
  /** A file of bytes [N, 32, 32, 3]. */
  readonly raw: string;
  /** A folder of class folders. */
  readonly files: string;
  readonly images: () => Promise<Images>;
  /** Decodes the files. */
  readonly read: () => Promise<Images>;
}

/** So many pictures, as files and as bytes. */
async function prepare(folder: string, count: number): Promise<Pictures> {
  const given = process.env['KITH_BENCH_IMAGES'];
  const files = join(folder, `pictures-${count}`);
  await (given === undefined ? invent(files, count) : copy(given, files, count));
  const read = (): Promise<Images> => readFolder(files);
  const images = await read();
  const raw = join(folder, `pictures-${count}.raw`);
  await writeFile(raw, images.pixels.data);
  return { kind: given === undefined ? 'made-up pictures' : 'pictures', raw, files, images: async () => images, read };
}

/** An even sample of a folder of class folders. */
async function copy(from: string, to: string, count: number): Promise<void> {
  const { images } = await findImages(from);
  if (images.length < count) throw new Error(`KITH_BENCH_IMAGES holds ${images.length} pictures; ${count} are needed.`);
  for (const name of everyNth(images, count)) {
    await mkdir(dirname(join(to, name)), { recursive: true });
    await copyFile(join(from, name), join(to, name));
  }
}

/** JPEG files of soft coloured spots, in two class folders. */
async function invent(to: string, count: number): Promise<void> {
  const { default: sharp } = await import('sharp');
  const raw = { width: 6, height: 6, channels: 3 as const };
  for (let i = 0; i < count; i += 1) {
    const name = join(to, `class${i % 2}`, `${i}.jpg`);
    await mkdir(dirname(name), { recursive: true });
    const spots = Uint8Array.from(
      random(2)
        .split(i)
        .integers(6 * 6 * 3, 256),
    );
    await sharp(spots, { raw }).resize(SIDE, SIDE).jpeg().toFile(name);
  }
}

const readFolder = (path: string): Promise<Images> =>
  imageFolder.definition.run({ ...WORLD, inputs: {}, params: imageFolder.definition.params.parse({ path, size: SIDE }) });

const WORLD: Omit<RunContext, 'inputs' | 'params'> = {
  seed: 0,
  device: process.env['KITH_BENCH_DEVICE'] ?? 'auto',
  threads: THREADS,
  signal: new AbortController().signal,
  path: (declared) => declared,
  progress: () => {},
  checkpoint: { load: async () => undefined, save: async () => {} },
  log: () => {},
};

const specOf = (network: Case['network']): NetworkSpec => ({
  architecture: 'resnet',
  ...NETWORKS[network],
  input: [SIDE, SIDE, 3],
  dimension: 128,
  normalise: { divide: 255, mean: [0.4914, 0.4822, 0.4465], deviation: [0.2023, 0.1994, 0.201] },
});

/** Training as the node does it, held before each epoch until that is measured; `load` gives the pictures, once an epoch. */
async function trainingSide({ network, batch, steps, rounds }: Case, load: () => Promise<Images>): Promise<Side> {
  const { trainSimclr } = await import('../../nodes/training/simclr.ts');
  const [gate, stop] = [turnstile(), new AbortController()];
  const checkpoint = { load: () => gate.wait().then(() => undefined), save: () => (stop.signal.aborted ? Promise.resolve() : gate.wait()) };
  const training = trainSimclr(
    await load(),
    {
      network: specOf(network),
      policy: simclr(),
      epochs: rounds + 2,
      batch,
      temperature: 0.1,
      anchors: 'both',
      rates: { optimizer: 'sgd', learningRate: 0.1, weightDecay: 1e-4, schedule: 'constant', warmup: 0 },
    },
    { ...WORLD, checkpoint, signal: stop.signal },
  );
  const failed = training.then(() => {});
  await Promise.race([gate.reached(), failed]);
  return {
    measure: async () => {
      const started = performance.now();
      await load();
      gate.open();
      await Promise.race([gate.reached(), failed]);
      return (batch * steps) / ((performance.now() - started) / 1000);
    },
    close: async () => {
      stop.abort();
      gate.open();
      await training.catch(() => {});
    },
  };
}

/** Where one task waits until another lets it pass. */
function turnstile(): { wait(): Promise<void>; reached(): Promise<void>; open(): void } {
  let [passed, arrived] = [(): void => {}, (): void => {}];
  let reached = new Promise<void>((resolve) => (arrived = resolve));
  return {
    wait: () =>
      new Promise((resolve) => {
        passed = resolve;
        arrived();
      }),
    reached: () => reached,
    open: () => {
      reached = new Promise((resolve) => (arrived = resolve));
      passed();
    },
  };
}
