// What a step takes is told from its trace before anything is allocated: counted by hand, against the process' own peak, and as users see it.
import { readFileSync, writeFileSync } from 'node:fs';
import { totalmem } from 'node:os';
import * as tf from '@tensorflow/tfjs-core';
import { afterEach, describe, expect, test, vi } from 'vitest';
import { ndarray } from '../../../cache/array.ts';
import type { Classifier, Embeddings, Encoder, NetworkSpec } from '../../../nodes/artifacts.ts';
import { isKithError } from '../../../engine/errors.ts';
import { embedImages } from '../../../nodes/networks/infer.ts';
import { forward, initialise, linearWeights } from '../../../nodes/networks/network.ts';
import { pretext } from '../../../nodes/pretext.ts';
import { scan } from '../../../nodes/scan.ts';
import { selfLabel } from '../../../nodes/self-label.ts';
import type { Arrays, Executor, Trace } from '../../../nodes/tensor/executor.ts';
import { demandMemory } from '../../../nodes/tensor/fitting.ts';
import { footprint, freeMemory } from '../../../nodes/tensor/memory.ts';
import { rowsWithin } from '../../../nodes/tensor/program.ts';
import { type Step, type TensorMap, traceStep } from '../../../nodes/tensor/trace.ts';
import { ELEMENTWISE } from '../../../nodes/tensor/tracing/elementwise.ts';
import { adam, sgd } from '../../../nodes/training/optimizer.ts';
import { random } from '../../../nodes/training/random.ts';
import { runNode } from '../run-node.ts';
import { pixelNeighbours, shapes, viewsOf } from '../shapes.ts';
import { digits, type Network, residual, setup } from './cases/steps.ts';
import { COMPILED } from './executors.ts';
import { signaturesOf } from './parity.ts';

afterEach(() => vi.unstubAllEnvs());

const float = (...shape: number[]) => ({ shape, dtype: 'float32' as const });
const footprintOf = (body: (x: TensorMap) => tf.Tensor) =>
  footprint(traceStep((_, feeds) => ({ state: {}, results: { out: body(feeds) } }), { state: {}, feeds: { x: float(10, 10) } }));

describe('a footprint', () => {
  test('counts what is given, what is kept and what is constant', () => {
    const step: Step = ({ w }, { x }) => ({ state: { w: tf.add(w!, tf.mul(x!, tf.tensor1d([1, 2, 3]))) }, results: { sum: tf.sum(w!) } });
    const trace = traceStep(step, { state: { w: float(5, 3) }, feeds: { x: float(5, 3) } });
    expect(footprint(trace)).toEqual({ state: 60, data: 0, constants: 12, feeds: 60, results: 4, working: 60 });
  });

  test('is the most that is needed at once: what nobody reads any more is gone', () => {
    expect(footprintOf(({ x }) => tf.sum(tf.transpose(tf.reverse(tf.transpose(x!), 0))))).toMatchObject({ working: 800 });
    expect(footprintOf(({ x }) => {
      const [a, b] = [tf.transpose(x!), tf.reverse(x!, 0)];
      return tf.sum(tf.matMul(tf.matMul(a, b), a));
    })).toMatchObject({ working: 1200 }); // prettier-ignore
  });

  test('lets elementwise operations write where they read, and reshaped values lie where they lay', () => {
    expect(footprintOf(({ x }) => tf.sum(tf.exp(tf.sin(tf.transpose(x!)))))).toMatchObject({ working: 400 });
    expect(footprintOf(({ x }) => tf.sum(tf.square(tf.reshape(tf.exp(x!), [100]))))).toMatchObject({ working: 400 });
  });
});

/** Places of all values, one after the other: for each operation, which of them are written before and read at it or later, byte by byte. */
function naively({ values, constants, operations, state, feeds, results }: Trace): number {
  const place = values.map((_, value) => value);
  for (const { kernel, inputs, outputs } of operations) if (kernel === 'Reshape') place[outputs[0]!] = place[inputs['x']!]!;
  const lasting = [...constants, ...feeds, ...results].map(({ value }) => value).concat(state.flatMap(({ input, output }) => [input, output]));
  const size = (value: number): number => values[value]!.shape.reduce((product, side) => product * side, 4);
  const at = (value: number): number[] =>
    operations.flatMap(({ inputs, outputs }, i) => ([...Object.values(inputs), ...outputs].some((one) => place[one] === value) ? [i] : []));
  const own = [...new Set(place)].filter((value) => !lasting.some((one) => place[one] === value));
  const spans = own.map((value) => ({ value, span: at(value) })).filter(({ span }) => span.length > 0);
  const heights = operations.map(({ kernel, inputs, outputs }, now) => {
    if (kernel === 'Reshape') return 0;
    const here = spans.filter(({ span }) => Math.min(...span) <= now && now <= Math.max(...span));
    const made = outputs.find((value) => own.includes(place[value]!));
    const over = here.find(({ value, span }) =>
      Object.values(inputs).some((one) => place[one] === value) && Math.max(...span) === now && made !== undefined && size(value) === size(made));
    return here.reduce((sum, { value }) => sum + size(value), 0) - (over && ELEMENTWISE.has(kernel) ? size(over.value) : 0);
  });
  return Math.max(0, ...heights);
} // prettier-ignore

