// The page of a run: everything is in it, nothing comes from elsewhere, no text can become markup.
import { expect, test } from 'vitest';
import { compareEntries } from '../../../../engine/compare/comparison.ts';
import { axis, timeAxis } from '../../../../engine/report/html/axis.ts';
import { html } from '../../../../engine/report/html/markup.ts';
import { page, type Report } from '../../../../engine/report/html/page.ts';
import type { NodeStory } from '../../../../engine/report/story.ts';

const node = (name: string, more: Partial<NodeStory> = {}): NodeStory => ({
  name,
  kind: 'kind',
  inputs: [],
  state: 'executed',
  key: `key of ${name}`,
  attempts: 1,
  curves: [],
  seconds: 2,
  ran: { from: 0, to: 2 },
  ...more,
});
const report: Report = {
  version: '1.2.3',
  story: {
    run: 'r1',
    pipeline: 'pipeline.ts',
    started: Date.UTC(2026, 2, 1, 14, 5),
    seconds: 5,
    jobs: 2,
    threads: 2,
    device: 'auto',
    ended: 'failed',
    warnings: ['<script>alert(1)</script>'],
    nodes: [
      node('train', { curves: [{ metric: 'loss', unit: 'epoch', points: [[1, 5], [2, 3]] }] }), // prettier-ignore
      node('score', { inputs: ['train'], summary: { metrics: { acc: 0.5 } } }),
      node('broken', { state: 'failed', failure: { headline: 'It "broke" & fell.', facts: ['a < b'], hint: 'Mend it.' } }),
    ],
  },
  tables: [{ title: 'Scores', columns: ['stage', 'ACC'], rows: [['first', 0.25]] }],
  pictures: [{ node: 'train', name: 'views', extension: 'png', bytes: Uint8Array.of(137, 80, 78, 71) }],
  provenance: [
    {
      node: 'score',
      kind: 'kind',
      key: 'kk',
      artifact: 'aa',
      finished: 0,
      seconds: 1,
      seed: 7,
      params: { k: 10 },
      code: 'cc',
      files: { 'data.csv': 'ff' },
      environment: { device: 'onnx' },
    },
  ],
};

test('figures, tables, graph, curves, pictures, times and origins are there', () => {
  const text = page(report);
  for (const part of [
    '0.500',
    'Scores',
    '0.250',
    'loss: 5 → 3',
    'data:image/png;base64,iVBORw==',
    '2026-03-01 14:05 UTC',
    '{&quot;k&quot;:10}',
    'data.csv',
  ])
    expect(text).toContain(part);
  expect(text.match(/<rect\s+class="node/g)).toHaveLength(3);
  expect(text.match(/<rect\s+class="bar/g)).toHaveLength(3);
  expect(text.match(/<path\s+class="edge"/g)).toHaveLength(1);
});

test('nothing is fetched and no text becomes markup', () => {
  const text = page(report);
  expect(text).not.toMatch(/https?:|<script|<link|@import|url\(/);
  expect(text).toContain('&lt;script&gt;alert(1)&lt;/script&gt;');
  expect(text).toContain('It &quot;broke&quot; &amp; fell.');
});

test('templates escape text, keep markup, join lists and leave out nothing', () => {
  const bold = html`<b>${'<x>'}</b>`;
  expect(html`<p title="${'"'}">${[bold, bold]}${undefined}${false}${1}</p>`.text).toBe(
    '<p title="&quot;"><b>&lt;x&gt;</b><b>&lt;x&gt;</b>1</p>',
  );
});

test('variants are compared in a table and as lines through the axes of their params', () => {
  const entry = (at: number) => ({ label: `r#${at}`, params: { 'a.k': at, 'a.kind': at % 2 ? 'x' : 'y' }, metrics: { 's.acc': at / 10 } });
  const text = page({ ...report, comparison: compareEntries([1, 2, 3, 4].map(entry)) });
  expect(text.match(/<polyline\s+class="experiment"/g)).toHaveLength(4);
  expect(text.match(/<line\s+class="axis"/g)).toHaveLength(3);
  expect(page({ ...report, comparison: compareEntries([1, 2].map(entry)) })).not.toContain('class="experiment"');
});

test('axes are marked at round values inside their range', () => {
  const { place, ticks } = axis([0.13, 0.97], 0, 100);
  expect(ticks).toEqual([0.2, 0.4, 0.6, 0.8]);
  expect([place(0.13), place(0.97)]).toEqual([0, 100]);
  expect(axis([5, 5], 0, 10).ticks.length).toBeGreaterThan(1);
  expect(axis([-2, 3], 10, 0).place(3)).toBe(0);
});

test('time is marked at round seconds, minutes or hours', () => {
  const texts = (seconds: number): string[] => timeAxis(seconds, 0, 100).marks.map(({ text }) => text);
  expect(texts(30)).toEqual(['0 s', '5 s', '10 s', '15 s', '20 s', '25 s', '30 s']);
  expect(texts(2224)).toEqual(['0 min', '5 min', '10 min', '15 min', '20 min', '25 min', '30 min', '35 min']);
  expect(texts(6 * 3600)).toEqual(['0 h', '1 h', '2 h', '3 h', '4 h', '5 h', '6 h']);
  const { place, marks } = timeAxis(1200, 100, 200);
  expect(place(600)).toBeCloseTo(150);
  for (const { text, at } of marks) expect(at).toBeCloseTo(place(60 * parseFloat(text)));
});

test('the head of a column of figures stands over its figures', () => {
  const text = page(report);
  expect(text).toContain('<th class="figure">ACC</th>');
  expect(text).toContain('<th class="">stage</th>');
});
