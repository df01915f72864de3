import { describe, expect, it } from 'vitest';
import { COURSE_POINTS, emptyCourse, extend, resample } from '../../../engine/dashboard/course.ts';
import { secondsLeft, startPace, updatePace } from '../../../engine/dashboard/pace.ts';
import { nothingYet, reduce, reduceAll, totals } from '../../../engine/dashboard/state.ts';
import type { Event } from '../../../engine/events.ts';
import { digitsRun, failedRun, failure, interruptedRun, planned, START, until } from './run.fixture.ts';

const after = (run: readonly Event[], seconds = Infinity) => reduceAll(nothingYet, until(run, seconds));
const progress = (seconds: number, done: number, total = 56, more: object = {}): Event => ({
  time: START + seconds * 1000,
  event: 'node-progress',
  node: 'encoder',
  done,
  total,
  unit: 'epoch',
  ...more,
});

describe('the state of a run', () => {
  it('begins with every node waiting, in the order of the plan', () => {
    const state = after(digitsRun, 0);
    expect([...state.nodes.keys()]).toEqual(planned.map(({ name }) => name));
    expect(totals(state)).toMatchObject({ waiting: 11 });
    expect(state).toMatchObject({ pipeline: 'pipeline.ts', jobs: 2, threads: 2, device: 'onnx', startedAt: START, planned: { cached: 3 } });
  });

  it('is the same one event at a time and all at once, and leaves the state before alone', () => {
    let state = nothingYet;
    for (const event of digitsRun) {
      const before = structuredClone(state);
      const next = reduce(state, event);
      expect(state).toEqual(before);
      state = next;
    }
    expect(state).toEqual(reduceAll(nothingYet, digitsRun));
  });

  it('follows a node from waiting through running to done', () => {
    expect(after(digitsRun, 0.05).nodes.get('encoder')?.phase).toBe('waiting');
    const running = after(digitsRun, 10).nodes.get('encoder');
    expect(running).toMatchObject({
      phase: 'running',
      startedAt: START + 100,
      reason: { text: 'params.epochs 40 → 56' },
      progress: { total: 56, unit: 'epoch' },
    });
    expect(after(digitsRun, 21.5).nodes.get('encoder')).toMatchObject({
      phase: 'done',
      seconds: 21.4,
      bytes: 512_000,
      summary: { metrics: { loss: 3.871 } },
    });
  });

  it('keeps what is over in the order in which it ended', () => {
    const names = after(digitsRun).history.map((entry) => (entry.entry === 'node' ? entry.name : entry.text));
    expect(names).toEqual([
      'images',
      'views',
      'pixels',
      'encoder',
      'embeddings',
      'neighbours',
      'baseline',
      'clusters',
      'labelled',
      'mapping',
      'scores',
    ]);
  });

  it('counts as the engine does', () => {
    for (const run of [digitsRun, failedRun]) {
      const last = run.at(-1) as Event & { event: 'run-finished' };
      expect(totals(after(run))).toMatchObject({ done: last.executed, cached: last.cached, failed: last.failed, waiting: 0, running: 0 });
    }
  });

  it('keeps the failure of a node and who was skipped because of it', () => {
    const { nodes } = after(failedRun);
    expect(nodes.get('labelled')).toMatchObject({ phase: 'failed', failure });
    expect(nodes.get('scores')).toMatchObject({ phase: 'skipped', because: 'labelled' });
  });

  it('takes nodes below an interrupted one from the end of the run', () => {
    expect(totals(after(interruptedRun))).toMatchObject({ cached: 3, interrupted: 8, waiting: 0 });
    expect(after(interruptedRun).finished).toEqual({ seconds: 45.2, interrupted: true });
  });

  it('knows the memory last told, warnings and whom a node waits for', () => {
    const state = reduceAll(after(digitsRun, 0), [
      { time: START + 1, event: 'usage', memory: 3e8, workers: 1 },
      { time: START + 2, event: 'usage', memory: 2e8, workers: 2 },
      { time: START + 3, event: 'warning', text: 'a blob was damaged' },
      { time: START + 4, event: 'node-waiting', node: 'encoder', for: 'process 4711' },
    ]);
    expect(state.usage).toEqual({ memory: 2e8, workers: 2 });
    expect(state.history).toEqual([{ entry: 'warning', text: 'a blob was damaged' }]);
    expect(state.nodes.get('encoder')?.waitsFor).toBe('process 4711');
    expect(state.time).toBe(START + 4);
  });

  it('ignores a node that it was never told of', () => {
    const state = reduce(after(digitsRun, 0), { time: START + 1, event: 'node-log', node: 'stranger', line: 'hello' });
    expect(state.nodes.has('stranger')).toBe(false);
  });

  it('forgets pace and course when the work enters another phase', () => {
    const before = reduceAll(after(digitsRun, 0.1), [
      progress(1, 1, 56, { metrics: { loss: 5 } }),
      progress(2, 2, 56, { metrics: { loss: 4 } }),
    ]);
    expect(before.nodes.get('encoder')?.progress).toMatchObject({ course: { points: [5, 4] }, pace: { done: 2 } });
    const next = reduce(before, progress(3, 1, 10, { metrics: { accuracy: 0.5 } }));
    expect(next.nodes.get('encoder')?.progress).toMatchObject({ course: { points: [0.5] }, pace: { since: START + 3000, done: 1 } });
    expect(next.nodes.get('encoder')?.progress?.pace.perSecond).toBeUndefined();
  });
});

