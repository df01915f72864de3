// One line of figures for an array, enough to see that it is not empty, constant or broken.
import type { NdArray, Plain } from '../../cache/array.ts';
import type { Described } from '../../cache/artifact.ts';
import { truncate } from './width.ts';

/** An artifact's field for people and for `--json`. */
export interface FieldFacts {
  readonly field: string;
  readonly dtype: string;
  readonly shape: string;
  readonly values: string;
}

/** Dtype, shape and statistics of an array; plain data as itself, cut short. */
export function fieldFacts(described: Described): FieldFacts {
  const field = described.path;
  if (!('array' in described)) return { field, dtype: 'plain', shape: '', values: shorten(described.plain) };
  const { dtype, shape } = described.array;
  return { field, dtype, shape: `[${shape.join(', ')}]`, values: statistics(described.array) };
}

function statistics({ data }: NdArray): string {
  if (data.length === 0) return 'empty';
  if (data.length === 1) return figure(data[0]!);
  let [least, greatest, sum, squares, broken] = [Infinity, -Infinity, 0, 0, 0];
  for (const value of data) {
    if (!Number.isFinite(value)) {
      broken += 1;
      continue;
    }
    if (value < least) least = value;
    if (value > greatest) greatest = value;
    sum += value;
    squares += value * value;
  }
  const count = data.length - broken;
  const mean = sum / count;
  const deviation = Math.sqrt(Math.max(0, squares / count - mean * mean));
  return `${figure(least)} … ${figure(greatest)}, mean ${figure(mean)} ± ${figure(deviation)}${broken > 0 ? `, ${broken} not finite` : ''}`;
}

const figure = (value: number): string => (Number.isInteger(value) ? String(value) : String(Number(value.toPrecision(4))));

const shorten = (plain: Plain): string => truncate(JSON.stringify(plain), 80);