describe('what lies between the operations of a training step', () => {
  test.each([['the digits’', digits], ['a residual', residual]])('%s network: as counted value by value', (_, network) => {
    const it = setup(network, adam());
    const trace = traceStep(it.step, { state: signaturesOf(it.state), feeds: signaturesOf(it.feeds(1)) });
    expect(footprint(trace).working).toBeGreaterThan(10_000);
    expect(footprint(trace).working).toBe(naively(trace));
  });
}); // prettier-ignore

test('what is free is no more than the machine has, and may be said otherwise', () => {
  expect(freeMemory({})).toBeGreaterThan(0);
  expect(freeMemory({})).toBeLessThanOrEqual(totalmem());
  expect(freeMemory({ KITH_FREE_MEMORY: '1000' })).toBe(1000);
});

describe('a step that does not fit', () => {
  /** n rows take 1,000 bytes and 10 a row, and a hundredth of n² for a loss that compares all rows; at most twice of that. */
  const executor: Executor = {
    name: 'counted',
    version: 'GeForce',
    memory: () => 100_000,
    compile: () => Promise.reject(new Error('allocated')),
    needs: async ({ values }) => {
      const [rows] = values[0]!.shape as [number];
      const least = 1000 + 10 * rows + rows ** 2 / 100;
      return { least, most: 2 * least };
    },
  };
  const traceOf = (rows: number) =>
    traceStep((_, { x }) => ({ state: {}, results: { out: tf.exp(x!) } }), { state: {}, feeds: { x: float(rows, 1) } });

  test('is refused with the largest batch that would', async () => {
    const batch = { size: 5000, trace: traceOf };
    const refusal = await demandMemory(executor, traceOf(5000), batch).catch((error: unknown) => error);
    expect(refusal).toMatchObject({
      headline: 'A step with a batch of 5,000 does not fit into memory.',
      detail: { facts: ['it takes at least 301 kB; GeForce has 100 kB', 'a batch of 1,769 will fit'], hint: 'Set batch to 1769 or less.' },
    });
  });

  test('is refused only where the least that it takes is not there', async () => {
    await demandMemory(executor, traceOf(2685));
    await expect(demandMemory(executor, traceOf(2686))).rejects.toThrow('does not fit');
  });

  test('has no batch to offer where the network alone is too large', async () => {
    const small = { ...executor, memory: () => 900 };
    await expect(demandMemory(small, traceOf(5000), { size: 5000, trace: traceOf })).rejects.toThrow(
      /no batch will fit[^]*smaller network/,
    );
  });

  test('is not refused where the executor does not know', async () => {
    const { needs: _, ...unknowing } = executor;
    await demandMemory(unknowing, traceOf(5000));
  });
});

const images = shapes(90);
const views = viewsOf({ gain: 0.2, noise: 0.02 });

describe('a training node tells the batch that fits', () => {
  const labels = images.labels!.data;
  const network: NetworkSpec = { architecture: 'small', channels: [8, 16], strides: [1, 2], input: [6, 6, 1], dimension: 8, normalise: { divide: 255, mean: [0], deviation: [1] } };
  const weights = initialise(network, random(1));
  const encoder: Encoder = { type: 'encoder', network, weights, curve: [], seen: 0 };
  const vectors = ndarray('float32', [90, 8], random(2).normal(720));
  const embeddings: Embeddings = { type: 'embeddings', vectors, normalised: false, of: 'projection' };
  const neighbours = pixelNeighbours(images, 5);
  const classifier: Classifier = {
    ...{ type: 'classifier', network, head: { on: 'projection', kind: 'cosine', clusters: 3, scale: 100 }, scores: [], curve: [], notes: [], warnings: [] },
    weights: { ...weights, ...Object.fromEntries(linearWeights({ name: 'head', from: 8, to: 3 }, random(2))) },
    clusters: 3,
    assigned: ndarray('int32', [90], labels),
    probabilities: ndarray('float32', [90, 3], Float32Array.from({ length: 270 }, (_, i) => (labels[Math.floor(i / 3)] === i % 3 ? 0.98 : 0.01))),
  };
  const batch = 90;

  test.each([
    ['pretext', (params: object) => runNode(pretext, { images, views }, { channels: [8, 16], strides: [1, 2], dimension: 8, epochs: 1, batch, ...params })],
    ['scan on vectors', (params: object) => runNode(scan, { images, views, encoder, embeddings, neighbours }, { clusters: 3, heads: 2, steps: 1, batch, ...params })],
    ['scan on images', (params: object) => runNode(scan, { images, views, encoder, embeddings, neighbours }, { clusters: 3, heads: 2, train: 'network', epochs: 1, batch: 45, ...params })],
    ['self-label, fixed', (params: object) => runNode(selfLabel, { images, views, classifier, neighbours }, { epochs: 1, batch, ...params })],
    ['self-label, moving', (params: object) => runNode(selfLabel, { images, views, classifier, neighbours }, { method: 'confidence', threshold: 0.5, epochs: 1, batch, ...params })],
  ])('%s', async (_, run) => {
    const refusal = async (free: number): Promise<string> => {
      vi.stubEnv('KITH_FREE_MEMORY', String(free));
      const error: unknown = await run({}).catch((refused: unknown) => refused);
      if (!isKithError(error)) throw error;
      return error.message;
    };
    const [, number, unit] = /^A step with a batch of \d+ does not fit into memory\.\nit takes at least ([\d.]+) ([kM])B; 1 B are free\nno batch will fit\n/.exec(await refusal(1))!;
    const least = Number(number) * (unit === 'k' ? 1e3 : 1e6);
    const fitting = Number(/a batch of (\d+) will fit/.exec(await refusal(0.9 * least))?.[1]);
    expect(fitting).toBeGreaterThan(2);
    await run({ batch: fitting });
  });
}); // prettier-ignore

