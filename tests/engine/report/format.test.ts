import { describe, expect, it } from 'vitest';
import { bytes, count, decimals, duration, number, percent, rate, wholeDuration } from '../../../engine/report/format.ts';

describe('durations', () => {
  it.each([
    [0, '0 ms'],
    [-1, '0 ms'],
    [0.4124, '412 ms'],
    [0.9996, '1.0 s'],
    [4.2, '4.2 s'],
    [59.94, '59.9 s'],
    [59.96, '1 min 0 s'],
    [192, '3 min 12 s'],
    [3599.6, '1 h 0 min'],
    [7505, '2 h 5 min'],
    [97_200, '1 d 3 h'],
    [Infinity, '?'],
  ])('%d seconds read %s', (seconds, text) => expect(duration(seconds)).toBe(text));

  it.each([
    [0.99, '0 s'],
    [59.99, '59 s'],
    [60, '1 min 0 s'],
    [Number.NaN, '?'],
  ])('a clock at %d seconds reads %s', (seconds, text) => expect(wholeDuration(seconds)).toBe(text));
});

describe('amounts', () => {
  it.each([
    [0, '0 B'],
    [512, '512 B'],
    [999, '999 B'],
    [1000, '1.0 kB'],
    [3441, '3.4 kB'],
    [9_960, '10 kB'],
    [412e6, '412 MB'],
    [999_600_000, '1.0 GB'],
    [1.5e9, '1.5 GB'],
    [2e18, '2000 PB'],
  ])('%d bytes read %s', (amount, text) => expect(bytes(amount)).toBe(text));

  it.each([
    [1797, '1,797'],
    [-1234567, '-1,234,567'],
    [999, '999'],
    [0.98437, '0.984'],
    [12345.6, '12,345.600'],
    [0.0002, '2.0e-4'],
    [Number.NaN, 'NaN'],
    [-Infinity, '−∞'],
  ])('the number %d reads %s', (value, text) => expect(number(value)).toBe(text));

  it('decimals keep their number of digits', () => {
    expect(decimals(2, 3)).toBe('2.000');
    expect(decimals(Number.NaN, 3)).toBe('NaN');
  });

  it('shares, rates and plurals read as sentences', () => {
    expect(percent(0.345)).toBe('35 %');
    expect(rate(7012.4, 'images')).toBe('7,012 images/s');
    expect(rate(3.42, 'steps')).toBe('3.4 steps/s');
    expect(rate(0.421, 'steps')).toBe('0.42 steps/s');
    expect(count(1, 'node')).toBe('1 node');
    expect(count(1200, 'node')).toBe('1,200 nodes');
  });
});
