// How state lies in a program's tensors: as in tfjs, or, of filters, in the order of the blocked kernels.
import { type NdArray, ndarray } from '../../../cache/array.ts';
import type { Signature } from '../executor.ts';
import type { Numbers } from './library.ts';
import { filterOrder, type Permutation, type Shape4 } from './values.ts';

/** One array of state: its names in the model, its shape there, and its shape in tfjs. */
export interface Slot {
  readonly name: string;
  readonly input: string;
  readonly output: string;
  readonly signature: Signature;
  readonly shape: readonly number[];
  /** Of a filter that lies in blocks of this many channels. */
  readonly block?: number;
}

const sizeOf = (shape: readonly number[]): number => shape.reduce((product, side) => product * side, 1);

const ARRAY = { float32: Float32Array, int32: Int32Array, bool: Uint8Array, uint8: Uint8Array } as const;

/** Numbers for a tensor, all zero. */
export const numbersOf = ({ shape, dtype }: Signature): Numbers => new ARRAY[dtype](sizeOf(shape));

/** Writes the array of a slot into its tensor. */
export function fill({ name, shape, block }: Slot, arrays: { readonly [name: string]: NdArray }, tensor: Numbers): void {
  const data = arrays[name]!.data as Numbers;
  if (block === undefined) tensor.set(data);
  else permute(data, filterOrder(shape as unknown as Shape4, block), tensor);
}

/** The array in the tensor of a slot, copied. */
export function empty({ shape, signature: { dtype }, block }: Slot, tensor: Numbers): NdArray {
  const data = tensor.slice();
  if (block !== undefined) permute(tensor, inverse(filterOrder(shape as unknown as Shape4, block)), data);
  return ndarray((dtype === 'bool' ? 'uint8' : dtype) as 'float32', shape, data as Float32Array);
}

const inverse = ({ sides, there, back }: Permutation): Permutation => ({
  sides: there.map((axis) => sides[axis]!),
  there: back,
  back: there,
});

/** Numbers with their axes in another order. */
function permute(from: Numbers, { sides, there }: Permutation, to: Numbers): void {
  const strides = sides.map((_, axis) => sizeOf(sides.slice(axis + 1)));
  let at = 0;
  const walk = (depth: number, start: number): void => {
    const axis = there[depth]!;
    const [length, stride] = [sides[axis]!, strides[axis]!];
    if (depth === there.length - 1) for (let i = 0; i < length; i++) to[at++] = from[start + i * stride]!;
    else for (let i = 0; i < length; i++) walk(depth + 1, start + i * stride);
  };
  walk(0, 0);
}
