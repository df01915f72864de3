// A run told from its events.
import { expect, test } from 'vitest';
import type { Event, PlannedNode } from '../../../engine/events.ts';
import { tell } from '../../../engine/report/story.ts';

const planned = (name: string, inputs: readonly string[] = []): PlannedNode => ({
  name,
  kind: 'k',
  inputs,
  state: 'stale',
  key: `key of ${name}`,
});
const reason = { why: 'new', text: 'never ran', changes: [] } as const;
const failure = { headline: 'told to fail', facts: [] };
const start: Event = {
  time: 1000,
  event: 'run-started',
  version: 1,
  run: 'r',
  pipeline: 'pipeline.ts',
  jobs: 2,
  threads: 2,
  device: 'auto',
  nodes: [planned('a'), planned('b', ['a']), planned('c', ['b']), planned('d')],
};
const events: Event[] = [
  start,
  { time: 1000, event: 'node-cached', node: 'd', key: 'kd', artifact: 'ad', seconds: 9, summary: { metrics: { acc: 1 } } },
  { time: 1500, event: 'node-started', node: 'a', key: 'ka', reason },
  { time: 2000, event: 'node-progress', node: 'a', done: 1, total: 2, unit: 'epoch', metrics: { loss: 3, lr: 0.1 } },
  { time: 2500, event: 'node-progress', node: 'a', done: 2, total: 2, unit: 'epoch', metrics: { loss: 2 } },
  { time: 3000, event: 'node-finished', node: 'a', key: 'ka', artifact: 'aa', seconds: 1.5, bytes: 7, resumed: false },
  { time: 3000, event: 'node-started', node: 'b', key: 'kb', reason },
  { time: 3100, event: 'node-retried', node: 'b', attempt: 1, of: 2, pause: 0, failure },
  { time: 3200, event: 'node-started', node: 'b', key: 'kb', reason },
  { time: 4000, event: 'node-failed', node: 'b', seconds: 0.8, failure },
  { time: 4000, event: 'node-skipped', node: 'c', because: 'b' },
  { time: 4000, event: 'warning', text: 'mind this' },
];

test('nodes have their state, times, attempts and curves', () => {
  const story = tell(events)!;
  expect(story).toMatchObject({ run: 'r', seconds: 3, ended: 'open', warnings: ['mind this'] });
  const [a, b, c, d] = story.nodes;
  expect(a).toMatchObject({ state: 'executed', seconds: 1.5, ran: { from: 0.5, to: 2 }, artifact: 'aa', bytes: 7, attempts: 1 });
  expect(a!.curves).toEqual([{ metric: 'loss', unit: 'epoch', points: [[1, 3], [2, 2]] }]); // prettier-ignore
  expect(b).toMatchObject({ state: 'failed', ran: { from: 2, to: 3 }, failure, attempts: 2 });
  expect(c).toMatchObject({ state: 'skipped' });
  expect(d).toMatchObject({ state: 'cached', seconds: 9, summary: { metrics: { acc: 1 } } });
  expect(d!.ran).toBeUndefined();
});

test('what does not begin as a run is no story', () => {
  expect(tell([])).toBeUndefined();
  expect(tell(events.slice(1))).toBeUndefined();
});