describe('an embedding', () => {
  const network: NetworkSpec = { ...residual.spec, input: [6, 6, 1], normalise: { divide: 255, mean: [0], deviation: [1] } };
  const weights = initialise(network, random(1));
  const world = { device: 'onnx', threads: 1, signal: new AbortController().signal, progress: () => {} };

  test('that does not fit is refused before it starts', async () => {
    vi.stubEnv('KITH_FREE_MEMORY', '100000');
    await expect(embedImages(images, network, weights, 'projection', world)).rejects.toThrow(
      /^A step does not fit into memory\.\nit takes at least \d+ kB; 100 kB are free/,
    );
  });

  test('takes as many rows as what lies between operations has room for, whatever is free', () => {
    vi.stubEnv('KITH_FREE_MEMORY', '1');
    const step: Step = (_, { x }) => ({ state: {}, results: { out: tf.sum(tf.transpose(x!)) } });
    const signatures = { state: {}, feeds: { x: float(256, 100) } };
    expect([1e6, 102_400, 102_399, 25_600, 400, 1].map((room) => rowsWithin(room, step, signatures, 256))).toEqual([
      256, 256, 128, 64, 1, 1,
    ]);
  });
});

/** Bytes of the process at its height since it was reset; Linux tells. */
const peak = (): number => Number(/VmHWM:\s+(\d+) kB/.exec(readFileSync('/proc/self/status', 'utf8'))![1]) * 1024;
const resetPeak = (): void => writeFileSync('/proc/self/clear_refs', '5');

const resnet: Network = {
  spec: { architecture: 'resnet', channels: [16, 32, 64, 128], blocks: [1, 1, 1, 1], input: [32, 32, 3], dimension: 128, normalise: { divide: 255, mean: [0, 0, 0], deviation: [1, 1, 1] } },
  views: 128,
}; // prettier-ignore

/** What measuring a process adds or hides: a session of its own, pages that were free before. */
const NOISE = 64e6;

describe.skipIf(process.platform !== 'linux')('what steps take (skipped where the system does not tell peaks)', () => {
  const between = async (executor: Executor, step: Step, state: Arrays, feeds: Arrays): Promise<void> => {
    const trace = traceStep(step, { state: signaturesOf(state), feeds: signaturesOf(feeds) });
    const told = await executor.needs!(trace);
    const before = process.memoryUsage.rss();
    resetPeak();
    const program = await executor.compile(trace, { threads: 2 });
    await program.write(state);
    for (let count = 0; count < 2; count++) await program.run(feeds);
    const taken = peak() - before;
    await program.dispose();
    expect(told.least).toBeGreaterThan(NOISE);
    expect(taken).toBeGreaterThan(told.least - NOISE);
    expect(taken).toBeLessThan(told.most + NOISE);
  };

  test.each(COMPILED)('in training on $name: between what is told at least and at most', { timeout: 60_000 }, async ({ executor }) => {
    const it = setup(resnet, sgd());
    await between(executor, it.step, it.state, it.feeds(1));
  });

  test.each(COMPILED)('in inference on $name: between what is told at least and at most', { timeout: 60_000 }, async ({ executor }) => {
    const step: Step = (state, { pixels }) => {
      const { projection } = forward(resnet.spec, state, pixels as tf.Tensor4D, { training: false });
      return { state, results: { projection } };
    };
    const images = 2048;
    const pixels = ndarray('float32', [images, 32, 32, 3], new Float32Array(images * 3072).fill(0.5));
    await between(executor, step, initialise(resnet.spec, random(0)), { pixels });
  });
});
