// How long the rest of a run or sweep takes: on cases that can be counted on fingers.
import { expect, test } from 'vitest';
import { secondsForTrials, secondsLeft, seenAtOnce, type Work } from '../../../engine/sweep/estimate.ts';

const recorded = new Map([
  ['learn', [10, 12, 80]],
  ['judge', [1, 2]],
]);
const node = (name: string, kind: string, inputs: readonly string[] = [], more: Partial<Work> = {}): Work => ({
  name,
  kind,
  inputs,
  ...more,
});

test('work is shared by the nodes that run at once, and each kind takes its median', () => {
  const trials = Array.from({ length: 8 }, (_, at) => node(`model[${at}]`, 'learn'));
  expect(secondsLeft(trials, recorded, 1)).toBe(8 * 12);
  expect(secondsLeft(trials, recorded, 2)).toBe(4 * 12);
  expect(secondsLeft([], recorded, 2)).toBe(0);
});

test('a chain bounds the end however many run at once', () => {
  const chain = [node('a', 'learn', ['data']), node('b', 'learn', ['a']), node('c', 'judge', ['b'])];
  expect(secondsLeft(chain, recorded, 8)).toBe(12 + 12 + 1.5);
});

test('what this node took last goes before its kind, and what has been spent is not spent again', () => {
  expect(secondsLeft([node('a', 'learn', [], { lastSeconds: 30, spent: 10 })], recorded, 1)).toBe(20);
  expect(secondsLeft([node('a', 'learn', [], { spent: 100 })], recorded, 1)).toBe(0);
});

test('a kind that never ran takes what a node takes; where none ever ran, nobody can say', () => {
  expect(secondsLeft([node('a', 'new')], recorded, 1)).toBe(10);
  expect(secondsLeft([node('a', 'new')], new Map(), 1)).toBeUndefined();
});

test('trials that are still to be proposed take as long as those before', () => {
  expect(secondsForTrials(6, 3, 30)).toBe(60);
  expect(secondsForTrials(0, 0, 30)).toBe(0);
  expect(secondsForTrials(6, 0, 30)).toBeUndefined();
});

test('how many ran at once is seen from when they ran', () => {
  expect(seenAtOnce([{ start: 0, end: 10 }, { start: 0, end: 10 }, { start: 30, end: 40 }])).toBe(1.5); // prettier-ignore
  expect(seenAtOnce([])).toBeUndefined();
});
