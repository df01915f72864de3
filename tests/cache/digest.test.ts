import { describe, expect, test } from 'vitest';
import { BLOCK, canonical, loadHasher, sha256 } from '../../cache/digest.ts';
import { seeded } from './seeded.ts';

const bytes = (text: string): Uint8Array => new TextEncoder().encode(text);

describe('The canonical encoding', () => {
  test('does not depend on the order in which fields were written', () => {
    expect(canonical({ b: 1, a: { d: [2], c: 'x' } })).toBe('{"a":{"c":"x","d":[2]},"b":1}');
    expect(canonical({ a: { c: 'x', d: [2] }, b: 1 })).toBe(canonical({ b: 1, a: { d: [2], c: 'x' } }));
  });

  test('is pinned: changing it would make every cache miss', () => {
    const value = {
      z: [1, 1.5, 1e21, 1e-7, -0.1, 0],
      text: 'Ä "quoted" \n \ud800',
      10: true,
      9: false,
      none: null,
      '': {},
      deep: [[], [{}]],
    };
    expect(canonical(value)).toBe(
      '{"":{},"10":true,"9":false,"deep":[[],[{}]],"none":null,"text":"Ä \\"quoted\\" \\n \\ud800","z":[1,1.5,1e+21,1e-7,-0.1,0]}',
    );
  });

  test('is JSON, so that reading it gives the data back', () => {
    const value = { params: { rate: 0.1, names: ['a', 'b'], nested: { x: null } } };
    expect(JSON.parse(canonical(value))).toEqual(value);
  });

  test('takes the same value twice, which is no cycle', () => {
    const shared = { x: 1 };
    expect(canonical([shared, shared])).toBe('[{"x":1},{"x":1}]');
  });

  const cyclic: Record<string, unknown> = { inner: {} };
  (cyclic['inner'] as Record<string, unknown>)['outer'] = cyclic;

  test.each([
    ['params.rate is NaN', { params: { rate: NaN } }],
    ['params.rates[1] is Infinity', { params: { rates: [1, Infinity] } }],
    ['a is -Infinity', { a: -Infinity }],
    ['a.b is -0', { a: { b: -0 } }],
    ['a is undefined', { a: undefined }],
    ['list[0] is undefined', { list: new Array(1) }],
    ['a is a function', { a: () => 1 }],
    ['a is a symbol', { a: Symbol('s') }],
    ['a is a bigint', { a: 1n }],
    ['["odd name"].when is an instance of Date', { 'odd name': { when: new Date(0) } }],
    ['a is an instance of Map', { a: new Map() }],
    ['a is an instance of Float32Array', { a: new Float32Array(1) }],
    ['a is an instance of Mine', { a: new (class Mine {})() }],
    ['a is an instance of String', { a: new String('boxed') }],
    ['a is a record with a symbol for a field', { a: { [Symbol('s')]: 1 } }],
    ['inner.outer is cyclic: it contains itself', cyclic],
    ['the value is NaN', NaN],
    ['the value is undefined', undefined],
  ])('refuses: %s', (message, value) => {
    expect(() => canonical(value)).toThrow(new TypeError(message));
  });
});

describe('The hashes', () => {
  test('are pinned', async () => {
    const hasher = await loadHasher();
    expect(hasher.key('')).toBe('ef46db3751d8e9995e742a23fb3c2d61');
    expect(hasher.key(canonical({ k: 10 }))).toBe('18691b2be77f47fbd4b2f99b506f1f6c');
    expect(hasher.bytes(bytes('abc'))).toBe('38c68a4171ad443cff40c4f5c5512082');
    expect(hasher.bytes(new Uint8Array(BLOCK + 1))).toBe('6ce75ce05436284c90d49528d794ec81');
    expect(sha256(bytes('abc'))).toBe('ba7816bf8f01cfea414140de5dae2223b00361a396177a9cb410ff61f20015ad');
  });

  test('the first half of a key is xxh64 as its specification says', async () => {
    const hasher = await loadHasher();
    expect(hasher.key('').slice(0, 16)).toBe('ef46db3751d8e999');
    expect(hasher.key('abc').slice(0, 16)).toBe('44bc2cf5ad770999');
  });

  test('the hasher is made once', () => expect(loadHasher()).toBe(loadHasher()));

  test('content in pieces of any size hashes as content in one piece', async () => {
    const hasher = await loadHasher();
    const random = seeded(1);
    const content = Uint8Array.from({ length: 3 * BLOCK + 17 }, () => random() * 256);
    for (const longest of [1000, BLOCK, 2 * BLOCK]) {
      const stream = hasher.stream();
      for (let at = 0; at < content.length;) {
        const piece = Buffer.from(content.subarray(at, (at += 1 + Math.floor(random() * longest))));
        stream.update(piece);
        piece.fill(0); // The caller may use its buffer again.
      }
      expect(stream.digest()).toBe(hasher.bytes(content));
    }
  });

  test('a flipped bit, a moved block and a changed length all change the digest', async () => {
    const hasher = await loadHasher();
    const content = new Uint8Array(2 * BLOCK + 100).map((_, index) => index % 251);
    const swapped = new Uint8Array([...content.subarray(BLOCK, 2 * BLOCK), ...content.subarray(0, BLOCK), ...content.subarray(2 * BLOCK)]);
    const variants = [content, swapped, content.subarray(1), content.subarray(0, -1), new Uint8Array([...content, 0])];
    for (const at of [0, BLOCK - 1, BLOCK, content.length - 1])
      variants.push(content.map((byte, index) => (index === at ? byte ^ 1 : byte)));
    expect(new Set(variants.map((variant) => hasher.bytes(variant))).size).toBe(variants.length);
  });
});
