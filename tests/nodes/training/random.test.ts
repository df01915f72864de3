import { expect, test } from 'vitest';
import { encrypt, random } from '../../../nodes/training/random.ts';

const block = (key: readonly [number, number], counter: readonly [number, number]): string[] => {
  const out = new Uint32Array(2);
  encrypt(...key, ...counter, out, 0);
  return [...out].map((word) => word.toString(16));
};

test("Threefry-2x32 gives the known answers of its authors' library", () => {
  expect(block([0, 0], [0, 0])).toEqual(['6b200159', '99ba4efe']);
  expect(block([0xffffffff, 0xffffffff], [0xffffffff, 0xffffffff])).toEqual(['1cb996fc', 'bb002be7']);
  expect(block([0x13198a2e, 0x03707344], [0x243f6a88, 0x85a308d3])).toEqual(['c4923a9c', '483df7a0']);
});

test('a stream is a value: the same call gives the same numbers, a longer one begins with them', () => {
  const stream = random(7).split('noise');
  expect(stream.normal(5)).toEqual(stream.normal(5));
  expect(stream.uniform(9).subarray(0, 5)).toEqual(stream.uniform(5));
});

const PINNED = {
  integers: [418, 600, 314, 753, 393, 984],
  permutation: [2, 1, 5, 7, 0, 6, 4, 3],
  uniform: [0.8370139598846436, 0.5261969566345215, 0.3876892328262329],
  normal: [-0.09276140481233597, -0.7117042541503906, -0.943340003490448],
};

test('the numbers of a seed are pinned, so that no release changes a result unnoticed', () => {
  expect([...random(0).integers(6, 1000)]).toEqual(PINNED.integers);
  expect([...random(42).split('augment', 3).permutation(8)]).toEqual(PINNED.permutation);
  expect([...random(42).split('augment').uniform(3, -1, 1)]).toEqual(PINNED.uniform);
  expect([...random(42).split('weights').normal(3)]).toEqual(PINNED.normal);
});

test('streams of different names, seeds and paths differ; a path is its splits in a row', () => {
  const first = (stream: ReturnType<typeof random>): number => stream.integers(1, 2 ** 31)[0]!;
  const streams = [
    random(1),
    random(2),
    random(1).split('a'),
    random(1).split('b'),
    random(1).split('ab'),
    random(1).split('a', 'b'),
    random(1).split(0),
    random(1).split('0'),
  ];
  expect(new Set(streams.map(first)).size).toBe(streams.length);
  expect(first(random(1).split('a', 5, 'b'))).toBe(first(random(1).split('a').split(5).split('b')));
});

test('uniform numbers fill their range evenly', () => {
  const numbers = random(3).uniform(60_000, 2, 5);
  const counts = [0, 0, 0];
  for (const x of numbers) counts[Math.floor(x - 2)]!++;
  expect(Math.min(...counts)).toBeGreaterThan(19_500);
  expect(counts.reduce((a, b) => a + b)).toBe(60_000);
});

test('Gaussian numbers have their mean, deviation and tails', () => {
  const numbers = random(4).normal(100_001, 1, 2);
  const mean = numbers.reduce((a, b) => a + b) / numbers.length;
  const variance = numbers.reduce((sum, x) => sum + (x - mean) ** 2, 0) / numbers.length;
  expect(mean).toBeCloseTo(1, 1);
  expect(Math.sqrt(variance)).toBeCloseTo(2, 1);
  expect(numbers.filter((x) => Math.abs(x - 1) > 4).length / numbers.length).toBeCloseTo(0.0455, 2);
});

test('a permutation holds each index once, in every place about as often', () => {
  const firsts = [0, 0, 0, 0];
  for (let seed = 0; seed < 4_000; seed++) {
    const order = random(seed).permutation(4);
    expect([...order].sort()).toEqual([0, 1, 2, 3]);
    firsts[order[0]!]!++;
  }
  expect(Math.min(...firsts)).toBeGreaterThan(900);
});
