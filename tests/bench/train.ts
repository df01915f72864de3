// SimCLR steps (forward, backward, Adam) and embedding on each executor of this machine, beside PyTorch's channels_last on as many threads,
// alternately; bf16 beside PyTorch's autocast.
import type * as tf from '@tensorflow/tfjs-core';
import { ndarray } from '../../cache/array.ts';
import type { NetworkSpec, Weights } from '../../nodes/artifacts.ts';
import type { Arrays, Precision, Signatures } from '../../nodes/tensor/executor.ts';
import { random } from '../../nodes/training/random.ts';
import { compare, isWanted, type Comparison, type Missing, type Side } from './compare.ts';
import { KithError } from '../../engine/errors.ts';
import { startPython, type Peer } from './peer.ts';

const THREADS = 2;

interface Case {
  /** As the peer calls it. */
  readonly network: string;
  /** Images in one pass. */
  readonly batch: number;
  /** Passes in one measurement: about a second. */
  readonly steps: { readonly train: number; readonly embed: number };
}

const CASES: readonly Case[] = [
  { network: 'digits', batch: 512, steps: { train: 12, embed: 40 } },
  { network: 'resnet-16', batch: 256, steps: { train: 2, embed: 8 } },
  { network: 'resnet-16', batch: 32, steps: { train: 12, embed: 50 } },
  { network: 'resnet-18', batch: 32, steps: { train: 1, embed: 2 } },
  { network: 'resnet-18', batch: 64, steps: { train: 1, embed: 1 } },
];

const plain = { divide: 1, mean: [0, 0, 0], deviation: [1, 1, 1] };
const SPECS: { readonly [network: string]: NetworkSpec } = {
  digits: {
    architecture: 'small',
    channels: [32, 64, 128],
    strides: [1, 2, 1],
    input: [8, 8, 1],
    dimension: 128,
    normalise: { divide: 1, mean: [0], deviation: [1] },
  },
  'resnet-16': {
    architecture: 'resnet',
    channels: [16, 32, 64, 128],
    blocks: [1, 1, 1, 1],
    input: [32, 32, 3],
    dimension: 128,
    normalise: plain,
  },
  'resnet-18': {
    architecture: 'resnet',
    channels: [64, 128, 256, 512],
    blocks: [2, 2, 2, 2],
    input: [32, 32, 3],
    dimension: 128,
    normalise: plain,
  },
};

interface Way {
  readonly device: string;
  readonly precision: Precision;
}

const WAYS: readonly Way[] = [
  { device: 'onnx', precision: 'fp32' },
  { device: 'tensorflow', precision: 'fp32' },
  { device: 'tensorflow', precision: 'bf16' },
];

/** Images per second of training steps and of embedding. `--only=resnet-18` leaves out cases that are not called so. */
export default async function* train(): AsyncIterable<Comparison> {
  for (const { network, batch, steps } of CASES)
    for (const way of WAYS) {
      const name = `${network}, batch ${batch}, ${way.device} ${way.precision}, ${THREADS} threads`;
      if (!isWanted(name)) continue;
      const peer = await startPython('train.py', String(THREADS), network, String(batch), way.precision);
      for (const what of ['train', 'embed'] as const) {
        const theirs = 'missing' in peer ? peer : side(peer, what, batch, steps[what]);
        const labels = { bench: what, case: name, unit: 'images/s' };
        const ours = await present((what === 'train' ? trainingSide : embeddingSide)(SPECS[network]!, batch, steps[what], way));
        yield await compare({ ...labels, peerName: 'missing' in peer ? 'PyTorch' : `PyTorch ${peer.greeting}` }, ours, theirs);
      }
      if (!('missing' in peer)) peer.close();
    }
}

/** A side, or the sentence that says why this machine has no such executor. */
const present = (side: Promise<Side>): Promise<Side | Missing> =>
  side.catch((error: unknown) => {
    if (error instanceof KithError) return { missing: error.message };
    throw error;
  });

const side = (peer: Peer, what: string, batch: number, steps: number): Side => ({
  measure: async () => (steps * batch) / Number(await peer.ask(`${what} ${steps}`)),
});

async function timed(steps: number, batch: number, act: () => Promise<unknown>): Promise<number> {
  const started = performance.now();
  for (let count = 0; count < steps; count += 1) await act();
  return (steps * batch) / ((performance.now() - started) / 1000);
}

const picturesOf = ({ input: [height, width, channels] }: NetworkSpec, batch: number) =>
  ndarray('float32', [batch, height, width, channels], random(1).uniform(batch * height * width * channels, 0, 1));

const signaturesOf = (arrays: Arrays): Signatures =>
  Object.fromEntries(Object.entries(arrays).map(([name, { shape }]) => [name, { shape, dtype: 'float32' as const }]));

async function trainingSide(spec: NetworkSpec, batch: number, steps: number, way: Way): Promise<Side> {
  const { forward, initialise } = await import('../../nodes/networks/network.ts');
  const { isStatistic } = await import('../../nodes/networks/weights.ts');
  const { ntXent } = await import('../../nodes/losses/nt-xent.ts');
  const { unitRows } = await import('../../nodes/networks/layers.ts');
  const { compileStep } = await import('../../nodes/tensor/program.ts');
  const { adam } = await import('../../nodes/training/optimizer.ts');
  const { initialState, scalarSignatures, trainingStep } = await import('../../nodes/training/step.ts');
  const { split } = await import('@tensorflow/tfjs-core');
  const weights: Weights = initialise(spec, random(0));
  const objective = {
    trainable: Object.keys(weights).filter((name) => !isStatistic(name)),
    loss: (moving: { readonly [name: string]: tf.Tensor }, feeds: { readonly [name: string]: tf.Tensor }) => {
      const { projection, statistics } = forward(spec, moving, feeds['pixels'] as tf.Tensor4D, { training: true });
      const [first, second] = split(unitRows(projection), 2) as [tf.Tensor2D, tf.Tensor2D];
      return { loss: ntXent(first, second, 0.5), statistics };
    },
  };
  const optimizer = adam({ decay: 1e-4 });
  const state = initialState(weights, objective, optimizer);
  const pixels = picturesOf(spec, batch);
  const feeds = { ...signaturesOf({ pixels }), ...scalarSignatures(optimizer) };
  const program = await compileStep(
    trainingStep(objective, optimizer),
    { state: signaturesOf(state), feeds },
    { ...way, threads: THREADS },
  );
  await program.write(state);
  let step = 0;
  const scalars = (): Arrays =>
    Object.fromEntries(
      Object.entries(optimizer.feed(2e-3, (step += 1))).map(([name, value]) => [name, ndarray('float32', [], Float32Array.of(value))]),
    );
  return { measure: () => timed(steps, batch, () => program.run({ pixels, ...scalars() })), close: () => program.dispose() };
}

async function embeddingSide(spec: NetworkSpec, batch: number, steps: number, way: Way): Promise<Side> {
  const { forward, initialise } = await import('../../nodes/networks/network.ts');
  const { compileStep } = await import('../../nodes/tensor/program.ts');
  const weights: Arrays = initialise(spec, random(0));
  const pixels = picturesOf(spec, batch);
  const program = await compileStep(
    (state, feeds) => ({ state, results: { z: forward(spec, state, feeds['pixels'] as tf.Tensor4D, { training: false }).projection } }),
    { state: signaturesOf(weights), feeds: signaturesOf({ pixels }) },
    { ...way, threads: THREADS },
  );
  await program.write(weights);
  return { measure: () => timed(steps, batch, () => program.run({ pixels })), close: () => program.dispose() };
}
