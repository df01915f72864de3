import * as tf from '@tensorflow/tfjs-core';
import { expect, test } from 'vitest';
import type { ViewPolicy } from '../../../nodes/artifacts.ts';
import type { Arrays } from '../../../nodes/tensor/executor.ts';
import { random } from '../../../nodes/training/random.ts';
import { drawAffine } from '../../../nodes/views/affine.ts';
import { drawColour } from '../../../nodes/views/colour.ts';
import { drawCrop } from '../../../nodes/views/crop.ts';
import { compose, maps, toTransforms } from '../../../nodes/views/geometry.ts';
import { applyView, drawViewParameters, type ImageShape, viewSignatures } from '../../../nodes/views/policy.ts';
import { handwriting, simclr } from '../../../nodes/views/presets.ts';
import { eagerly } from '../../reference/tensors.ts';
import { jitter, type Picture, warp } from '../../reference/views.ts';

const pictures = (count: number, [height, width, channels]: ImageShape): Picture[] => {
  const numbers = random(5)
    .split('pictures')
    .uniform(count * height * width * channels, 0.2, 0.8);
  return Array.from({ length: count }, (_, n) =>
    Array.from({ length: height }, (_, y) =>
      Array.from({ length: width }, (_, x) =>
        Array.from({ length: channels }, (_, c) => numbers[((n * height + y) * width + x) * channels + c]!),
      ),
    ),
  );
};

/** One image at a time, because the JS backend's kernel of tf.image.transform stops after the first image of a batch. */
const viewsOf = (policy: ViewPolicy, images: readonly Picture[], parameters: Arrays): Promise<Picture[]> =>
  eagerly(() => images.map((image, i) => applyView(policy, tf.tensor4d([image]), only(parameters, i)).arraySync()[0]!));

const only = (parameters: Arrays, image: number): { [name: string]: tf.Tensor } =>
  Object.fromEntries(
    Object.entries(parameters).map(
      ([
        name,
        {
          data,
          shape: [count, ...inner],
        },
      ]) => {
        const size = data.length / count!;
        return [name, tf.tensor(data.slice(image * size, (image + 1) * size) as Float32Array, [1, ...inner])];
      },
    ),
  );

const tensors = (parameters: Arrays): { [name: string]: tf.Tensor } =>
  Object.fromEntries(Object.entries(parameters).map(([name, { data, shape }]) => [name, tf.tensor(data as Float32Array, [...shape])]));

const difference = (a: unknown, b: unknown): number => {
  const [x, y] = [a, b].map((value) => (value as number[]).flat(Infinity) as number[]);
  return x!.length === y!.length ? Math.max(...x!.map((value, i) => Math.abs(value - y![i]!))) : Infinity;
};

const shape: ImageShape = [5, 7, 3];
const size = { height: 5, width: 7 };

test('a policy without steps returns the pixels and asks for no parameters', async () => {
  const images = pictures(2, shape);
  expect(viewSignatures({}, 2, shape)).toEqual({});
  expect(difference(await viewsOf({}, images, {}), images)).toBeLessThan(1e-6);
});

test('what is drawn has the announced shapes and depends on the stream alone', () => {
  const policy: ViewPolicy = { ...simclr(), ...handwriting(), gamma: 1, cutout: 3 };
  const drawn = drawViewParameters(policy, random(1), 4, shape);
  const signatures = viewSignatures(policy, 4, shape);
  expect(Object.fromEntries(Object.entries(drawn).map(([name, array]) => [name, { shape: array.shape, dtype: array.dtype }]))).toEqual(
    signatures,
  );
  expect(drawViewParameters(policy, random(1), 4, shape)).toEqual(drawn);
  expect(drawViewParameters(policy, random(2), 4, shape)).not.toEqual(drawn);
});

test('adding one step to a policy leaves the random numbers of the others as they are', () => {
  const alone = drawViewParameters({ gain: 0.3 }, random(1), 4, shape);
  expect(drawViewParameters({ gain: 0.3, noise: 0.1 }, random(1), 4, shape)['view/gain']).toEqual(alone['view/gain']);
});

test('a warp equals bilinear resampling by hand, zeros outside', async () => {
  const ranges = { rotate: 1, logScale: 0.3, logAspect: 0.3, shear: 0.4, shift: 0.4 };
  const images = pictures(3, shape);
  const policy = { affine: ranges };
  const views = await viewsOf(policy, images, drawViewParameters(policy, random(8), 3, shape));
  const drawn = drawAffine(ranges, random(8).split('affine'), 3, size);
  const naive = images.map((image, i) => warp(image, [...drawn.subarray(i * 6, i * 6 + 6)]));
  expect(difference(views, naive)).toBeLessThan(1e-4);
});

