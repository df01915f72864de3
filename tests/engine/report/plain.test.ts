import { describe, expect, it } from 'vitest';
import type { Event } from '../../../engine/events.ts';
import { jsonReporter } from '../../../engine/report/json.ts';
import { plainReporter } from '../../../engine/report/plain.ts';
import { cachedRun, digitsRun, failedRun, interruptedRun, START } from '../dashboard/run.fixture.ts';

function linesOf(run: readonly Event[], color = false): string[] {
  const lines: string[] = [];
  const tell = plainReporter((line) => lines.push(line), { color });
  for (const event of run) tell(event);
  return lines;
}

describe('the plain reporter', () => {
  it('tells each start and end in one line and ends with the figures', () => {
    const lines = linesOf(digitsRun);
    expect(lines[0]).toBe('pipeline.ts: 11 nodes, 2 jobs, 2 threads, device onnx');
    expect(lines).toContain('cached    images      1,797 images of 8×8, 10 classes');
    expect(lines).toContain('started   encoder     params.epochs 40 → 56');
    expect(lines).toContain('finished  encoder     in 21.4 s: 125,920 parameters, 56 epochs, loss 3.871');
    expect(lines.filter((line) => line.startsWith('started'))).toHaveLength(8);
    expect(lines).toContain('  self-labelled          0.984  0.965  0.966        10');
    expect(lines).toContain('! labelled: 2 images were left out: they have no neighbour.');
    expect(lines.at(-1)).toBe('✔ 8 executed, 3 cached in 45.2 s');
  });

  it('says why the device is that one, where none was asked for', () => {
    const [first, ...rest] = digitsRun;
    const [line] = linesOf([{ ...first, deviceReason: 'the fastest here' } as Event, ...rest]);
    expect(line).toMatch(/, device onnx \(the fastest here\)$/);
  });

  it('is sparse with progress: at most nine lines a node, none of them in its first two seconds', () => {
    const progress = linesOf(digitsRun).filter((line) => line.startsWith('progress'));
    for (const node of ['encoder', 'clusters', 'labelled']) {
      const lines = progress.filter((line) => line.includes(` ${node} `));
      expect(lines.length).toBeGreaterThan(0);
      expect(lines.length).toBeLessThanOrEqual(9);
    }
    expect(progress[0]).toMatch(/^progress {2}encoder {5}epoch \d+\/56, loss \d\.\d{3}, 9,\d{3} images\/s, \d+ s left$/);
    const quick: Event[] = [1, 2, 3, 4].map((done) => ({
      time: START + done,
      event: 'node-progress',
      node: 'encoder',
      done,
      total: 4,
      unit: 'step',
    }));
    const started = digitsRun.filter(
      (event) => event.event === 'run-started' || (event.event === 'node-started' && event.node === 'encoder'),
    );
    expect(linesOf([...started, ...quick]).filter((line) => line.startsWith('progress'))).toEqual([]);
  });

  it('ends a failed run with the failure in one silhouette and what it kept from running', () => {
    const lines = linesOf(failedRun);
    expect(lines).toContain('failed    labelled    after 1.8 s: No image agrees with 9 of its 10 neighbours.');
    expect(lines).toContain('skipped   scores      needs labelled, which did not finish');
    const at = lines.indexOf('✖ labelled: No image agrees with 9 of its 10 neighbours.');
    expect(lines.slice(at + 1, at + 4)).toEqual([
      '  The best agreement is 6 of 10.',
      '  The smallest cluster has 3 images.',
      '  hint: Lower agreement (now 0.9), or train the encoder longer.',
    ]);
    expect(lines.at(-1)).toBe('✖ 5 executed, 3 cached, 1 failed, 2 skipped in 45.2 s');
  });

  it('says of an interrupted run that the next one continues', () => {
    expect(linesOf(interruptedRun).at(-1)).toBe('‖ 0 executed, 3 cached, 8 left in 45.2 s; the next run continues from here');
  });

  it('says that everything was cached', () => {
    expect(linesOf(cachedRun).at(-1)).toBe('✔ 0 executed, 11 cached in 60 ms');
  });

  it('writes escape sequences only with colour', () => {
    expect(linesOf(digitsRun).join('')).not.toContain('\u001b');
    expect(linesOf(digitsRun, true).join('')).toContain('\u001b[');
  });
});

describe('the JSON reporter', () => {
  it('writes each event as one line with its kind first, and the end last', () => {
    const lines: string[] = [];
    const tell = jsonReporter((line) => lines.push(line));
    for (const event of digitsRun) tell(event);
    expect(lines.map((line) => JSON.parse(line) as Event)).toEqual(digitsRun);
    expect(lines.every((line) => line.startsWith('{"event":') && !line.includes('\n'))).toBe(true);
    expect(lines.at(-1)).toMatch(/^\{"event":"run-finished".*"executed":8,"cached":3,"failed":0/);
  });
});
