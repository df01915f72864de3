// Inner products of many rows with many rows: the one hot loop of k-means and of the neighbour search. No threads, no library.
import { simd } from './simd.ts';

/** [count, dimension] */
export interface Rows {
  readonly vectors: Float32Array;
  readonly dimension: number;
}

/**
 * out[r, c] = a[rows[r]] · b[columns[c]], written row-major to the front of `out`. Sums are float64 and in the same order for every pair, so
 * equal vectors give equal products to the last bit.
 */
export type InnerProducts = (a: Rows, rows: Int32Array, b: Rows, columns: Int32Array, out: Float64Array) => void;

/** A multiplier with working memory of its own, freed with it: make one a computation, and hand it a few hundred rows a call. */
export function innerProducts(): InnerProducts {
  const { memory, multiply } = simd();
  return (a, rows, b, columns, out) => {
    if (rows.length === 0 || columns.length === 0) return;
    const stride = a.dimension + (a.dimension % 2);
    const height = rows.length + (rows.length % 2);
    const width = Math.ceil(columns.length / 4) * 4;
    const [atB, atOut] = [height * stride * 4, (height + width) * stride * 4];
    const end = atOut + height * width * 8;
    if (end > memory.buffer.byteLength) memory.grow(Math.ceil((end - memory.buffer.byteLength) / 65536));
    gather(new Float32Array(memory.buffer, 0, height * stride), a, rows, stride);
    gather(new Float32Array(memory.buffer, atB, width * stride), b, columns, stride);
    multiply(0, atB, atB, atOut, stride * 4, atOut);
    untile(new Float64Array(memory.buffer, atOut, height * width), width, out, rows.length, columns.length);
  };
}

/** Copies the rows one after another, each filled up with zeros to `stride`, and the rest of `panel` with rows of zeros. */
function gather(panel: Float32Array, { vectors, dimension }: Rows, rows: Int32Array, stride: number): void {
  panel.fill(0, rows.length * stride);
  for (let r = 0; r < rows.length; r++) {
    panel.set(vectors.subarray(rows[r]! * dimension, (rows[r]! + 1) * dimension), r * stride);
    if (stride > dimension) panel[r * stride + dimension] = 0;
  }
}

/** Tiles of two rows by four columns → rows. */
function untile(tiles: Float64Array, width: number, out: Float64Array, rows: number, columns: number): void {
  for (let r = 0; r < rows; r++) {
    const row = (r >> 1) * 2 * width + (r & 1) * 4;
    for (let c = 0; c < columns; c++) out[r * columns + c] = tiles[row + (c >> 2) * 8 + (c & 3)]!;
  }
}

/** Squared length of each row: [count]. */
export function squaredNorms({ vectors, dimension }: Rows, count: number): Float64Array {
  const norms = new Float64Array(count);
  for (let i = 0; i < count; i++) {
    let sum = 0;
    for (let k = i * dimension; k < (i + 1) * dimension; k++) sum += vectors[k]! * vectors[k]!;
    norms[i] = sum;
  }
  return norms;
}

/** from, from + 1, … to − 1. */
export function range(from: number, to: number): Int32Array {
  return new Int32Array(to - from).map((_, index) => from + index);
}