test('a warp with ranges of zero changes nothing', async () => {
  const images = pictures(2, shape);
  const policy = { affine: { rotate: 0, logScale: 0, logAspect: 0, shear: 0, shift: 0 } };
  expect(difference(await viewsOf(policy, images, drawViewParameters(policy, random(1), 2, shape)), images)).toBeLessThan(1e-5);
});

test('a warp that does not turn, and a crop, are the same resampling by rows and columns, a whole batch at once', async () => {
  const images = pictures(4, shape);
  const batch = async (policy: ViewPolicy): Promise<Picture[]> => {
    const drawn = drawViewParameters(policy, random(8), 4, shape);
    return eagerly(() => applyView(policy, tf.tensor4d(images), tensors(drawn)).arraySync());
  };
  const ranges = { rotate: 0, logScale: 0.5, logAspect: 0.3, shear: 0, shift: 0.6 };
  const affine = drawAffine(ranges, random(8).split('affine'), 4, size);
  const warped = images.map((image, i) => warp(image, [...affine.subarray(i * 6, i * 6 + 6)]));
  expect(difference(await batch({ affine: ranges }), warped)).toBeLessThan(1e-5);
  const crop = drawCrop({ area: [0.2, 1] }, random(8).split('crop'), 4, size);
  const cropped = images.map((image, i) => warp(image, [...crop.subarray(i * 6, i * 6 + 6)], 'border'));
  expect(difference(await batch({ crop: { area: [0.2, 1] } }), cropped)).toBeLessThan(1e-5);
});

test('rotation, scale and shift turn a point about the centre of the image', () => {
  const drawn = drawAffine({ rotate: 0.5, logScale: 0, logAspect: 0, shear: 0, shift: 0 }, random(3), 50, size);
  for (let i = 0; i < 50; i++) {
    const [a, b, x, c, d, y] = drawn.subarray(i * 6, i * 6 + 6) as unknown as number[];
    expect(Math.hypot(a!, c!)).toBeCloseTo(1, 6);
    expect(a! * d! - b! * c!).toBeCloseTo(1, 6);
    expect([x, y]).toEqual([0, 0]);
    expect(Math.abs(Math.atan2(c!, a!))).toBeLessThanOrEqual(0.5);
  }
});

test('maps compose like functions, and a flip mirrors', async () => {
  const shifted = maps(1, () => [1, 0, 2, 0, 1, 0]);
  const mirrored = maps(1, () => [-1, 0, 0, 0, 1, 0]);
  expect([...compose(shifted, mirrored)]).toEqual([-1, 0, 2, 0, 1, 0]);
  expect([...compose(mirrored, shifted)]).toEqual([-1, 0, -2, 0, 1, 0]);
  expect([...toTransforms(mirrored, size)]).toEqual([-1, 0, 6, 0, 1, 0, 0, 0]);
  const images = pictures(2, shape);
  const views = await viewsOf({ flip: 1 }, images, drawViewParameters({ flip: 1 }, random(1), 2, shape));
  expect(
    difference(
      views,
      images.map((image) => image.map((row) => row.toReversed())),
    ),
  ).toBeLessThan(1e-5);
});

test('a flip of probability one half mirrors about half of the images', () => {
  const drawn = drawViewParameters({ flip: 0.5 }, random(1), 1000, shape)['view/transform']!.data;
  const mirrored = Array.from({ length: 1000 }, (_, i) => drawn[i * 8]!).filter((a) => a < 0).length;
  expect(mirrored).toBeGreaterThan(450);
  expect(mirrored).toBeLessThan(550);
});

test('crops lie inside the image, with the asked area and aspect ratio', () => {
  const drawn = drawCrop({ area: [0.2, 1] }, random(2), 500, { height: 32, width: 32 });
  const areas: number[] = [];
  for (let i = 0; i < 500; i++) {
    const [across, , x, , along, y] = drawn.subarray(i * 6, i * 6 + 6) as unknown as number[];
    expect(Math.abs(x!) + across! * 16).toBeLessThanOrEqual(16 + 1e-6);
    expect(Math.abs(y!) + along! * 16).toBeLessThanOrEqual(16 + 1e-6);
    expect(Math.abs(Math.log(across! / along!))).toBeLessThanOrEqual(Math.log(4 / 3) + 1e-6);
    areas.push(across! * along!);
  }
  expect(Math.min(...areas)).toBeGreaterThanOrEqual(0.2 - 1e-6);
  expect(Math.min(...areas)).toBeLessThan(0.25);
  expect(Math.max(...areas)).toBeGreaterThan(0.9);
});

test('a crop of a plain picture stays plain up to its border', async () => {
  const plain = pictures(1, shape).map((image) => image.map((row) => row.map(() => [0.5, 0.5, 0.5])));
  const policy = { crop: { area: [0.3, 0.6] as const } };
  expect(difference(await viewsOf(policy, plain, drawViewParameters(policy, random(4), 1, shape)), plain)).toBeLessThan(1e-6);
});

