// How state lies in a program's tensors: several arrays may share one, and filters may lie in the order of the blocked kernels.
import { type NdArray, ndarray } from '../../../cache/array.ts';
import type { Signature } from '../executor.ts';
import { filterOrder, type Permutation, type Shape4 } from './values.ts';

/** One tensor of state: its names in the model, its shape there, and the arrays in it, one after the other. */
export interface Slot {
  readonly input: string;
  readonly output: string;
  readonly signature: Signature;
  readonly parts: readonly Part[];
}

export interface Part {
  readonly name: string;
  /** In tfjs' order. */
  readonly shape: readonly number[];
  /** Of a filter that lies in blocks of this many channels. */
  readonly block?: number;
}

type Data = NdArray['data'];

const sizeOf = (shape: readonly number[]): number => shape.reduce((product, side) => product * side, 1);

/** The numbers of a slot from arrays by name: a copy. */
export function fill({ parts, signature }: Slot, arrays: { readonly [name: string]: NdArray }): Data {
  const whole = new (arrays[parts[0]!.name]!.data.constructor as new (length: number) => Data)(sizeOf(signature.shape));
  let at = 0;
  for (const { name, shape, block } of parts) {
    const { data } = arrays[name]!;
    whole.set((block === undefined ? data : permuted(data, filterOrder(shape as unknown as Shape4, block))) as never, at);
    at += data.length;
  }
  return whole;
}

/** The arrays in a slot, copied. */
export function empty({ parts, signature }: Slot, whole: Data): [string, NdArray][] {
  let at = 0;
  return parts.map(({ name, shape, block }) => {
    const data = whole.slice(at, (at += sizeOf(shape)));
    const own = block === undefined ? data : permuted(data, inverse(filterOrder(shape as unknown as Shape4, block)));
    return [name, ndarray((signature.dtype === 'bool' ? 'uint8' : signature.dtype) as 'float32', shape, own as Float32Array)];
  });
}

const inverse = ({ sides, there, back }: Permutation): Permutation => ({
  sides: there.map((axis) => sides[axis]!),
  there: back,
  back: there,
});

/** The numbers of an array with its axes in another order. */
function permuted(data: Data, { sides, there }: Permutation): Data {
  const strides = sides.map((_, axis) => sizeOf(sides.slice(axis + 1)));
  const made = data.slice();
  let at = 0;
  const walk = (depth: number, from: number): void => {
    if (depth === there.length) {
      made[at++] = data[from]!;
      return;
    }
    const axis = there[depth]!;
    for (let i = 0; i < sides[axis]!; i++) walk(depth + 1, from + i * strides[axis]!);
  };
  walk(0, 0);
  return made;
}
