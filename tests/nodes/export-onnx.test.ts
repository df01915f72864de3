// Exported models beside the nodes whose networks they hold, in ONNX Runtime as another program would use it.
import { execFileSync } from 'node:child_process';
import { existsSync, readFileSync, writeFileSync } from 'node:fs';
import { join, resolve } from 'node:path';
import * as ort from 'onnxruntime-node';
import { describe, expect, test } from 'vitest';
import { ndarray } from '../../cache/array.ts';
import type { Classifier, Encoder, HeadSpec, Images, NetworkSpec, OnnxModel } from '../../nodes/artifacts.ts';
import { embed } from '../../nodes/embed.ts';
import { exportOnnx } from '../../nodes/export-onnx.ts';
import { classifyImages } from '../../nodes/networks/infer.ts';
import { initialise } from '../../nodes/networks/network.ts';
import { random } from '../../nodes/training/random.ts';
import { temporaryFolder, testProject } from '../rig.ts';
import { runNode } from './run-node.ts';

const small: NetworkSpec = {
  architecture: 'small',
  channels: [8, 16],
  strides: [1, 2],
  input: [6, 6, 1],
  dimension: 8,
  normalise: { divide: 255, mean: [0], deviation: [1] },
};
const residual: NetworkSpec = {
  architecture: 'resnet',
  channels: [4, 8],
  blocks: [1, 1],
  input: [9, 7, 3],
  dimension: 5,
  normalise: { divide: 255, mean: [0.2, 0.4, 0.5], deviation: [0.3, 0.25, 0.2] },
};

/** Random weights, with statistics of batch norm that are not 0 and 1. */
function encoderOf(network: NetworkSpec): Encoder {
  const made = Object.entries(initialise(network, random(3))).map(([name, array]) => {
    if (!/(mean|variance|scale|offset)$/.test(name)) return [name, array] as const;
    return [name, ndarray('float32', array.shape, random(5).split(name).uniform(array.data.length, 0.2, 1.5))] as const;
  });
  return { type: 'encoder', network, weights: Object.fromEntries(made), curve: [1], seen: 1 };
}

function classifierOf(network: NetworkSpec, head: HeadSpec): Classifier {
  const width = head.on === 'projection' ? network.dimension : network.channels.at(-1)!;
  const weights = {
    ...encoderOf(network).weights,
    'head/weight': ndarray('float32', [width, head.clusters], random(8).normal(width * head.clusters)),
    'head/bias': ndarray('float32', [head.clusters], random(9).normal(head.clusters)),
  };
  const assigned = ndarray('int32', [0], new Int32Array());
  return { type: 'classifier', network, weights, head, clusters: head.clusters, assigned, scores: [], curve: [], notes: [], warnings: [] };
}

function pictures(count: number, { input }: NetworkSpec): Images {
  const size = input[0] * input[1] * input[2];
  const pixels = ndarray('uint8', [count, ...input], Uint8Array.from(random(count).integers(count * size, 256)));
  return { type: 'images', pixels, names: Array.from({ length: count }, (_, i) => `${i}`), unread: [] };
}

async function run({ model, inputs }: OnnxModel, { pixels }: Images): Promise<ort.InferenceSession.OnnxValueMapType> {
  const session = await ort.InferenceSession.create(model.data);
  const data = inputs[0]!.dtype === 'uint8' ? pixels.data : Float32Array.from(pixels.data);
  const results = await session.run({ pixels: new ort.Tensor(inputs[0]!.dtype, data as never, [...pixels.shape]) });
  await session.release();
  return results;
}

const farthest = (a: ArrayLike<number>, b: ArrayLike<number>): number =>
  Array.from(a).reduce((most, x, i) => Math.max(most, Math.abs(x - b[i]!)), a.length === b.length ? 0 : Infinity);

const world = { device: 'auto', threads: 1, signal: new AbortController().signal, progress: () => {} };

test.each([
  ['a small network', small],
  ['a residual one with normalised channels', residual],
])('the model of %s gives the vectors of embed, for any number of raw pictures as floats or bytes', async (_, network) => {
  const encoder = encoderOf(network);
  for (const pixels of ['float32', 'uint8'] as const) {
    const { artifact } = await runNode(exportOnnx, { encoder }, { pixels, outputs: ['embedding', 'features'] });
    expect(artifact.inputs).toEqual([{ name: 'pixels', dtype: pixels, shape: ['n', ...network.input] }]);
    expect(artifact.outputs.map(({ name, shape }) => [name, shape])).toEqual([
      ['embedding', ['n', network.dimension]],
      ['features', ['n', network.channels.at(-1)]],
    ]);
    for (const count of [1, 2, 5]) {
      const images = pictures(count, network);
      const made = await run(artifact, images);
      for (const [name, which] of [
        ['embedding', 'projection'],
        ['features', 'features'],
      ] as const) {
        const { vectors } = (await runNode(embed, { images, encoder }, { which })).artifact;
        expect(made[name]!.dims).toEqual(vectors.shape);
        expect(farthest(made[name]!.data as Float32Array, vectors.data)).toBeLessThan(1e-5);
      }
    }
  }
});

