// Experiments beside each other.
import { expect, test } from 'vitest';
import { comparisonCsv, comparisonMarkdown, comparisonTable } from '../../../engine/compare/formats.ts';
import { compareEntries, type Entry } from '../../../engine/compare/comparison.ts';

const entry = (label: string, k: number, seed: number, acc: number, more: Entry['params'] = {}): Entry => ({
  label,
  params: { 'neighbours.k': k, 'encoder.epochs': 9, seed, ...more },
  metrics: { 'clusters.loss': -acc, 'scores.acc': acc, 'scores.nmi': acc / 2 },
});
const entries = [entry('a', 5, 0, 0.8), entry('b', 5, 1, 0.9), entry('c', 10, 0, 0.7), entry('d', 10, 1, 0.7, { 'b.kind': 'x' })];

test('only params that differ are columns, and seeds become mean and deviation', () => {
  const { params, metrics, rows } = compareEntries(entries);
  expect(params).toEqual(['neighbours.k', 'b.kind']);
  expect(metrics).toEqual(['scores.acc', 'scores.nmi']);
  expect(rows.map(({ labels }) => labels)).toEqual([['a', 'b'], ['c'], ['d']]);
  const { mean, deviation, count } = rows[0]!.metrics['scores.acc']!;
  expect([mean, deviation, count]).toEqual([expect.closeTo(0.85, 12), expect.closeTo(0.05, 12), 2]);
});

test('rows are sorted and filtered by any figure or param', () => {
  const labels = (view: object): string[] => compareEntries(entries, view).rows.map((row) => row.labels[0]!);
  expect(labels({ sort: 'acc' })).toEqual(['c', 'd', 'a']);
  expect(labels({ sort: '-neighbours.k' })).toEqual(['c', 'd', 'a']);
  expect(labels({ filters: ['acc>0.7'] })).toEqual(['a']);
  expect(labels({ filters: ['k=10', 'b.kind=x'] })).toEqual(['d']);
  expect(labels({ filters: ['loss<=-0.7', 'k!=5'] })).toEqual(['c', 'd']);
  expect(() => labels({ sort: 'accu' })).toThrow('There is no metric or param "accu" in these runs.');
  expect(() => labels({ filters: ['acc is good'] })).toThrow('The filter acc is good is not understood.');
});

test('it is a table, CSV and Markdown', () => {
  const comparison = compareEntries(entries, { metrics: ['acc'] });
  expect(comparisonTable(comparison).columns).toEqual(['', 'neighbours.k', 'b.kind', 'acc']);
  expect(comparisonTable(comparison).rows[0]).toEqual(['a and 1 more', '5', '–', '0.850 ± 0.050 (2)']);
  expect(comparisonCsv(comparison).split('\r\n').slice(0, 2)).toEqual([
    'runs,neighbours.k,b.kind,scores.acc,scores.acc deviation,scores.acc count',
    expect.stringMatching(/^a b,5,,0\.85\d*,0\.0(5|49+)\d*,2$/),
  ]);
  expect(comparisonMarkdown(comparison).split('\n')[1]).toBe('| --- | --- | --- | --- |');
  const odd = compareEntries([entry('q"1', 1, 0, 1, { 'b.list': [1, 2] }), entry('x', 2, 0, 1)], { metrics: ['acc'] });
  expect(comparisonCsv(odd)).toContain('"q""1",1,"[1,2]",1,0,1');
});
