// Arrays that a program is given, checked against what its step takes.
import { type NdArray, ndarray } from '../../../cache/array.ts';
import type { Signature } from '../executor.ts';

/** Booleans travel as uint8. */
export const dtypeOf = ({ dtype }: Signature): NdArray['dtype'] => (dtype === 'bool' ? 'uint8' : dtype);

/** The array, if it is one and fits; otherwise an Error with its name. */
export function check(name: string, array: NdArray | undefined, signature: Signature): NdArray {
  if (!array) throw new Error(`"${name}" is missing.`);
  if (array.dtype !== dtypeOf(signature) || String(array.shape) !== String(signature.shape)) {
    throw new Error(`"${name}" is ${array.dtype} [${array.shape}], not ${dtypeOf(signature)} [${signature.shape}].`);
  }
  return array;
}

export const copy = ({ dtype, shape, data }: NdArray): NdArray => ndarray(dtype, shape, data.slice());
