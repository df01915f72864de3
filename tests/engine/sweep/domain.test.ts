// Domains: what they hold, how they are written, what is refused.
import { expect, test } from 'vitest';
import { choice, domainIn, float, int, log, startOf, unitOf, valueAt, valuesOf, type Domain } from '../../../engine/sweep/domain.ts';
import { parseDomain } from '../../../engine/sweep/parse-domain.ts';

const domains: Domain[] = [
  { of: 'choice', values: ['a', 2, true, [1, 2]] },
  { of: 'int', low: -3, high: 12 },
  { of: 'float', low: -2, high: 5 },
  { of: 'log', low: 1e-5, high: 1e2 },
];

test('every value comes back to itself through the unit interval', () => {
  for (const domain of domains) {
    for (let at = 0; at < 50; at += 1) {
      const value = valueAt(domain, at / 50);
      expect(valueAt(domain, unitOf(domain, value)!)).toEqual(value);
    }
    expect(unitOf(domain, 'elsewhere')).toBeUndefined();
  }
});

test('a grid over a range has its ends, and no value twice', () => {
  expect(valuesOf({ of: 'int', low: 1, high: 3 }, 5)).toEqual([1, 2, 3]);
  expect(valuesOf({ of: 'float', low: 0, high: 1 }, 3)).toEqual([0, 0.5, 1]);
  expect(valuesOf({ of: 'log', low: 1e-4, high: 1e-2 }, 3)).toEqual([1e-4, 1e-3, 1e-2]);
});

test('a param that holds a domain starts with its first choice, its middle, or what it is told', () => {
  const start = (param: unknown): unknown => startOf(domainIn(param)!);
  expect([start(choice(5, 1, 2)), start(int(1, 3)), start(float(0, 1)), start(log(1e-4, 1e-2)), start(int(1, 9, { start: 9 }))]).toEqual([5, 2, 0.5, 1e-3, 9]); // prettier-ignore
  expect(domainIn(float(0, 1, { when: { 'a.b': 'sgd' } }))).toMatchObject({ when: { 'a.b': ['sgd'] } });
  expect(domainIn(3)).toBeUndefined();
});

test('ranges are read from the command line', () => {
  expect(parseDomain('log(1e-4,1e-1)')).toEqual({ of: 'log', low: 1e-4, high: 1e-1 });
  expect(parseDomain('int(1, 10)')).toEqual({ of: 'int', low: 1, high: 10 });
  expect(parseDomain('0.5')).toBeUndefined();
  expect(() => parseDomain('log(0,1)')).toThrow('does not begin above 0');
  expect(() => parseDomain('int(1,x)')).toThrow('is no range');
  expect(() => parseDomain('float(1)')).toThrow('float(1) is not understood.');
  expect(() => choice()).toThrow('choice() has no values.');
});
