// The one array type that travels on edges: raw numbers with a shape. Never a tensor, never a class instance.

/** The element types that an artifact may hold, by their NumPy names. */
export interface TypedArrays {
  readonly uint8: Uint8Array;
  readonly int32: Int32Array;
  readonly uint32: Uint32Array;
  readonly float32: Float32Array;
  readonly float64: Float64Array;
}

export type DType = keyof TypedArrays;

/** A dense row-major array of known shape. `data.length` is the product of `shape`; a scalar has shape `[]`. */
export interface NdArray<D extends DType = DType> {
  readonly dtype: D;
  readonly shape: readonly number[];
  readonly data: TypedArrays[D];
}

/** Wraps numbers with their shape. Throws a RangeError when the shape does not hold exactly `data.length` elements. */
export function ndarray<D extends DType>(dtype: D, shape: readonly number[], data: TypedArrays[D]): NdArray<D> {
  const size = shape.reduce((product, side) => product * side, 1);
  if (size !== data.length) throw new RangeError(`shape [${shape}] holds ${size} elements, not ${data.length}`);
  return { dtype, shape, data };
}

/** Whether a value is an NdArray (and not a plain record that happens to have a shape). */
export function isNdArray(value: unknown): value is NdArray {
  return typeof value === 'object' && value !== null && 'dtype' in value && 'data' in value && ArrayBuffer.isView(value.data);
}

/** Plain data beside the arrays: JSON's values. `NaN`, infinities, `-0` and `undefined` have no canonical form and are refused. */
export type Plain = null | boolean | number | string | readonly Plain[] | { readonly [field: string]: Plain };

/** What a node returns and an edge carries: nested plain data whose leaves may be arrays. */
export type Artifact = { readonly [field: string]: Plain | NdArray | Artifact | readonly Artifact[] };
