import { expect, test } from 'vitest';
import { constant, cosine } from '../../../nodes/training/schedule.ts';

const rates = (schedule: (step: number) => number, total: number): number[] => Array.from({ length: total }, (_, step) => schedule(step));

test('a constant schedule is the same at every step', () => {
  expect(new Set(rates(constant(0.3), 50))).toEqual(new Set([0.3]));
});

test('a cosine falls from the rate to almost nothing, half of it in the middle', () => {
  const all = rates(cosine(2, 100), 100);
  expect(all[0]).toBe(2);
  expect(all[50]).toBeCloseTo(1, 12);
  expect(all[99]).toBeCloseTo(1 + Math.cos(0.99 * Math.PI), 12);
  expect(all.every((rate, i) => i === 0 || rate < all[i - 1]!)).toBe(true);
});

test('warm-up rises in equal steps to the rate, then the cosine begins', () => {
  const all = rates(cosine(1, 100, { warmup: 0.05 }), 100);
  expect(all.slice(0, 6)).toEqual([0.2, 0.4, 0.6, 0.8, 1, 1]);
  expect(all[99]).toBeLessThan(0.001);
  expect(all.every((rate) => rate > 0)).toBe(true);
});

test('an end other than zero is approached and kept', () => {
  const schedule = cosine(1, 10, { end: 0.1 });
  expect(schedule(10)).toBeCloseTo(0.1, 12);
  expect(schedule(1000)).toBeCloseTo(0.1, 12);
});