test.each([
  { on: 'projection', kind: 'cosine', clusters: 4, scale: 10 },
  { on: 'features', kind: 'linear', clusters: 3, scale: 1 },
] as const)('the model of a classifier with a $kind head on the $on gives its probabilities', async (head) => {
  const classifier = classifierOf(residual, head);
  const { artifact } = await runNode(exportOnnx, { classifier }, {});
  const images = pictures(3, residual);
  const { probabilities } = await run(artifact, images);
  expect(probabilities!.dims).toEqual([3, head.clusters]);
  const expected = await classifyImages(images, classifier.network, classifier.weights, head, world);
  expect(farthest(probabilities!.data as Float32Array, expected.data)).toBeLessThan(1e-5);
});

test('a fixed batch is part of the model', async () => {
  const { artifact } = await runNode(exportOnnx, { encoder: encoderOf(small) }, { batch: 4 });
  expect(artifact.inputs[0]!.shape).toEqual([4, 6, 6, 1]);
  expect((await run(artifact, pictures(4, small)))['embedding']!.dims).toEqual([4, 8]);
  await expect(run(artifact, pictures(3, small))).rejects.toThrow();
});

test('both inputs, none, and probabilities of an encoder are sentences', async () => {
  const encoder = encoderOf(small);
  const classifier = classifierOf(small, { on: 'projection', kind: 'cosine', clusters: 3, scale: 1 });
  await expect(runNode(exportOnnx, {}, {})).rejects.toMatchObject({ detail: { facts: ['Neither was given.'] } });
  await expect(runNode(exportOnnx, { encoder, classifier }, {})).rejects.toMatchObject({ detail: { facts: ['Both were given.'] } });
  await expect(runNode(exportOnnx, { encoder }, { outputs: ['probabilities'] })).rejects.toMatchObject({
    headline: 'An encoder has no probabilities.',
  });
});

test('kith show writes the model as a file', async () => {
  const project = testProject({
    'pipeline.ts': `
import { affine, augment, digits, exportOnnx, pipeline, pretext } from 'kith';
const images = digits();
const views = augment({ images }, affine({ rotate: 0.1 }));
const encoder = pretext({ images, views }, { channels: [2], strides: [2], dimension: 4, epochs: 1, batch: 1797 });
export default pipeline({ images, views, encoder, model: exportOnnx({ encoder }) });
`,
  });
  await project.events();
  const { stdout } = await project.kith('show', 'model', '--out', 'models');
  expect(stdout).toContain('file: models/model.onnx');
  const session = await ort.InferenceSession.create(readFileSync(join(project.folder, 'models', 'model.onnx')));
  expect(session.inputNames).toEqual(['pixels']);
  expect(session.outputNames).toEqual(['embedding']);
  await session.release();
});

const python = process.env['KITH_BENCH_PYTHON'] ?? resolve(import.meta.dirname, '..', '..', '.peers', 'bin', 'python');
const PROGRAM = `
import sys, numpy, onnxruntime
[model, pixels, shape, output, out] = sys.argv[1:]
pixels = numpy.fromfile(pixels, dtype=numpy.uint8).reshape([int(side) for side in shape.split(',')])
onnxruntime.InferenceSession(model).run([output], {'pixels': pixels})[0].astype(numpy.float32).tofile(out)
`;

function hasRuntime(): boolean {
  try {
    execFileSync(python, ['-c', 'import onnxruntime, numpy'], { stdio: 'ignore' });
    return true;
  } catch {
    return false;
  }
}

/** What Python's onnxruntime makes of raw bytes. */
function runInPython({ model }: OnnxModel, { pixels }: Images, output: string): Float32Array {
  const folder = temporaryFolder();
  const [file, bytes, out] = ['model.onnx', 'pixels', 'out'].map((name) => join(folder, name)) as [string, string, string];
  writeFileSync(file, model.data);
  writeFileSync(bytes, pixels.data);
  execFileSync(python, ['-c', PROGRAM, file, bytes, pixels.shape.join(), output, out]);
  const made = readFileSync(out);
  return new Float32Array(made.buffer, made.byteOffset, made.length / 4);
}

describe.skipIf(!existsSync(python) || !hasRuntime())(
  "Python's onnxruntime (skipped where the Python of .peers or KITH_BENCH_PYTHON has none)",
  () => {
    test('turns bytes into the vectors of an encoder', async () => {
      const [encoder, images] = [encoderOf(residual), pictures(6, residual)];
      const { artifact } = await runNode(exportOnnx, { encoder }, { pixels: 'uint8' });
      const { vectors } = (await runNode(embed, { images, encoder }, {})).artifact;
      expect(farthest(runInPython(artifact, images, 'embedding'), vectors.data)).toBeLessThan(1e-5);
    });

    test('turns bytes into the probabilities of a classifier', async () => {
      const classifier = classifierOf(residual, { on: 'features', kind: 'linear', clusters: 3, scale: 1 });
      const images = pictures(6, residual);
      const { artifact } = await runNode(exportOnnx, { classifier }, { pixels: 'uint8' });
      const expected = await classifyImages(images, classifier.network, classifier.weights, classifier.head, world);
      expect(farthest(runInPython(artifact, images, 'probabilities'), expected.data)).toBeLessThan(1e-5);
    });
  },
);
