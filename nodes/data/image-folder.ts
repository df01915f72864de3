// Anybody's pictures: a folder of JPEG, PNG, WebP, GIF, TIFF or AVIF files, with or without class folders, of any size.
import { join } from 'node:path';
import pLimit from 'p-limit';
import { z } from 'zod';
import { ndarray } from '../../cache/array.ts';
import { defineNode } from '../../engine/define-node.ts';
import type { Progress } from '../../engine/events.ts';
import { KithError } from '../../engine/errors.ts';
import type { Images } from '../artifacts.ts';
import { decodeImage, type Shape } from './decode-image.ts';
import { evenSample } from './even-sample.ts';
import { findImages, subfolders } from './find-images.ts';
import { unreadable } from './read-file.ts';
import { plural, summariseImages } from './summary.ts';

/**
 * Reads a folder of images. With class folders (`photos/cat/1.jpg`) the first folder's name is the class. A file that cannot be decoded is listed
 * in `unread` and left out; only a folder without a readable image fails.
 */
export const imageFolder = defineNode({
  kind: 'image-folder',
  inputs: {},
  params: z.object({
    path: z.string().min(1).describe('folder with images or with a folder of images a class'),
    size: z.int().min(4).max(512).default(32).describe('side in pixels; images are scaled to cover the square and cut at the centre'),
    channels: z
      .union([z.literal(1), z.literal(3)])
      .default(3)
      .describe('1 grey, 3 colour'),
    labels: z
      .enum(['auto', 'folders', 'none'])
      .default('auto')
      .describe('auto: class folders where every image lies in one of at least two folders'),
    split: z
      .string()
      .min(1)
      .optional()
      .describe('subfolder to read, e.g. test; where a folder holds train and test, train is read by default'),
    limit: z.int().min(1).optional().describe('at most so many images, evenly of each class'),
  }),
  files: (params) => [declared(params)],
  run: async ({ params, path, progress, signal, threads, log }): Promise<Images> => {
    const folder = await chooseSplit(path(declared(params)), params, log);
    const found = await find(folder);
    const chosen = choose(found.images, params, log);
    const decoded = await decodeAll(folder, chosen.names, params, { progress, signal, threads });
    const foreign = found.foreign.map((name) => `${name}: this format is not read; convert it to PNG or JPEG.`);
    return collect(chosen, decoded, foreign, params, folder);
  },
  summarise: summariseImages,
});

interface Params extends Shape {
  readonly path: string;
  readonly labels: 'auto' | 'folders' | 'none';
  readonly split?: string | undefined;
  readonly limit?: number | undefined;
}

const HINT = 'Give the folder that holds the images, or the folder that holds one folder of images a class.';

const declared = ({ path, split }: Pick<Params, 'path' | 'split'>): string => (split === undefined ? path : join(path, split));

const SPLITS = new Set(['train', 'training', 'test', 'testing', 'val', 'valid', 'validation']);

/** The folder itself, or its training part where it is divided into such parts: test images are read only when asked for. */
async function chooseSplit(folder: string, { split }: Params, log: (line: string) => void): Promise<string> {
  const inside = await subfolders(folder).catch((error: unknown) => {
    throw unreadable(folder, error, HINT);
  });
  const train = inside.find((name) => name === 'train' || name === 'training');
  if (split !== undefined || train === undefined || inside.length < 2 || !inside.every((name) => SPLITS.has(name))) return folder;
  log(`${folder} is divided into ${inside.join(', ')}: reading ${train}. The param split chooses another.`);
  return join(folder, train);
}

async function find(folder: string): Promise<{ readonly images: readonly string[]; readonly foreign: readonly string[] }> {
  const found = await findImages(folder);
  if (found.images.length === 0) {
    throw new KithError(`There are no readable images in ${folder}.`, {
      facts: [
        `It holds ${plural(found.foreign.length, 'image of another format', 'images of other formats')} and ${plural(found.others, 'other file', 'other files')}.`,
      ],
      hint: `JPEG, PNG, WebP, GIF, TIFF and AVIF are read. ${HINT}`,
    });
  }
  return found;
}

interface Chosen {
  readonly names: readonly string[];
  /** Class of each name, absent without labels. */
  readonly labels?: readonly number[];
  readonly classes?: readonly string[];
}

