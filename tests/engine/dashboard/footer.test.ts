import { describe, expect, it } from 'vitest';
import { barText } from '../../../engine/dashboard/bar.ts';
import { elsewhere, hint, totalsLine, waitingLines } from '../../../engine/dashboard/footer.ts';
import { sparkText } from '../../../engine/dashboard/sparkline.ts';
import { nothingYet, reduceAll, type NodeView } from '../../../engine/dashboard/state.ts';
import { textWidth } from '../../../engine/report/width.ts';
import { digitsRun, START, until } from './run.fixture.ts';

const waiting = (...names: string[]): NodeView[] => names.map((name) => ({ name, kind: name, inputs: [], phase: 'waiting' }));
const many = waiting(...Array.from({ length: 1000 }, (_, at) => `node${at}`));

describe('the waiting nodes', () => {
  it('stand in one line where they fit, in two where they do not', () => {
    expect(waitingLines(waiting('one', 'two', 'three'), 40)).toEqual(['one, two, three']);
    expect(waitingLines(waiting('one', 'two', 'three'), 10)).toEqual(['one, two,', 'three']);
    expect(waitingLines([], 40)).toEqual([]);
  });

  it('are counted where two lines are not enough', () => {
    const lines = waitingLines(many, 40);
    expect(lines).toHaveLength(2);
    const named = lines.join(' ').match(/node/g)?.length ?? 0;
    expect(lines[1]).toContain(`and ${1000 - named} more`);
  });

  it.each([5, 9, 17, 40, 80])('never exceed %d cells', (width) => {
    for (const line of waitingLines(many, width)) expect(textWidth(line)).toBeLessThanOrEqual(width);
  });

  it('say for whom they wait', () => {
    expect(elsewhere([...waiting('a'), { name: 'b', kind: 'b', inputs: [], phase: 'waiting', waitsFor: 'process 4711' }])).toEqual([
      'b waits for process 4711',
    ]);
  });
});

describe('the totals', () => {
  const state = reduceAll(nothingYet, until(digitsRun, 22));

  it('keep the most important where there is little room', () => {
    expect(totalsLine(state, START + 22_000, 100)).toMatch(/^1 executed · 3 cached · 7 left · 22 s · \d+ MB · 2 workers · onnx$/);
    expect(totalsLine(state, START + 22_000, 34)).toBe('1 executed · 3 cached · 7 left');
    expect(totalsLine(state, START + 22_000, 5)).toBe('');
  });

  it('say why it is that device, where there is room', () => {
    const chosen = { ...state, deviceReason: 'the fastest here' };
    expect(totalsLine(chosen, START + 22_000, 100)).toMatch(/ · onnx \(the fastest here\)$/);
    expect(totalsLine(chosen, START + 22_000, 75)).toMatch(/ · onnx$/);
  });

  it('come with the longest hint that fits', () => {
    expect(hint(80)).toContain('checkpoint');
    expect(hint(30)).toBe('Ctrl-C stops, twice kills');
    expect(hint(3)).toBe('');
  });
});

describe('small pictures', () => {
  it('a bar fills in half steps and always has its width', () => {
    expect(barText(0, 4).join('')).toBe('────');
    expect(barText(0.5, 4)).toEqual(['━━', '──']);
    expect(barText(0.625, 4)).toEqual(['━━╾', '─']);
    expect(barText(1.2, 4)).toEqual(['━━━━', '']);
  });

  it('a sparkline goes from the lowest value to the highest', () => {
    expect(sparkText([0, 1, 2, 3, 4, 5, 6, 7], 8)).toBe('▁▂▃▄▅▆▇█');
    expect(sparkText([5, 5], 8)).toBe('▁▁');
    expect(sparkText([], 8)).toBe('');
    expect(
      sparkText(
        Array.from({ length: 60 }, (_, at) => at),
        10,
      ),
    ).toHaveLength(10);
  });
});
