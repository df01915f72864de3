// The nearest neighbours of each image in the embedding: SCAN's only source of truth. Exact, mined once.
import { z } from 'zod';
import { ndarray } from '../cache/array.ts';
import { defineNode, input, optionalInput, type ShownFile } from '../engine/define-node.ts';
import { KithError } from '../engine/errors.ts';
import type { Embeddings, Images, Neighbours } from './artifacts.ts';
import { searchNeighbours } from './clustering/neighbours.ts';
import { pause } from './clustering/pause.ts';
import { neighbourPurity } from './metrics/purity.ts';
import { imageGrid } from './pictures/image-grid.ts';

/**
 * The k nearest images of each by cosine: [N, k+1], itself first, ties by index. With labelled `images` the purity of the neighbours is reported;
 * the labels change nothing else.
 */
export const mineNeighbours = defineNode({
  kind: 'mine-neighbours',
  inputs: { embeddings: input<Embeddings>(), images: optionalInput<Images>() },
  params: z.object({ k: z.int().min(1).max(10_000).default(10).describe('neighbours of each image, itself not counted') }),
  run: async ({ inputs: { embeddings, images }, params: { k }, signal, progress }): Promise<Neighbours> => {
    const [count = 0, dimension = 0] = embeddings.vectors.shape;
    checkInputs(count, k, images);
    const indices = await search(embeddings.vectors.data, count, dimension, k, (share) => {
      progress({ done: Math.floor(share * count), total: count, unit: 'image' });
      return pause(signal);
    });
    const purity = images?.labels && neighbourPurity(indices, k + 1, images.labels.data);
    return { type: 'neighbours', indices: ndarray('int32', [count, k + 1], indices), ...(purity === undefined ? {} : { purity }) };
  },
  summarise: ({ indices, purity }) => {
    const [count = 0, width = 1] = indices.shape;
    const line = `${width - 1} neighbours of ${count.toLocaleString('en')} images`;
    if (purity === undefined) return { line };
    return { line: `${line}, ${(100 * purity).toFixed(1)} % of the same class`, metrics: { purity } };
  },
  metrics: { purity: { goal: 'max', labels: true } },
  draw: async (neighbours, { images }) => (images ? [await drawExamples(neighbours, images)] : []),
});

function checkInputs(count: number, k: number, images: Images | undefined): void {
  if (k >= count) {
    throw new KithError(`${count} images do not have ${k} neighbours each.`, {
      hint: `Set k to at most ${Math.max(1, count - 1)}; 10 is usual.`,
    });
  }
  if (images && images.pixels.shape[0] !== count) {
    throw new KithError('The images are not those of the embeddings.', {
      facts: [`${images.pixels.shape[0]} images, ${count} embeddings.`],
      hint: 'Pass the same images to embed and to mineNeighbours.',
    });
  }
}

/** Pair blocks between two reports. */
const BLOCKS = 16;

/** The search, which `report`s and pauses now and then. */
async function search(
  vectors: Float32Array,
  count: number,
  dimension: number,
  k: number,
  report: (share: number) => Promise<void>,
): Promise<Int32Array> {
  const steps = searchNeighbours(vectors, count, dimension, k);
  for (let block = 1; ; block++) {
    const step = steps.next();
    if (step.done) return step.value;
    if (block % BLOCKS === 0) await report(step.value);
  }
}

/** Sixteen images, one a row, each followed by its nearest ten. */
async function drawExamples({ indices }: Neighbours, images: Images): Promise<ShownFile> {
  const [count = 0, width = 1] = indices.shape;
  const columns = Math.min(width, 11);
  const rows = Math.min(16, count);
  const shown = Array.from({ length: rows }, (_, row) => {
    const image = Math.floor((row * count) / rows);
    return [...indices.data.subarray(image * width, image * width + columns)];
  });
  return { name: 'neighbours', bytes: await imageGrid(images, shown.flat(), { columns, apart: true }) };
}
