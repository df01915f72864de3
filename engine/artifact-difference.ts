// Where two artifacts differ, and by how much: array by array, field by field.
import type { Artifact, NdArray } from '../cache/array.ts';
import { describeArtifact, type Described } from '../cache/artifact.ts';
import { canonical } from '../cache/digest.ts';

/** A field in which two artifacts differ. */
export interface FieldDifference {
  /** As in `weights.conv1/kernel`. */
  readonly field: string;
  /** Elements that differ, of how many; absent where the field is plain data, or is not the same kind of thing in both. */
  readonly elements?: { readonly differ: number; readonly of: number };
  /** The greatest |a − b| among elements that are numbers in both. */
  readonly greatest?: number;
  /** The greatest |a − b| / max(|a|, |b|) among them. */
  readonly relative?: number;
  /** What else is to be said: other shapes, other values, a field that only one of them has. */
  readonly text?: string;
}

/** The fields of `a` and `b` that are not the same to the last bit, in canonical order. */
export function differencesBetween(a: Artifact, b: Artifact): FieldDifference[] {
  const [before, after] = [byPath(a), byPath(b)];
  return [...new Set([...before.keys(), ...after.keys()])].sort().flatMap((field): FieldDifference[] => {
    const [old, now] = [before.get(field), after.get(field)];
    if (!old || !now) return [{ field, text: old ? 'is gone' : 'is new' }];
    if ('array' in old && 'array' in now) return betweenArrays(field, old.array, now.array);
    const [was, is] = [shown(old), shown(now)];
    return was === is ? [] : [{ field, text: `${shorten(was)} → ${shorten(is)}` }];
  });
}

const byPath = (artifact: Artifact): Map<string, Described> => new Map(describeArtifact(artifact).map((each) => [each.path, each]));

const shown = (described: Described): string =>
  'array' in described ? `${described.array.dtype}[${described.array.shape.join(', ')}]` : canonical(described.plain);

const shorten = (text: string): string => (text.length > 60 ? `${text.slice(0, 59)}…` : text);

/** Bits count, not values: NaN is the same as itself, and 0 is not −0. */
function betweenArrays(field: string, a: NdArray, b: NdArray): FieldDifference[] {
  const [was, is] = [a, b].map(({ dtype, shape }) => `${dtype}[${shape.join(', ')}]`);
  if (was !== is) return [{ field, text: `${was} → ${is}` }];
  let [differ, greatest, relative] = [0, 0, 0];
  for (let at = 0; at < a.data.length; at += 1) {
    const [x, y] = [a.data[at]!, b.data[at]!];
    if (Object.is(x, y)) continue;
    differ += 1;
    const distance = Math.abs(x - y);
    if (!(distance <= Infinity)) continue; // One of them is no number.
    greatest = Math.max(greatest, distance);
    if (distance > 0 && Number.isFinite(distance)) relative = Math.max(relative, distance / Math.max(Math.abs(x), Math.abs(y)));
  }
  return differ === 0 ? [] : [{ field, elements: { differ, of: a.data.length }, greatest, relative }];
}
