// What a policy does to some images, as a picture: one image a row, plain first, then its views.
import * as tf from '@tensorflow/tfjs-core';
import { ndarray } from '../../cache/array.ts';
import type { RunContext } from '../../engine/define-node.ts';
import type { Images, ViewPolicy } from '../artifacts.ts';
import { imageGrid } from '../pictures/image-grid.ts';
import { compileStep } from '../tensor/program.ts';
import { gatherRows, imageShape } from '../training/batches.ts';
import { random } from '../training/random.ts';
import { applyView, drawViewParameters, viewSignatures } from './policy.ts';

/** Views beside each image. */
const VIEWS = 8;

/** PNG bytes: `rows` images that lie evenly in the set, each with eight views. */
export async function contactSheet(
  images: Images,
  policy: ViewPolicy,
  rows: number,
  { seed, device, threads }: Pick<RunContext, 'seed' | 'device' | 'threads'>,
): Promise<Uint8Array> {
  const count = images.pixels.shape[0]!;
  const shown = Array.from({ length: Math.min(rows, count) }, (_, row) => Math.floor((row * count) / Math.min(rows, count)));
  const shape = imageShape(images);
  const repeated = shown.flatMap((image) => Array.from({ length: VIEWS }, () => image));
  const feeds = {
    pixels: { shape: [repeated.length, ...shape], dtype: 'uint8' as const },
    ...viewSignatures(policy, repeated.length, shape),
  };
  const program = await compileStep(
    (state, { pixels, ...parameters }) => ({
      state,
      results: { views: applyView(policy, tf.div(tf.cast(pixels as tf.Tensor4D, 'float32'), 255), parameters) },
    }),
    { state: {}, feeds },
    { device, threads },
  );
  try {
    await program.write({});
    const drawn = drawViewParameters(policy, random(seed), repeated.length, shape);
    const { views } = await program.run({ pixels: gatherRows(images.pixels, repeated), ...drawn });
    return await drawRows(gatherRows(images.pixels, shown).data, views!.data as Float32Array, shown.length, shape);
  } finally {
    await program.dispose();
  }
}

/** plain: [rows, H, W, C] in 0–255; views: [rows · VIEWS, H, W, C] in 0–1. */
function drawRows(plain: Uint8Array, views: Float32Array, rows: number, shape: readonly number[]): Promise<Uint8Array> {
  const size = plain.length / rows;
  const pixels = new Uint8ClampedArray(rows * (VIEWS + 1) * size);
  for (let row = 0; row < rows; row++) {
    pixels.set(plain.subarray(row * size, (row + 1) * size), row * (VIEWS + 1) * size);
    pixels.set(
      views.subarray(row * VIEWS * size, (row + 1) * VIEWS * size).map((x) => 255 * x),
      (row * (VIEWS + 1) + 1) * size,
    );
  }
  const cells = rows * (VIEWS + 1);
  const all: Images = { type: 'images', pixels: ndarray('uint8', [cells, ...shape], new Uint8Array(pixels.buffer)), names: [], unread: [] };
  return imageGrid(
    all,
    Array.from({ length: cells }, (_, cell) => cell),
    { columns: VIEWS + 1, apart: true },
  );
}
