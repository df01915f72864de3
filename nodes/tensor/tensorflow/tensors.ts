// Arrays in and out of TensorFlow's memory: copied, so that neither side sees the other's later changes.
import koffi from 'koffi';
import { type NdArray, ndarray } from '../../../cache/array.ts';
import type { Signature } from '../executor.ts';
import { elementOf, TYPE } from './graph.ts';
import type { Pointer, Tensorflow } from './library.ts';

/** Booleans travel as uint8. */
const dtypeOf = ({ dtype }: Signature): NdArray['dtype'] => (dtype === 'bool' ? 'uint8' : dtype);

/** A new tensor with an array's numbers, which the caller deletes. An array of another shape or dtype is an Error. */
export function toTensor(tensorflow: Tensorflow, name: string, array: NdArray | undefined, signature: Signature): Pointer {
  const data = check(name, array, signature);
  const tensor = tensorflow.AllocateTensor(TYPE[elementOf(signature.dtype)], signature.shape, signature.shape.length, data.byteLength);
  bytesOf(tensorflow, tensor).set(new Uint8Array(data.buffer, data.byteOffset, data.byteLength));
  return tensor;
}

function check(name: string, array: NdArray | undefined, signature: Signature): NdArray['data'] {
  if (!array) throw new Error(`"${name}" is missing.`);
  if (array.dtype !== dtypeOf(signature) || String(array.shape) !== String(signature.shape)) {
    throw new Error(`"${name}" is ${array.dtype} [${array.shape}], not ${dtypeOf(signature)} [${signature.shape}].`);
  }
  return array.data;
}

/** A copy of a tensor's numbers. */
export function toArray(tensorflow: Tensorflow, tensor: Pointer, signature: Signature): NdArray {
  const { buffer } = bytesOf(tensorflow, tensor).slice();
  const { shape } = signature;
  const dtype = dtypeOf(signature);
  if (dtype === 'float32') return ndarray('float32', shape, new Float32Array(buffer));
  return dtype === 'int32' ? ndarray('int32', shape, new Int32Array(buffer)) : ndarray('uint8', shape, new Uint8Array(buffer));
}

/** TensorFlow's own memory: good until the tensor is deleted. */
function bytesOf({ TensorByteSize, TensorData }: Tensorflow, tensor: Pointer): Uint8Array {
  const bytes = TensorByteSize(tensor);
  return bytes === 0 ? new Uint8Array() : new Uint8Array(koffi.view(TensorData(tensor), bytes));
}
