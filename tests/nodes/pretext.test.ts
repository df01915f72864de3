import { expect, test } from 'vitest';
import type { Artifact } from '../../cache/array.ts';
import { isKithError } from '../../engine/errors.ts';
import { augment } from '../../nodes/augment.ts';
import type { Encoder } from '../../nodes/artifacts.ts';
import { embed } from '../../nodes/embed.ts';
import { pretext } from '../../nodes/pretext.ts';
import { runNode } from './run-node.ts';
import { shapes, viewsOf } from './shapes.ts';

const images = shapes(70);
const views = viewsOf({ gain: 0.3, noise: 0.05 });
const quick = { channels: [4, 8], strides: [1, 2], dimension: 8, epochs: 3, batch: 32, learningRate: 1e-2 };

const train = async (params = {}, seed = 1): Promise<Encoder> =>
  (await runNode(pretext, { images, views }, { ...quick, ...params }, { seed })).artifact;

test('SimCLR lowers its loss, reports every epoch with images a second, and drops what does not fill a batch', async () => {
  const { artifact, progress } = await runNode(pretext, { images, views }, { ...quick, epochs: 6 }, { seed: 1 });
  expect(artifact.curve).toHaveLength(6);
  expect(artifact.curve.at(-1)!).toBeLessThan(artifact.curve[0]!);
  expect(artifact.seen).toBe(6 * 2 * 2 * 32);
  expect(progress.map(({ done, total, unit }) => `${done}/${total} ${unit}`)).toEqual(
    [1, 2, 3, 4, 5, 6].map((epoch) => `${epoch}/6 epoch`),
  );
  expect(progress.at(-1)!.metrics).toEqual({ loss: artifact.curve.at(-1) });
  expect(progress.at(-1)!.throughput!.of).toBe('images');
});

test('the same seed gives the same bytes, another seed others', async () => {
  const [one, same, other] = [await train(), await train(), await train({}, 2)];
  expect(same).toEqual(one);
  expect(other.weights).not.toEqual(one.weights);
});

test('training that stopped after an epoch ends with the same bytes as undisturbed training', async () => {
  const controller = new AbortController();
  let saved: Artifact | undefined;
  const context = {
    inputs: { images, views },
    params: pretext.definition.params.parse(quick),
    seed: 1,
    device: 'auto',
    threads: 2,
    path: (declared: string) => declared,
    log: () => {},
    checkpoint: { load: async () => saved, save: async (state: Artifact) => void (saved = state) },
  };
  const stopped = pretext.definition.run({ ...context, signal: controller.signal, progress: () => controller.abort(new Error('stopped')) });
  await expect(stopped).rejects.toThrow('stopped');
  expect(saved).toBeDefined();
  expect(await pretext.definition.run({ ...context, signal: new AbortController().signal, progress: () => {} })).toEqual(await train());
});

test('running statistics are in the encoder and have moved', async () => {
  const { weights } = await train();
  expect(weights['layer1/variance']!.data.some((v) => v !== 1)).toBe(true);
  expect(weights['layer1/mean']!.data.some((m) => m !== 0)).toBe(true);
});

test('a residual network, SGD, the reference loss and normalised channels train too', async () => {
  const params = {
    architecture: 'resnet',
    channels: [4, 6],
    blocks: [1, 1],
    profile: 'reference',
    optimizer: 'sgd',
    learningRate: 0.05,
    schedule: 'constant',
    normalise: 'channels',
  } as const;
  const { curve, network } = await train(params);
  expect(curve.every(Number.isFinite)).toBe(true);
  expect(curve.at(-1)!).toBeLessThan(curve[0]!);
  expect(network.normalise.mean[0]).toBeGreaterThan(0);
});

test('vectors are unit projections or plain features, and do not depend on the batch they were computed in', async () => {
  const encoder = await train();
  const many = shapes(300, 3);
  const few = { ...many, pixels: { ...many.pixels, shape: [7, 6, 6, 1], data: many.pixels.data.slice(0, 7 * 36) } };
  const { artifact: all } = await runNode(embed, { images: many, encoder }, {});
  const { artifact: some } = await runNode(embed, { images: few, encoder }, {});
  expect(all.vectors.shape).toEqual([300, 8]);
  some.vectors.data.forEach((x, i) => expect(x).toBeCloseTo(all.vectors.data[i]!, 4));
  expect(Math.hypot(...some.vectors.data.subarray(0, 8))).toBeCloseTo(1, 5);
  const { artifact: features } = await runNode(embed, { images: few, encoder }, { which: 'features' });
  expect(features.vectors.shape).toEqual([7, 8]);
  expect(features.normalised).toBe(false);
});

test('images of another size, and lists that do not match, are sentences', async () => {
  const encoder = await train();
  const small = { ...images, pixels: { ...images.pixels, shape: [70, 4, 9, 1] } };
  const failures = [
    await runNode(embed, { images: small, encoder }, {}).catch((error: unknown) => error),
    await runNode(pretext, { images, views }, { channels: [4, 8], strides: [1] }).catch((error: unknown) => error),
  ];
  expect(failures.every(isKithError)).toBe(true);
  expect(String(failures[0])).toContain('4×9×1');
  expect(String(failures[1])).toContain('strides');
});

test('the contact sheet is a PNG with the plain image and eight views a row', async () => {
  const { default: sharp } = await import('sharp');
  const { artifact } = await runNode(augment, { images }, { affine: { rotate: 0.3 }, noise: 0.1, samples: 3 });
  const { width, height, format } = await sharp(Buffer.from(artifact.sheet.data)).metadata();
  expect(format).toBe('png');
  expect(width! / height!).toBeGreaterThan(2.5);
  expect(artifact.policy).toEqual({ affine: { rotate: 0.3, logScale: 0, logAspect: 0, shear: 0, shift: 0 }, noise: 0.1 });
  const again = await runNode(augment, { images }, { affine: { rotate: 0.3 }, noise: 0.1, samples: 3 });
  expect(again.artifact).toEqual(artifact);
});

test('a policy out of range is refused with the name of the field', () => {
  const { params } = augment.definition;
  expect(params.safeParse({ flip: 2 }).error!.issues[0]!.path).toEqual(['flip']);
  expect(params.safeParse({ crop: { area: [0.9, 0.1] } }).success).toBe(false);
  expect(params.safeParse({}).success).toBe(true);
});
