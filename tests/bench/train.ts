// One SimCLR step of the digits network (forward, backward, Adam), beside PyTorch's channels_last on as many threads, alternately.
import { random } from '../../nodes/training/random.ts';
import { ndarray } from '../../cache/array.ts';
import { ntXent } from '../../nodes/losses/nt-xent.ts';
import { forward, initialise } from '../../nodes/networks/network.ts';
import { isStatistic } from '../../nodes/networks/weights.ts';
import type { NetworkSpec } from '../../nodes/artifacts.ts';
import { compileStep } from '../../nodes/tensor/program.ts';
import type { Arrays, Signatures } from '../../nodes/tensor/executor.ts';
import { adam } from '../../nodes/training/optimizer.ts';
import { initialState, scalarSignatures, trainingStep, type Objective } from '../../nodes/training/step.ts';
import { compare, type Comparison, type Side } from './compare.ts';
import { startPython } from './peer.ts';
import * as tf from '@tensorflow/tfjs-core';

const THREADS = 2;
/** Both views of a batch of 256. */
const VIEWS = 512;
const STEPS = 20;

const DIGITS: NetworkSpec = {
  architecture: 'small',
  channels: [32, 64, 128],
  strides: [1, 2, 1],
  input: [8, 8, 1],
  dimension: 128,
  normalise: { divide: 1, mean: [0], deviation: [1] },
};

/** Images per second of training steps. */
export default async function* train(): AsyncIterable<Comparison> {
  const peer = await startPython('train.py', String(THREADS), String(VIEWS));
  const ours = await digitsStep();
  const theirs: Side | { readonly missing: string } =
    'missing' in peer ? peer : { measure: async () => (STEPS * VIEWS) / Number(await peer.ask(String(STEPS))), close: () => peer.close() };
  const labels = { bench: 'train', case: `digits network, ${VIEWS} views, ${THREADS} threads`, unit: 'images/s' };
  yield await compare({ ...labels, peerName: 'missing' in peer ? 'PyTorch' : `PyTorch ${peer.greeting}` }, ours, theirs, { rounds: 9 });
}

async function digitsStep(): Promise<Side> {
  const weights = initialise(DIGITS, random(0));
  const objective: Objective = {
    trainable: Object.keys(weights).filter((name) => !isStatistic(name)),
    loss: (moving, { pixels }) => {
      const { projection, statistics } = forward(DIGITS, moving, pixels as tf.Tensor4D, { training: true });
      const [first, second] = tf.split(projection, 2) as [tf.Tensor2D, tf.Tensor2D];
      return { loss: ntXent(first, second, 0.5), statistics };
    },
  };
  const optimizer = adam({ decay: 1e-4 });
  const state = initialState(weights, objective, optimizer);
  const signatures: Signatures = Object.fromEntries(
    Object.entries(state).map(([name, { shape }]) => [name, { shape, dtype: 'float32' as const }]),
  );
  const batch: Signatures = { pixels: { shape: [VIEWS, 8, 8, 1], dtype: 'float32' }, ...scalarSignatures(optimizer) };
  const program = await compileStep(
    trainingStep(objective, optimizer),
    { state: signatures, feeds: batch },
    { device: 'onnx', threads: THREADS },
  );
  await program.write(state);
  const pixels = ndarray('float32', [VIEWS, 8, 8, 1], random(1).uniform(VIEWS * 64, 0, 1));
  let step = 0;
  const feeds = (): Arrays => {
    const scalars = Object.entries(optimizer.feed(2e-3, (step += 1)));
    return { pixels, ...Object.fromEntries(scalars.map(([name, value]) => [name, ndarray('float32', [], Float32Array.of(value))])) };
  };
  return {
    async measure() {
      const started = performance.now();
      for (let count = 0; count < STEPS; count += 1) await program.run(feeds());
      return (STEPS * VIEWS) / ((performance.now() - started) / 1000);
    },
    close: () => program.dispose(),
  };
}
