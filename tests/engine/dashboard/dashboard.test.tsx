import { cleanup, render } from 'ink-testing-library';
import { afterEach, describe, expect, it } from 'vitest';
import { Dashboard } from '../../../engine/dashboard/Dashboard.tsx';
import { nothingYet, reduceAll } from '../../../engine/dashboard/state.ts';
import type { Event } from '../../../engine/events.ts';
import { createPaint } from '../../../engine/report/paint.ts';
import { textWidth } from '../../../engine/report/width.ts';
import { cachedRun, digitsRun, failedRun, planned, START, until } from './run.fixture.ts';

afterEach(cleanup);

/** What stands on a terminal of this size, `seconds` after the start of the run. */
function screen(run: readonly Event[], seconds: number, { width = 80, height = 30, color = false } = {}): string {
  const { stdout, rerender } = render(<></>);
  Object.defineProperty(stdout, 'columns', { value: width });
  rerender(
    <Dashboard
      state={reduceAll(nothingYet, until(run, seconds))}
      now={START + seconds * 1000}
      width={width}
      height={height}
      paint={createPaint(color)}
    />,
  );
  return stdout.lastFrame() ?? '';
}

const linesOf = (text: string): string[] => text.split('\n').map((line) => line.trimEnd());

describe('the dashboard while the encoder trains', () => {
  it('shows everything on a wide terminal', () => {
    const lines = linesOf(screen(digitsRun, 12, { width: 120 }));
    expect(lines[0]).toBe('pipeline.ts  11 nodes, 3 cached');
    expect(lines[1]).toBe('○ images         cached  1,797 images of 8×8, 10 classes');
    expect(lines[4]).toMatch(/^[⠀-⣿] encoder +━+[╾─]─+ {2}epoch 31\/56 {2}loss 4\.\d{3} {2}█[▁-█]+ +\d+ s left {2}9,\d{3} images\/s$/);
    expect(lines[5]).toBe('  params.epochs 40 → 56');
    expect(lines).toContain('waiting: embeddings, neighbours, baseline, clusters, labelled, mapping, scores');
    expect(lines.at(-2)).toMatch(/^0 executed · 3 cached · 8 left · 12 s · \d+ MB · 2 workers · onnx$/);
    expect(lines.at(-1)).toBe('Ctrl-C stops at the next checkpoint, Ctrl-C twice kills');
  });

  it('drops the sparkline, then the throughput, then the bar as the terminal narrows', () => {
    const row = (width: number): string => linesOf(screen(digitsRun, 12, { width })).find((line) => / encoder .*31\/56/.test(line)) ?? '';
    expect(row(80)).toMatch(/encoder +━+[╾─]─+ {2}epoch 31\/56 {2}loss 4\.\d{3} +\d+ s left {2}9,\d{3} images\/s$/);
    expect(row(62)).toMatch(/encoder +━+[╾─]─+ {2}epoch 31\/56 {2}loss 4\.\d{3} +\d+ s left$/);
    expect(row(50)).toMatch(/encoder +epoch 31\/56 {2}loss 4\.\d{3} +\d+ s left$/);
    expect(row(30)).toMatch(/encoder +epoch 31\/56$/);
  });

  it.each([120, 80, 50, 30, 12])('never writes a line longer than %d columns', (width) => {
    for (const [run, seconds] of [
      [digitsRun, 12],
      [digitsRun, 22.3],
      [digitsRun, 25],
      [digitsRun, 40],
      [digitsRun, 100],
      [cachedRun, 100],
    ] as const) {
      for (const line of linesOf(screen(run, seconds, { width, color: true }))) expect(textWidth(line), line).toBeLessThanOrEqual(width);
    }
  });

  it('gives one row to each node that runs at once', () => {
    const lines = linesOf(screen(digitsRun, 22.3));
    expect(lines.filter((line) => /^[⠀-⣿] (neighbours|baseline) /.test(line))).toHaveLength(2);
    expect(lines.some((line) => line.startsWith('✔ encoder        21.4 s  125,920 parameters'))).toBe(true);
  });

  it('is never as high as the terminal, however many nodes run', () => {
    const nodes = Array.from({ length: 50 }, (_, at) => ({ ...planned[0]!, name: `node${at}`, state: 'stale' as const }));
    const reason = { why: 'forced', text: 'forced by --force', changes: [] } as const;
    const run: Event[] = [
      { ...(digitsRun[0] as Event & { event: 'run-started' }), nodes },
      ...nodes.map(({ name }): Event => ({ time: START, event: 'node-started', node: name, key: 'k', reason })),
    ];
    for (const height of [10, 24]) {
      const live = linesOf(screen(run, 1, { height })).slice(1);
      expect(live.length).toBeLessThan(height);
      expect(live.some((line) => /and \d+ more running/.test(line))).toBe(true);
    }
  });

  it('only counts cached nodes where a crowd of them would bury the rest', () => {
    const nodes = Array.from({ length: 200 }, (_, at) => ({ ...planned[0]!, name: `node${at}` }));
    const run: Event[] = [
      { ...(digitsRun[0] as Event & { event: 'run-started' }), nodes },
      ...nodes.map(({ name }): Event => ({ time: START, event: 'node-cached', node: name, key: 'k', artifact: 'a', seconds: 1 })),
    ];
    const text = screen(run, 1);
    expect(linesOf(text).length).toBeLessThan(10);
    expect(text).toContain('200 cached');
  });

  it('has no escape sequences without colour', () => {
    expect(screen(digitsRun, 12)).not.toContain('\u001b');
    expect(screen(digitsRun, 12, { color: true })).toContain('\u001b[');
  });
});

describe('the dashboard at the end', () => {
  it('leaves the rows, the table, the warnings and one last line', () => {
    const lines = linesOf(screen(digitsRun, 100));
    expect(lines).toContain('  stage                    ACC    NMI    ARI  clusters');
    expect(lines).toContain('  self-labelled          0.984  0.965  0.966        10');
    expect(lines).toContain('! labelled: 2 images were left out: they have no neighbour.');
    expect(lines.at(-1)).toBe('✔ 8 executed, 3 cached in 45.2 s');
    expect(lines.join('\n')).not.toContain('Ctrl-C');
  });

  it('shows a failure with its facts and hint', () => {
    const lines = linesOf(screen(failedRun, 100));
    expect(lines).toContain('✖ labelled        1.8 s  No image agrees with 9 of its 10 neighbours.');
    expect(lines).toContain('↷ scores        skipped  needs labelled, which did not finish');
    expect(lines).toContain('  hint: Lower agreement (now 0.9), or train the encoder longer.');
    expect(lines.at(-1)).toBe('✖ 5 executed, 3 cached, 1 failed, 2 skipped in 45.2 s');
  });
});
