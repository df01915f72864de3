// The 1,797 handwritten digits that come with this package (examples/data/README.md), or a file of the same format.
import { gunzipSync } from 'node:zlib';
import { z } from 'zod';
import { ndarray } from '../../cache/array.ts';
import { defineNode } from '../../engine/define-node.ts';
import { KithError } from '../../engine/errors.ts';
import type { Images } from '../artifacts.ts';
import { readData } from './read-file.ts';
import { summariseImages } from './summary.ts';

const SIDE = 8;
const PIXELS = SIDE * SIDE;
const INK = 16;
const HINT = 'The file that comes with Kith is kith:examples/data/digits.csv.gz; if it was damaged, install Kith again.';

/** Reads 8×8 digits from gzipped text: 64 values 0–16 and the digit a line. Pixels are round(v · 255 / 16), which loses nothing. */
export const digits = defineNode({
  kind: 'digits',
  inputs: {},
  params: z.object({
    path: z.string().min(1).default('kith:examples/data/digits.csv.gz').describe('gzipped text, 65 integers a line'),
  }),
  files: ({ path }) => [path],
  run: async ({ params, path }): Promise<Images> => parse(unzip(await readData(path(params.path), HINT), params.path), params.path),
  summarise: summariseImages,
});

function unzip(bytes: Buffer, path: string): string {
  try {
    return gunzipSync(bytes).toString('latin1');
  } catch (error) {
    const { code, message } = error as NodeJS.ErrnoException;
    const what = code === 'Z_BUF_ERROR' ? 'ends too early' : 'is damaged or not gzipped';
    throw new KithError(`The digits in ${path} cannot be read: the file ${what}.`, {
      facts: [`${bytes.length} bytes. ${message}.`],
      hint: HINT,
    });
  }
}

function parse(text: string, path: string): Images {
  const lines = text.split(/\r?\n/);
  if (lines.at(-1) === '') lines.pop();
  if (lines.length === 0) throw new KithError(`There are no digits in ${path}.`, { hint: HINT });
  const pixels = new Uint8Array(lines.length * PIXELS);
  const labels = new Int32Array(lines.length);
  lines.forEach((line, i) => {
    const values = parseLine(line, i + 1, path);
    for (let p = 0; p < PIXELS; p++) pixels[i * PIXELS + p] = Math.round((values[p]! * 255) / INK);
    labels[i] = values[PIXELS]!;
  });
  return {
    type: 'images',
    pixels: ndarray('uint8', [lines.length, SIDE, SIDE, 1], pixels),
    labels: ndarray('int32', [lines.length], labels),
    classes: ['0', '1', '2', '3', '4', '5', '6', '7', '8', '9'],
    names: lines.map((_, i) => String(i)),
    unread: [],
  };
}

function parseLine(line: string, number: number, path: string): readonly number[] {
  const cells = line.split(',');
  if (cells.length !== PIXELS + 1) throw wrong(path, `Line ${number} has ${cells.length} values, not ${PIXELS + 1}.`);
  return cells.map((cell, column) => {
    const value = Number(cell);
    const largest = column < PIXELS ? INK : 9;
    if (cell.trim() === '' || !Number.isInteger(value) || value < 0 || value > largest) {
      throw wrong(path, `Line ${number}, value ${column + 1}: "${cell.slice(0, 20)}" is not an integer of 0–${largest}.`);
    }
    return value;
  });
}

function wrong(path: string, fact: string): KithError {
  return new KithError(`${path} is not a file of digits.`, {
    facts: [fact],
    hint: `A line is 64 pixels of 0–16, then the digit, separated by commas. ${HINT}`,
  });
}