test('colour jitter equals brightness, contrast and saturation one after the other', async () => {
  const images = pictures(3, shape);
  const policy: ViewPolicy = { colour: { brightness: 0.2, contrast: 0.2, saturation: 0.2, hue: 0, chance: 1 } };
  const stream = random(6).split('colour');
  const factor = (name: string): Float32Array => stream.split(name).uniform(3, 0.8, 1.2);
  const [brightness, contrast, saturation] = [factor('brightness'), factor('contrast'), factor('saturation')];
  const views = await viewsOf(policy, images, drawViewParameters(policy, random(6), 3, shape));
  expect(
    difference(
      views,
      images.map((image, i) => jitter(image, brightness[i]!, contrast[i]!, saturation[i]!)),
    ),
  ).toBeLessThan(1e-5);
});

test('hue turns colours and leaves greys and brightness alone; a whole turn is none', () => {
  const { matrix } = drawColour({ colour: { brightness: 0, contrast: 0, saturation: 0, hue: 0.5, chance: 1 } }, random(7), 20, 3);
  for (let i = 0; i < 20; i++) {
    const to = (colour: readonly number[]): number[] =>
      [0, 1, 2].map((c) => colour.reduce((sum, x, from) => sum + x * matrix[i * 9 + from * 3 + c]!, 0));
    const brightness = ([r, g, b]: readonly number[]): number => 0.299 * r! + 0.587 * g! + 0.114 * b!;
    expect(difference(to([0.4, 0.4, 0.4]), [0.4, 0.4, 0.4])).toBeLessThan(1e-6);
    expect(brightness(to([0.9, 0.2, 0.1]))).toBeCloseTo(brightness([0.9, 0.2, 0.1]), 5);
  }
});

test('grey of probability 1 makes all channels the brightness', async () => {
  const images = pictures(2, shape);
  const [view] = await viewsOf({ grey: 1 }, images, drawViewParameters({ grey: 1 }, random(1), 2, shape));
  const [r, g, b] = images[0]![2]![3]!;
  const grey = 0.299 * r! + 0.587 * g! + 0.114 * b!;
  expect(difference(view![2]![3], [grey, grey, grey])).toBeLessThan(1e-5);
});

test('a jitter of one channel is brightness and contrast', async () => {
  const images = pictures(2, [4, 4, 1]);
  const policy: ViewPolicy = { colour: { brightness: 0.1, contrast: 0.3, saturation: 0.3, hue: 0.1, chance: 1 } };
  const stream = random(2).split('colour');
  const views = await viewsOf(policy, images, drawViewParameters(policy, random(2), 2, [4, 4, 1]));
  const naive = images.map((image, i) => {
    const [brightness, contrast] = [stream.split('brightness').uniform(2, 0.9, 1.1)[i]!, stream.split('contrast').uniform(2, 0.7, 1.3)[i]!];
    const mean = (brightness * image.flat(2).reduce((a, b) => a + b)) / 16;
    return image.map((row) => row.map(([x]) => [contrast * brightness * x! + (1 - contrast) * mean]));
  });
  expect(difference(views, naive)).toBeLessThan(1e-5);
});

test('gamma, gain and noise do what they say to each pixel', async () => {
  const images = pictures(2, shape);
  const policy: ViewPolicy = { gamma: 0.5, gain: 0.4, logGain: true, noise: 0.1 };
  const drawn = drawViewParameters(policy, random(9), 2, shape);
  const views = await viewsOf(policy, images, drawn);
  const naive = images.map((image, i) =>
    image.map((row, y) =>
      row.map((pixel, x) =>
        pixel.map(
          (v, c) =>
            v ** drawn['view/gamma']!.data[i]! * drawn['view/gain']!.data[i]! + drawn['view/noise']!.data[((i * 5 + y) * 7 + x) * 3 + c]!,
        ),
      ),
    ),
  );
  expect(difference(views, naive)).toBeLessThan(1e-5);
  const gains = drawViewParameters({ gain: 0.3 }, random(1), 1000, shape)['view/gain']!.data;
  expect(Math.min(...gains)).toBeGreaterThanOrEqual(0.7);
  expect(Math.max(...gains)).toBeLessThanOrEqual(1.3);
});

test('cutout fills one square with the mean and leaves the rest', async () => {
  const images = pictures(8, [9, 9, 1]);
  const policy = { cutout: 4 };
  const views = await viewsOf(policy, images, drawViewParameters(policy, random(3), 8, [9, 9, 1]));
  images.forEach((image, i) => {
    const mean = image.flat(2).reduce((a, b) => a + b) / 81;
    const changed = views[i]!.flat(2).filter((x, at) => Math.abs(x - image.flat(2)[at]!) > 1e-6);
    expect(changed.length).toBeGreaterThan(0);
    expect(changed.length).toBeLessThanOrEqual(16);
    for (const x of changed) expect(x).toBeCloseTo(mean, 5);
  });
});
