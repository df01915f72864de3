// The WebAssembly function under `products.ts`, assembled here: 128-bit SIMD is what JavaScript lacks, and it gives the same bits on every
// machine, which a BLAS does not. Knows nothing but addresses.

/** The little of the WebAssembly interface that is used here; Node has it, TypeScript describes it for browsers only. */
declare const WebAssembly: {
  readonly Memory: new (size: { readonly initial: number }) => { readonly buffer: ArrayBuffer; grow(pages: number): number };
  readonly Module: new (bytes: Uint8Array) => object;
  readonly Instance: new (module: object, imports: object) => { readonly exports: unknown };
};

export interface Simd {
  /** The memory in which the addresses lie. A growing memory changes its buffer: ask again. */
  readonly memory: { readonly buffer: ArrayBuffer; grow(pages: number): number };
  /**
   * Inner products, summed in float64, of float32 rows at addresses a … aEnd with rows at b … bEnd, `stride` bytes a row; an even number of
   * rows, a multiple of four rows, and a multiple of 8 bytes. Writes tiles of eight float64 to `out`: for rows 2i, 2i+1 and 4j … 4j+3 the
   * eight products row by row.
   */
  readonly multiply: (a: number, aEnd: number, b: number, bEnd: number, stride: number, out: number) => void;
}

/** A fresh instance with a memory of its own. */
export function simd(): Simd {
  const memory = new WebAssembly.Memory({ initial: 1 });
  const { exports } = new WebAssembly.Instance(new WebAssembly.Module(assemble()), { js: { memory } });
  return { memory, ...(exports as Pick<Simd, 'multiply'>) };
}

const I32 = 0x7f;
const V128 = 0x7b;
const EMPTY = 0x40;

// Locals: the six parameters, then addresses, then vectors.
const [A, A_END, B, B_END, STRIDE, OUT, B_ROW, A_STOP, A0, A1, B0, B1, B2, B3] = [0, 1, 2, 3, 4, 5, 6, 7, 8, 9, 10, 11, 12, 13];
const [X0, X1, Y, SUM] = [14, 15, 16, 17];

const get = (local: number): number[] => [0x20, local];
const set = (local: number): number[] => [0x21, local];
const constant = (value: number): number[] => [0x41, ...signed(value)];
const add = (a: readonly number[], b: readonly number[]): number[] => [...a, ...b, 0x6a];
const advance = (local: number, by: readonly number[]): number[] => [...add(get(local), by), ...set(local)];
/** Two float32 as two float64. */
const load = (address: number): number[] => [...get(address), 0xfd, 0x5d, 2, 0, 0xfd, 0x5f];
const store = (offset: number, value: readonly number[]): number[] => [...get(OUT), ...value, 0x39, 3, offset];
const multiplied = (x: number, y: number): number[] => [...get(x), ...get(y), 0xfd, 0xf2, 0x01];
const accumulate = (sum: number, x: number, y: number): number[] => [...get(sum), ...multiplied(x, y), 0xfd, 0xf0, 0x01, ...set(sum)];
const lane = (vector: number, index: 0 | 1): number[] => [...get(vector), 0xfd, 0x21, index];
const zero = (vector: number): number[] => [0xfd, 0x0c, ...new Array<number>(16).fill(0), ...set(vector)];
/** do { body } while (local < limit), unsigned. */
const repeat = (body: readonly number[], local: number, limit: number): number[] => [
  0x03,
  EMPTY,
  ...body,
  ...get(local),
  ...get(limit),
  0x49,
  0x0d,
  0,
  0x0b,
];

/** One step of the inner loop: two numbers of each of two rows of a, times two numbers of each of four rows of b. */
function step(): number[] {
  const columns = [B0, B1, B2, B3].flatMap((row, c) => [
    ...load(row),
    ...set(Y),
    ...accumulate(SUM + c, X0, Y),
    ...accumulate(SUM + 4 + c, X1, Y),
  ]);
  const next = [A0, A1, B0, B1, B2, B3].flatMap((row) => advance(row, constant(8)));
  return [...load(A0), ...set(X0), ...load(A1), ...set(X1), ...columns, ...next];
}

function tile(): number[] {
  const sums = [0, 1, 2, 3, 4, 5, 6, 7];
  // prettier-ignore
  return [
    ...get(A), ...set(A0),
    ...add(get(A), get(STRIDE)), ...set(A1),
    ...get(A1), ...set(A_STOP),
    ...get(B_ROW), ...set(B0),
    ...add(get(B0), get(STRIDE)), ...set(B1),
    ...add(get(B1), get(STRIDE)), ...set(B2),
    ...add(get(B2), get(STRIDE)), ...set(B3),
    ...sums.flatMap((s) => zero(SUM + s)),
    ...repeat(step(), A0, A_STOP),
    ...sums.flatMap((s) => store(8 * s, [...lane(SUM + s, 0), ...lane(SUM + s, 1), 0xa0])),
    ...advance(OUT, constant(64)),
    ...get(B3), ...set(B_ROW), // the inner loop left B3 one row further
  ];
}

function assemble(): Uint8Array {
  const body = repeat(
    [...get(B), ...set(B_ROW), ...repeat(tile(), B_ROW, B_END), ...advance(A, get(STRIDE)), ...advance(A, get(STRIDE))],
    A,
    A_END,
  );
  const code = [2, 8, I32, 11, V128, ...body, 0x0b];
  // prettier-ignore
  return Uint8Array.from([
    0x00, 0x61, 0x73, 0x6d, 1, 0, 0, 0,
    ...section(1, [1, 0x60, 6, I32, I32, I32, I32, I32, I32, 0]),
    ...section(2, [1, ...name('js'), ...name('memory'), 2, 0, 1]),
    ...section(3, [1, 0]),
    ...section(7, [1, ...name('multiply'), 0, 0]),
    ...section(10, [1, ...unsigned(code.length), ...code]),
  ]);
}

const section = (id: number, content: readonly number[]): number[] => [id, ...unsigned(content.length), ...content];
const name = (text: string): number[] => [text.length, ...Buffer.from(text)];
/** LEB128. */
const unsigned = (value: number): number[] => (value < 128 ? [value] : [(value & 127) | 128, ...unsigned(value >>> 7)]);
const signed = (value: number): number[] => (value < 64 ? [value] : [(value & 127) | 128, ...signed(value >> 7)]);
