import { encode } from 'msgpackr';
import { expect, test } from 'vitest';
import { pack, unpack } from '../../cache/pack.ts';
import { seal, unseal } from '../../cache/seal.ts';

const VALUE = {
  b: [1, -1, 1.5, 2 ** 40, -(2 ** 40), true, null, ''],
  a: { text: 'Ä😀', long: 'x'.repeat(70_000) },
  bytes: new Uint8Array([1, 2, 3]),
};

test('what was packed comes back', () => {
  const { bytes, ...plain } = unpack(pack(VALUE)) as typeof VALUE;
  expect(plain).toEqual({ a: VALUE.a, b: VALUE.b });
  expect([...bytes]).toEqual([1, 2, 3]);
});

test('bytes do not depend on the order in which fields were written, and are pinned', () => {
  expect(Buffer.from(pack({ b: 1, a: ['x', null, 0.5] })).toString('hex')).toBe('82a16193a178c0cb3fe0000000000000a16201');
  expect(pack({ a: ['x', null, 0.5], b: 1 })).toEqual(pack({ b: 1, a: ['x', null, 0.5] }));
});

test('large lists and records of every size come back', () => {
  for (const size of [0, 1, 15, 16, 17, 255, 256, 65_535, 65_536]) {
    const list = Array.from({ length: size }, (_, index) => index);
    const record = Object.fromEntries(list.map((index) => [`f${index}`, index]));
    expect(unpack(pack({ list, record }))).toEqual({ list, record });
  }
});

test('text that UTF-8 cannot hold and the field __proto__ are refused', () => {
  expect(() => pack({ name: 'broken \ud800' })).toThrow('name has text that is not well-formed Unicode');
  expect(() => pack({ fields: JSON.parse('{"__proto__":1}') as unknown })).toThrow('fields has a field named __proto__');
});

test('nothing but plain data is read: no records that make code, no dates, sets, errors or expressions', () => {
  const recordWithStructure = Buffer.from('d47240a16101', 'hex');
  for (const bytes of [encode(new Date(0)), encode(undefined), recordWithStructure, Buffer.from([0xc1]), Buffer.from('c70078', 'hex')])
    expect(() => unpack(bytes)).toThrow('not plain data');
});

test.each([
  ['a list of four billion', 'ddffffffff'],
  ['a record of four billion', 'dfffffffff00'],
  ['text of four gigabytes', 'dbffffffff61'],
  ['bytes of four gigabytes', 'c6ffffffff00'],
  ['lists in lists that promise more than there is', 'dc00ffdc00ffdc00ff'],
])('impossible lengths are refused before anything is made of them: %s', (_, hex) => {
  expect(() => unpack(Buffer.from(hex, 'hex'))).toThrow(RangeError);
});

test('a nesting that no stack can hold is an error, not a crash, and the next reading works', () => {
  expect(() => unpack(Buffer.concat([Buffer.alloc(1_000_000, 0x91), Buffer.from([0xc0])]))).toThrow();
  expect(unpack(pack({ a: 1 }))).toEqual({ a: 1 });
});

test('what is nested too deep, or made of too many values, is refused by both sides, with what to do', () => {
  const nested = (depth: number): unknown => (depth === 0 ? 1 : [nested(depth - 1)]);
  expect(unpack(pack(nested(499)))).toEqual(nested(499));
  expect(() => pack(nested(501))).toThrow('nested more than 500 deep');
  const many = (count: number): Buffer =>
    Buffer.concat([Buffer.from([0xdd, ...[24, 16, 8, 0].map((shift) => (count >>> shift) & 255)]), Buffer.alloc(count, 0x80)]);
  expect(() => unpack(many(2 ** 23))).toThrow('put numbers into a typed array');
  expect(unpack(many(1000))).toHaveLength(1000);
});

test('bytes that are cut off, or followed by others, are refused', () => {
  const whole = pack({ ...VALUE, a: { text: 'Ä😀', long: 'x'.repeat(40) } });
  for (let length = 0; length < whole.length; length++) expect(() => unpack(whole.subarray(0, length))).toThrow();
  expect(() => unpack(Buffer.concat([whole, Buffer.from([0])]))).toThrow('1 bytes too many');
});

test('a seal opens under its own name only, and not after any bit has changed', () => {
  const sealed = seal('history', { k: 10 });
  expect(unseal('history', sealed)).toEqual({ k: 10 });
  expect(() => unseal('other', sealed)).toThrow('it belongs to history');
  for (let bit = 0; bit < sealed.length * 8; bit++) {
    const damaged = Uint8Array.from(sealed);
    damaged[bit >> 3]! ^= 1 << (bit & 7);
    expect(() => unseal('history', damaged)).toThrow();
  }
});