describe('the time left', () => {
  const left = (state: ReturnType<typeof after>, seconds: number) =>
    secondsLeft(state.nodes.get('encoder')!.progress!.pace, 56, START + seconds * 1000);

  it('is estimated from the first unit on, and runs down between reports', () => {
    const state = reduce(after(digitsRun, 0.1), progress(1.1, 1));
    expect(left(state, 1.1)).toBeCloseTo(55);
    expect(left(state, 11.1)).toBeCloseTo(45);
    expect(left(state, 1000)).toBe(0);
  });

  it('is not fooled by a node that continues from a checkpoint', () => {
    const resumed = reduce(after(digitsRun, 0.1), progress(0.6, 40));
    expect(left(resumed, 0.6)).toBeUndefined();
    expect(left(reduce(resumed, progress(2.6, 41)), 2.6)).toBeCloseTo(30);
  });

  it('is smooth: one slow unit among many moves it little, a lasting change moves it in time', () => {
    let pace = startPace(0, 0);
    for (let unit = 1; unit <= 20; unit++) pace = updatePace(pace, unit * 1000, unit);
    const slow = updatePace(pace, 23_000, 21);
    expect(slow.perSecond).toBeGreaterThan(0.85);
    for (let unit = 1; unit <= 30; unit++) pace = updatePace(pace, 20_000 + unit * 3000, 20 + unit);
    expect(pace.perSecond).toBeCloseTo(1 / 3, 1);
  });

  it('waits for time to pass: several reports in one millisecond are one measurement', () => {
    const pace = updatePace(updatePace(startPace(0, 0), 0, 5), 1000, 10);
    expect(pace.perSecond).toBe(10);
  });
});

describe('the course of a metric', () => {
  it('keeps the whole course in a bounded number of points', () => {
    let course = emptyCourse;
    for (let value = 0; value < 10_000; value++) {
      course = extend(course, value);
      expect(course.points.length).toBeLessThan(COURSE_POINTS);
    }
    expect(course.points[0]).toBeLessThan(500);
    expect(course.points.at(-1)).toBeGreaterThan(9000);
    expect(course.points).toEqual([...course.points].sort((one, other) => one - other));
  });

  it('leaves out what is not a number', () => {
    expect(extend(extend(emptyCourse, Number.NaN), 1).points).toEqual([1]);
  });

  it('is resampled by means, never to more points than there are', () => {
    expect(resample([1, 3, 5, 7], 2)).toEqual([2, 6]);
    expect(resample([1, 2], 5)).toEqual([1, 2]);
    expect(resample([1, 2, 3, 4, 5], 3)).toHaveLength(3);
  });
});
