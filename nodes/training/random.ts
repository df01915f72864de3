// Counter-based random numbers: Threefry-2x32 with 20 rounds (Salmon et al., "Parallel random numbers: as easy as 1, 2, 3", SC 2011).
// A generator is a value: the same call gives the same numbers, and independent streams are split off by name. It keeps no position, so a
// resumed run needs nothing restored.

/** A named stream of random numbers. Every method is pure; draw independent numbers from differently named splits. */
export interface Random {
  /** The stream of this name; `random.split('augment', epoch, step)` is the same as three splits in a row. Numbers must be integers ≥ 0. */
  split(...path: readonly (string | number)[]): Random;
  /** `count` numbers in [low, high), multiples of 2⁻²⁴ of the range. */
  uniform(count: number, low?: number, high?: number): Float32Array;
  /** `count` Gaussian numbers (Box–Muller). */
  normal(count: number, mean?: number, deviation?: number): Float32Array;
  /** `count` integers in 0 … bound−1; bound at most 2³². */
  integers(count: number, bound: number): Int32Array;
  /** 0 … count−1 in random order (Fisher–Yates). */
  permutation(count: number): Int32Array;
}

/** The stream of a seed of 32 bits. */
export function random(seed: number): Random {
  return stream(seed >>> 0, 0);
}

function stream(key0: number, key1: number): Random {
  const words = (count: number): Uint32Array => threefry(key0, key1, count);
  return {
    split: (...path) => {
      const [low, high] = path.reduce<Key>(([k0, k1], name) => absorb(k0, k1, name), [key0, key1]);
      return stream(low, high);
    },
    uniform: (count, low = 0, high = 1) => fill(new Float32Array(count), words(count), (word) => low + (high - low) * unit(word)),
    normal: (count, mean = 0, deviation = 1) => gaussians(words(count + (count & 1)), count, mean, deviation),
    integers: (count, bound) => fill(new Int32Array(count), words(count), (word) => below(word, bound)),
    permutation: (count) => shuffled(words(count)),
  };
}

type Key = readonly [number, number];

/** 2⁻²⁴ · the upper 24 bits: exact in float32. */
const unit = (word: number): number => (word >>> 8) * 2 ** -24;
const below = (word: number, bound: number): number => Math.floor((word / 2 ** 32) * bound);

/** A loop, because `TypedArray.from` with a function is four times slower. */
function fill<A extends Float32Array | Int32Array>(numbers: A, words: Uint32Array, of: (word: number) => number): A {
  for (let i = 0; i < numbers.length; i++) numbers[i] = of(words[i]!);
  return numbers;
}

/** r·cos φ and r·sin φ with r = √(−2 ln u), φ = 2πv; u in (0, 1]. */
function gaussians(words: Uint32Array, count: number, mean: number, deviation: number): Float32Array {
  const numbers = new Float32Array(count);
  for (let i = 0; i < count; i += 2) {
    const radius = deviation * Math.sqrt(-2 * Math.log(1 - unit(words[i]!)));
    const angle = 2 * Math.PI * unit(words[i + 1]!);
    numbers[i] = mean + radius * Math.cos(angle);
    if (i + 1 < count) numbers[i + 1] = mean + radius * Math.sin(angle);
  }
  return numbers;
}

function shuffled(words: Uint32Array): Int32Array {
  const order = new Int32Array(words.length).map((_, index) => index);
  for (let i = order.length - 1; i > 0; i--) {
    const other = below(words[i]!, i + 1);
    const moved = order[i]!;
    order[i] = order[other]!;
    order[other] = moved;
  }
  return order;
}

/** Chains a name into a key, block by block; names and numbers never meet in one key. */
function absorb(key0: number, key1: number, name: string | number): Key {
  if (typeof name === 'number') return block(key0, key1, name >>> 0, 0x6e756d62);
  const bytes = new TextEncoder().encode(name);
  let key: Key = block(key0, key1, bytes.length, 0x74657874);
  for (let i = 0; i < bytes.length; i += 4) key = block(...key, word(bytes, i), i);
  return key;
}

const word = (bytes: Uint8Array, i: number): number =>
  ((bytes[i] ?? 0) | ((bytes[i + 1] ?? 0) << 8) | ((bytes[i + 2] ?? 0) << 16) | ((bytes[i + 3] ?? 0) << 24)) >>> 0;

const block = (key0: number, key1: number, counter0: number, counter1: number): Key => {
  const out = new Uint32Array(2);
  encrypt(key0, key1, counter0, counter1, out, 0);
  return [out[0]!, out[1]!];
};

/** The first `count` words of a key's stream: blocks (0,0), (1,0), … in order. */
export function threefry(key0: number, key1: number, count: number): Uint32Array {
  const words = new Uint32Array(count + (count & 1));
  for (let i = 0; i < words.length; i += 2) encrypt(key0, key1, i / 2, 0, words, i);
  return words.subarray(0, count);
}

/** One block of Threefry-2x32-20 into out[at], out[at+1]; the rotations are those of the paper's table 2. */
export function encrypt(key0: number, key1: number, counter0: number, counter1: number, out: Uint32Array, at: number): void {
  const key2 = key0 ^ key1 ^ 0x1bd11bda;
  let a = (counter0 + key0) | 0;
  let b = (counter1 + key1) | 0;
  for (let group = 1; group <= 5; group++) {
    if (group & 1) {
      a = (a + b) | 0;
      b = ((b << 13) | (b >>> 19)) ^ a;
      a = (a + b) | 0;
      b = ((b << 15) | (b >>> 17)) ^ a;
      a = (a + b) | 0;
      b = ((b << 26) | (b >>> 6)) ^ a;
      a = (a + b) | 0;
      b = ((b << 6) | (b >>> 26)) ^ a;
    } else {
      a = (a + b) | 0;
      b = ((b << 17) | (b >>> 15)) ^ a;
      a = (a + b) | 0;
      b = ((b << 29) | (b >>> 3)) ^ a;
      a = (a + b) | 0;
      b = ((b << 16) | (b >>> 16)) ^ a;
      a = (a + b) | 0;
      b = ((b << 24) | (b >>> 8)) ^ a;
    }
    const turn = group % 3;
    a = (a + (turn === 0 ? key0 : turn === 1 ? key1 : key2)) | 0;
    b = (b + (turn === 0 ? key1 : turn === 1 ? key2 : key0) + group) | 0;
  }
  out[at] = a;
  out[at + 1] = b;
}