/** Finds the classes and takes the sample. */
function choose(names: readonly string[], { labels, limit }: Params, log: (line: string) => void): Chosen {
  const folders = labels === 'none' ? undefined : classFolders(names, labels, log);
  const classes = folders && [...new Set(folders)];
  const groups = folders ? folders.map((name) => classes!.indexOf(name)) : names.map(() => 0);
  const kept = limit === undefined ? [...names.keys()] : evenSample(groups, limit);
  const chosen = kept.map((i) => names[i]!);
  return classes ? { names: chosen, classes, labels: kept.map((i) => groups[i]!) } : { names: chosen };
}

/** The first folder of each path; undefined where `auto` finds that the folders are no classes. Throws where `folders` was asked for. */
function classFolders(names: readonly string[], labels: 'auto' | 'folders', log: (line: string) => void): readonly string[] | undefined {
  const loose = names.filter((name) => !name.includes('/'));
  const folders = names.map((name) => name.slice(0, name.indexOf('/')));
  if (loose.length === 0 && (labels === 'folders' || new Set(folders).size > 1)) return folders;
  if (labels === 'folders') {
    throw new KithError('The images do not all lie in class folders.', {
      facts: [`${plural(loose.length, 'image lies', 'images lie')} outside, e.g. ${loose[0]}.`],
      hint: "Move them into the folders of their classes, or set labels to 'none'.",
    });
  }
  if (loose.length < names.length && loose.length > 0)
    log(`${plural(loose.length, 'image lies', 'images lie')} outside of folders: reading without labels.`);
  return undefined;
}

interface Surroundings {
  readonly progress: (progress: Progress) => void;
  readonly signal: AbortSignal;
  readonly threads: number;
}

/** Pixels, or a sentence on what is wrong, for each name. */
async function decodeAll(
  folder: string,
  names: readonly string[],
  shape: Shape,
  { progress, signal, threads }: Surroundings,
): Promise<readonly (Uint8Array | string)[]> {
  checkMemory(names.length, shape);
  const { default: sharp } = await import('sharp');
  const limit = pLimit(2 * threads);
  const step = Math.max(1, Math.floor(names.length / 100));
  let done = 0;
  const decode = async (name: string): Promise<Uint8Array | string> => {
    signal.throwIfAborted();
    const outcome = await decodeImage(sharp, join(folder, name), shape).catch((error: Error) => `${name}: ${sentence(error.message)}`);
    done++;
    if (done % step === 0 || done === names.length) progress({ done, total: names.length, unit: 'image' });
    return outcome;
  };
  return Promise.all(names.map((name) => limit(decode, name)));
}

/** The first line of a decoder's message without the path, which the reader is told anyway. */
function sentence(message: string): string {
  const line = message
    .split('\n')[0]!
    .replace(/^Input file (has|is)/, '$1')
    .replace(/^Input file/, 'it')
    .trim();
  return /[.!?]$/.test(line) ? line : `${line}.`;
}

/** More than a typed array should hold. */
const MOST_BYTES = 2 ** 32;

function checkMemory(count: number, { size, channels }: Shape): void {
  const bytes = count * size * size * channels;
  if (bytes <= MOST_BYTES) return;
  throw new KithError(`${plural(count, 'image', 'images')} of ${size}×${size} do not fit in memory.`, {
    facts: [`They take ${(bytes / 2 ** 30).toFixed(1)} GiB; at most 4 GiB are read.`],
    hint: 'Lower the param size, or set limit.',
  });
}

function collect(
  { names, labels, classes }: Chosen,
  decoded: readonly (Uint8Array | string)[],
  foreign: readonly string[],
  { size, channels }: Shape,
  folder: string,
): Images {
  const kept = [...decoded.keys()].filter((i) => typeof decoded[i] !== 'string');
  const unread = [...decoded.filter((outcome) => typeof outcome === 'string'), ...foreign];
  if (kept.length === 0) {
    throw new KithError(`None of the ${plural(names.length, 'image', 'images')} in ${folder} can be read.`, {
      facts: unread.slice(0, 5),
      hint: HINT,
    });
  }
  const bytes = size * size * channels;
  const pixels = new Uint8Array(kept.length * bytes);
  kept.forEach((i, at) => pixels.set(decoded[i] as Uint8Array, at * bytes));
  return {
    type: 'images',
    pixels: ndarray('uint8', [kept.length, size, size, channels], pixels),
    ...(labels && classes
      ? {
          labels: ndarray(
            'int32',
            [kept.length],
            Int32Array.from(kept, (i) => labels[i]!),
          ),
          classes,
        }
      : {}),
    names: kept.map((i) => names[i]!),
    unread,
  };
}
