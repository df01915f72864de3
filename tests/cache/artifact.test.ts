import { readdirSync, rmSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { describe, expect, test } from 'vitest';
import { isNdArray, ndarray, type Artifact, type DType, type NdArray, type Plain } from '../../cache/array.ts';
import {
  artifactBlobs,
  describeArtifact,
  encodeArtifact,
  getArtifact,
  packArtifact,
  putArtifact,
  unpackArtifact,
} from '../../cache/artifact.ts';
import { openStore } from '../../cache/disk.ts';
import { createMemoryStore } from '../../cache/memory.ts';
import { referencesIn } from '../../cache/manifest.ts';
import { pack, unpack } from '../../cache/pack.ts';
import { loadHasher, sha256 } from '../../cache/digest.ts';
import { temporaryFolder } from '../rig.ts';
import { seeded } from './seeded.ts';

const large = ndarray(
  'float32',
  [300, 2],
  Float32Array.from({ length: 600 }, (_, index) => index / 8),
);
const small = ndarray('int32', [3], Int32Array.of(1, -2, 3));
const EXAMPLE: Artifact = { type: 'example', weights: { 'conv/kernel': large, bias: small }, curve: [1.5, 0.5], none: null };

/** Artifacts of any form: nested records and lists, arrays of every type and of sizes on both sides of the inline limit. */
function randomArtifact(random: () => number, depth = 4): Artifact {
  const integer = (below: number): number => Math.floor(random() * below);
  const names = ['array', 'record', 'shape', 'digest', 'dtype', 'data', 'a b', '', 'ü', '10', '2', 'valueOf', 'toString'];
  const array = (): NdArray => {
    const dtype = (['uint8', 'int32', 'uint32', 'float32', 'float64'] as const)[integer(5)]!;
    const shape = Array.from({ length: integer(4) }, () => integer(14));
    const types = { uint8: Uint8Array, int32: Int32Array, uint32: Uint32Array, float32: Float32Array, float64: Float64Array };
    const length = shape.reduce((product, side) => product * side, 1);
    return ndarray<DType>(dtype, shape, new types[dtype](Array.from({ length }, () => (random() - 0.5) * 1e9)));
  };
  const plain = (): Plain =>
    [null, true, integer(1e6), random(), 'text', ['list', 1], { array: 'float32', shape: [1] }, { record: {} }][integer(8)]!;
  const field = (): Artifact[string] => {
    const choice = integer(depth > 0 ? 4 : 2);
    if (choice === 0) return array();
    if (choice === 1) return plain();
    return choice === 2 ? randomArtifact(random, depth - 1) : [randomArtifact(random, depth - 1), randomArtifact(random, depth - 1)];
  };
  return Object.fromEntries(Array.from({ length: 1 + integer(5) }, () => [names[integer(names.length)]!, field()]));
}

describe.each([
  ['memory', () => createMemoryStore()],
  ['disk', () => openStore(temporaryFolder())],
])('In the %s store', (_, open) => {
  test('artifacts of any form come back as they were', async () => {
    const store = open();
    for (let seed = 0; seed < 60; seed++) {
      const artifact = randomArtifact(seeded(seed));
      const { digest } = await putArtifact(store, artifact);
      expect(await getArtifact(store, digest)).toStrictEqual(artifact);
      expect(unpackArtifact(packArtifact(artifact))).toStrictEqual(artifact);
    }
  });

  test('what was put says what it needs, and so does the manifest later', async () => {
    const store = open();
    const { digest, bytes, blobs } = await putArtifact(store, EXAMPLE);
    expect(blobs[0]!.digest).toBe(digest);
    expect(blobs.map((blob) => blob.bytes).slice(1)).toEqual([2400]);
    expect(bytes).toBe(blobs[0]!.bytes + 2400);
    expect(await artifactBlobs(store, digest)).toEqual(blobs);
    expect(store.hasAll(blobs)).toBe(true);
  });

  test('an artifact that was never put is not there', async () => {
    const absent = sha256(new Uint8Array());
    expect(await getArtifact(open(), absent)).toBeUndefined();
    expect(await artifactBlobs(open(), absent)).toBeUndefined();
  });

  test('bytes that are no manifest are no artifact', async () => {
    const store = open();
    const reference = { array: 'float32', shape: [2], bytes: 8 };
    const malformed = [
      { schema: 2, artifact: {} },
      { schema: 1, artifact: 'text' },
      { schema: 1, artifact: { x: { ...reference, digest: '../../outside' } } },
      { schema: 1, artifact: { x: { ...reference, inline: new Uint8Array(4) } } },
      { schema: 1, artifact: { x: { ...reference, shape: [1e9, 1e9], inline: new Uint8Array(8) } } },
      { schema: 1, artifact: { x: { ...reference, shape: [-2, -1], inline: new Uint8Array(8) } } },
      { schema: 1, artifact: { x: { ...reference, array: 'constructor', inline: new Uint8Array(8) } } },
      { schema: 1, artifact: { x: { ...reference, array: ['float32'], inline: new Uint8Array(8) } } },
      { schema: 1, artifact: { x: { ...reference, digest: ['ab'.repeat(32)] } } },
      { schema: 1, artifact: { x: reference } },
      { schema: 1, artifact: [] },
      { schema: 1, artifact: { ...reference, inline: new Uint8Array(8) } },
      // As plain data, bytes would become a record with a field for each of them.
      { schema: 1, artifact: { x: new Uint8Array(8) } },
    ];
    for (const value of malformed) expect(await getArtifact(store, await store.put(pack(value)))).toBeUndefined();
    expect(await getArtifact(store, await store.put(Buffer.from('neither msgpack')))).toBeUndefined();
  });
});

test('the encoding is pinned and does not depend on the order of fields', () => {
  const { manifest, blobs } = encodeArtifact(EXAMPLE);
  expect(sha256(manifest)).toBe('6c382d0017ef7447aae8e317f5c9bd1f9fc68371de58b46f032c6ed546c8b747');
  expect(blobs.map(({ digest }) => digest)).toEqual(['c9f0f6b5e17c150892f96732303c9cfdaf2fe3ddea3472cfc172185c7a4acced']);
  const reversed = Object.fromEntries(Object.entries(EXAMPLE).reverse());
  expect(encodeArtifact(reversed).manifest).toEqual(manifest);
});

test('each array has its print in the manifest, and manifests of older versions without any are read', async () => {
  const hasher = await loadHasher();
  const { manifest } = encodeArtifact(EXAMPLE, hasher);
  const [printed] = referencesIn(manifest);
  expect(printed!.print).toBe(hasher.bytes(new Uint8Array(large.data.buffer)));
  const store = openStore(temporaryFolder());
  expect((await putArtifact(store, EXAMPLE)).digest).toBe(sha256(manifest));
  const older = encodeArtifact(EXAMPLE);
  expect(await getArtifact(store, await store.put(older.manifest))).toStrictEqual(EXAMPLE);
  // A print of anybody's making is no more than a hint.
  for (const print of [7, null, 'x', { array: 1 }]) {
    const strange = unpack(older.manifest) as { artifact: { weights: { 'conv/kernel': object } } };
    Object.assign(strange.artifact.weights['conv/kernel'], { print });
    expect(await getArtifact(store, await store.put(pack(strange)))).toStrictEqual(EXAMPLE);
  }
});

test('equal arrays are one blob, shared between artifacts', async () => {
  const folder = temporaryFolder();
  const store = openStore(folder);
  await putArtifact(store, { a: large, b: { again: large } });
  await putArtifact(store, { other: 1, a: large });
  const files = readdirSync(join(folder, 'cas'), { recursive: true, withFileTypes: true }).filter((entry) => entry.isFile());
  expect(files).toHaveLength(3);
});

test('a missing or damaged blob makes the whole artifact missing', async () => {
  for (const spoil of [(path: string) => rmSync(path), (path: string) => writeFileSync(path, Buffer.alloc(2400))]) {
    const folder = temporaryFolder();
    const store = openStore(folder);
    const { digest, blobs } = await putArtifact(store, EXAMPLE);
    const blob = blobs[1]!.digest;
    spoil(join(folder, 'cas', blob.slice(0, 2), blob));
    expect(await getArtifact(store, digest)).toBeUndefined();
  }
});

test('an array that is a view into a larger buffer is stored without its surroundings', async () => {
  const store = createMemoryStore();
  const view = new Float32Array(new Float32Array(1000).fill(7).buffer, 400, 300);
  const { digest, blobs } = await putArtifact(store, { view: ndarray('float32', [300], view) });
  expect(blobs[1]!.bytes).toBe(1200);
  expect(((await getArtifact(store, digest)) as { view: NdArray }).view.data).toEqual(view);
});

test('NaN and infinities inside arrays are numbers like others', async () => {
  const store = createMemoryStore();
  const odd = { odd: ndarray('float64', [4], Float64Array.of(NaN, Infinity, -Infinity, -0)) };
  expect(await getArtifact(store, (await putArtifact(store, odd)).digest)).toStrictEqual(odd);
});

test.each([
  ['curve[1] is NaN', { curve: [1, NaN] }],
  ['model is an instance of Map', { model: new Map() }],
  ['raw is an instance of Float32Array', { raw: new Float32Array(2) }],
  ['x.y has the shape [2, 2] but 3 elements', { x: { y: { dtype: 'int32', shape: [2, 2], data: new Int32Array(3) } } }],
  ['x is an array of int32 that holds a Float32Array', { x: { dtype: 'int32', shape: [3], data: new Float32Array(3) } }],
  ['x is an array of int64 that holds a BigInt64Array', { x: { dtype: 'int64', shape: [3], data: new BigInt64Array(3) } }],
  ['an artifact must be a record', [1]],
])('what cannot be stored is refused by name: %s', (message, artifact) => {
  expect(() => encodeArtifact(artifact as unknown as Artifact)).toThrow(new TypeError(message));
});

test('an array of 100 MB loads as a view of the bytes that were read, without a second copy', async () => {
  const folder = temporaryFolder();
  const store = openStore(folder);
  const { digest } = await putArtifact(store, { big: ndarray('float32', [25, 1_000_000], new Float32Array(25_000_000).fill(3)) });
  const read: Uint8Array[] = [];
  const watched = {
    ...store,
    get: async (name: typeof digest) => {
      const content = await store.get(name);
      if (content) read.push(content);
      return content;
    },
  };
  const { big } = (await getArtifact(watched, digest)) as unknown as { big: NdArray<'float32'> };
  expect(big.data.buffer).toBe(read.find((content) => content.length === 100_000_000)!.buffer);
  expect(big.data[24_999_999]).toBe(3);
});

test('a packed artifact is whole or nothing: no flipped bit gives another artifact', () => {
  const packed = packArtifact(EXAMPLE);
  const random = seeded(3);
  for (let round = 0; round < 400; round++) {
    const damaged = Uint8Array.from(packed);
    damaged[round < 128 ? round : Math.floor(random() * damaged.length)]! ^= 1 << (round % 8);
    const read = unpackArtifact(damaged);
    if (read) expect(read).toStrictEqual(EXAMPLE); // The bit was padding.
  }
  for (let length = 0; length < packed.length; length += 13) expect(unpackArtifact(packed.subarray(0, length))).toBeUndefined();
});

test('a description names every array and every plain field', () => {
  const described = describeArtifact({ ...EXAMPLE, views: [{ sheet: small }], scores: [{ head: 0 }] });
  expect(described.map((entry) => ('array' in entry ? [entry.path, entry.array.shape, entry.bytes] : [entry.path, entry.plain]))).toEqual([
    ['curve', [1.5, 0.5]],
    ['none', null],
    ['scores', [{ head: 0 }]],
    ['type', 'example'],
    ['views[0].sheet', [3], 12],
    ['weights.bias', [3], 12],
    ['weights.conv/kernel', [300, 2], 2400],
  ]);
  expect(described.filter((entry) => 'array' in entry && !isNdArray(entry.array))).toEqual([]);
});
