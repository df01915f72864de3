// CIFAR-10 in its binary form: https://www.cs.toronto.edu/~kriz/cifar.html. Rows of 3,073 bytes: the class, then 32×32 red, green, blue planes.
import { join } from 'node:path';
import { z } from 'zod';
import { ndarray } from '../../cache/array.ts';
import { defineNode } from '../../engine/define-node.ts';
import { KithError } from '../../engine/errors.ts';
import type { Images } from '../artifacts.ts';
import { evenSample } from './even-sample.ts';
import { readData } from './read-file.ts';
import { plural, summariseImages } from './summary.ts';

const SIDE = 32;
const PLANE = SIDE * SIDE;
const ROW = 1 + 3 * PLANE;
const CLASSES = ['airplane', 'automobile', 'bird', 'cat', 'deer', 'dog', 'frog', 'horse', 'ship', 'truck'];
const FILES = {
  train: ['data_batch_1.bin', 'data_batch_2.bin', 'data_batch_3.bin', 'data_batch_4.bin', 'data_batch_5.bin'],
  test: ['test_batch.bin'],
};
const HINT =
  'Download "CIFAR-10 binary version" from https://www.cs.toronto.edu/~kriz/cifar.html, unpack it and give the folder with the .bin files as path.';

/** Reads CIFAR-10's binary files: 50,000 training or 10,000 test images of 32×32 in colour, with labels. */
export const cifar10 = defineNode({
  kind: 'cifar10',
  inputs: {},
  params: z.object({
    path: z.string().min(1).default('data/cifar-10-batches-bin').describe('folder with data_batch_1.bin … test_batch.bin'),
    split: z.enum(['train', 'test']).default('train').describe('which images'),
    limit: z.int().min(1).optional().describe('at most so many images, evenly of each class'),
  }),
  files: (params) => filesOf(params),
  run: async ({ params, path, progress, signal }): Promise<Images> => {
    const files = filesOf(params);
    const batches: Buffer[] = [];
    for (const file of files) {
      signal.throwIfAborted();
      batches.push(checked(await readData(path(file), HINT), file));
      progress({ done: batches.length, total: files.length, unit: 'file' });
    }
    return decode(batches, params.limit);
  },
  summarise: summariseImages,
});

const filesOf = ({ path, split }: { readonly path: string; readonly split: 'train' | 'test' }): string[] =>
  FILES[split].map((file) => join(path, file));

function checked(bytes: Buffer, file: string): Buffer {
  if (bytes.length === 0 || bytes.length % ROW !== 0) {
    const whole = plural(Math.floor(bytes.length / ROW), 'image', 'images');
    throw new KithError(`${file} is not a whole CIFAR-10 file.`, {
      facts: [`It has ${bytes.length.toLocaleString('en')} bytes: ${whole} of 3,073 bytes and ${bytes.length % ROW} bytes over.`],
      hint: `The official files have 30,730,000 bytes each. ${HINT}`,
    });
  }
  for (let at = 0; at < bytes.length; at += ROW) {
    if (bytes[at]! >= CLASSES.length) {
      throw new KithError(`${file} is not a CIFAR-10 file.`, {
        facts: [`Image ${at / ROW} has the class ${bytes[at]}; classes are 0–9.`],
        hint: HINT,
      });
    }
  }
  return bytes;
}

function decode(batches: readonly Buffer[], limit: number | undefined): Images {
  const rows = batches.flatMap((bytes) =>
    Array.from({ length: bytes.length / ROW }, (_, row) => bytes.subarray(row * ROW, (row + 1) * ROW)),
  );
  const all = rows.map((row) => row[0]!);
  const chosen = limit === undefined ? [...rows.keys()] : evenSample(all, limit);
  const pixels = new Uint8Array(chosen.length * 3 * PLANE);
  chosen.forEach((row, i) => interleave(rows[row]!, pixels, i * 3 * PLANE));
  return {
    type: 'images',
    pixels: ndarray('uint8', [chosen.length, SIDE, SIDE, 3], pixels),
    labels: ndarray(
      'int32',
      [chosen.length],
      Int32Array.from(chosen, (row) => all[row]!),
    ),
    classes: CLASSES,
    names: chosen.map(String),
    unread: [],
  };
}

/** Planes of red, green and blue after the class byte → one pixel after the other. */
function interleave(row: Uint8Array, pixels: Uint8Array, at: number): void {
  for (let p = 0; p < PLANE; p++) {
    for (let channel = 0; channel < 3; channel++) pixels[at + 3 * p + channel] = row[1 + channel * PLANE + p]!;
  }
}
