import { describe, expect, it } from 'vitest';
import { tableText } from '../../../engine/report/table.ts';
import { textWidth } from '../../../engine/report/width.ts';

const scores = {
  title: 'Digits',
  columns: ['stage', 'ACC', 'images'],
  rows: [
    ['k-means on pixels', 0.79294, 1797],
    ['SCAN', 1, 12],
  ],
} as const;

describe('a text table', () => {
  it('aligns text left and numbers right, to three decimals where one of the column has any', () => {
    expect(tableText(scores, { color: false }).split('\n')).toEqual([
      'Digits',
      'stage                ACC  images',
      'k-means on pixels  0.793   1,797',
      'SCAN               1.000      12',
    ]);
  });

  it('shrinks its text columns to the width, never its numbers', () => {
    const lines = tableText(scores, { color: false, width: 26, indent: 2 }).split('\n');
    expect(Math.max(...lines.map(textWidth))).toBeLessThanOrEqual(26);
    expect(lines[2]).toBe('  k-means…   0.793   1,797');
  });

  it('cuts what cannot shrink', () => {
    const lines = tableText(scores, { color: false, width: 12 }).split('\n');
    expect(Math.max(...lines.map(textWidth))).toBeLessThanOrEqual(12);
  });

  it('leaves a missing cell and a missing title empty', () => {
    expect(tableText({ title: '', columns: ['a', 'b'], rows: [['x']] }, { color: false })).toBe('a  b\nx');
  });

  it('keeps a cell on its line', () => {
    expect(tableText({ title: '', columns: ['a'], rows: [['x\ny']] }, { color: false }).split('\n')).toHaveLength(2);
  });

  it('has no escape sequences without colour and some with it', () => {
    expect(tableText(scores, { color: false })).not.toContain('\u001b');
    expect(tableText(scores, { color: true })).toContain('\u001b[');
  });
});
