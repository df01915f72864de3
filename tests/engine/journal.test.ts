// Journals as they are found: whole, torn, damaged and forged.
import { mkdirSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { expect, test } from 'vitest';
import { parseEvent } from '../../engine/event-schema.ts';
import { eventLine, newEventLine, type Event } from '../../engine/events.ts';
import { describeRun, keysOfNewestRuns, runsUnderWay, listRuns, readEvents } from '../../engine/journal.ts';
import { plainReporter } from '../../engine/report/plain.ts';
import { seeded } from '../cache/seeded.ts';
import { temporaryFolder } from '../rig.ts';

const key = '0123456789abcdef0123456789abcdef';
const artifact = 'ab'.repeat(32);
const reason = { why: 'changed', text: 'params.k 1 → 2', changes: [{ leaf: 'params.k', old: 1, new: [2, null, 'x'] }] } as const;
const summary = {
  metrics: { acc: 0.5 },
  line: 'one line',
  warnings: ['careful'],
  table: { title: 't', columns: ['a'], rows: [['x'], [1]] },
};
const failure = { headline: 'It failed.', facts: ['a fact'], hint: 'a hint' };

/** One of each kind. */
const EVENTS: readonly Event[] = [
  {
    time: 1,
    event: 'run-started',
    version: 1,
    run: 'r',
    pipeline: 'pipeline.ts',
    jobs: 2,
    threads: 2,
    device: 'auto',
    nodes: [{ name: 'a', kind: 'k', inputs: [], state: 'stale', reason, lastSeconds: 2, key, summary }],
  },
  { time: 2, event: 'node-waiting', node: 'a', for: 'process 1' },
  { time: 3, event: 'node-cached', node: 'a', key, artifact, seconds: 1, summary },
  { time: 3, event: 'node-cached', node: 'b[name="\\n"]', key, artifact, seconds: 1e-7 },
  { time: 4, event: 'node-started', node: 'a', key, reason },
  {
    time: 5,
    event: 'node-progress',
    node: 'a',
    done: 1,
    total: 2,
    unit: 'epoch',
    metrics: { loss: NaN },
    throughput: { perSecond: 1, of: 'images' },
  },
  { time: 6, event: 'node-log', node: 'a', line: 'hello' },
  { time: 7, event: 'node-finished', node: 'a', key, artifact, seconds: 1, bytes: 2, resumed: true, summary },
  { time: 8, event: 'node-retried', node: 'a', attempt: 1, of: 2, pause: 1, failure },
  { time: 9, event: 'node-failed', node: 'a', seconds: 1, failure },
  { time: 10, event: 'node-skipped', node: 'b', because: 'a' },
  { time: 11, event: 'node-interrupted', node: 'a', seconds: 1 },
  { time: 12, event: 'warning', text: 'careful' },
  { time: 13, event: 'usage', memory: 1, workers: 1 },
  {
    time: 14,
    event: 'run-finished',
    executed: 1,
    cached: 0,
    failed: 0,
    interrupted: false,
    seconds: 1,
    nodes: { a: { state: 'executed', key, seconds: 1 } },
  },
];

test('every event comes back from its line, a loss of NaN too, and fields of a later version are kept', () => {
  for (const event of EVENTS) expect(parseEvent(eventLine(event)), event.event).toEqual(event);
  for (const event of EVENTS) expect(newEventLine(event)).toBe(eventLine(event));
  expect(parseEvent('{"event":"usage","memory":1,"workers":1,"later":[1],"time":1}')).toMatchObject({ later: [1] });
});

test('what is no event is none: torn lines, other JSON, events of a later version, wrong types, keys that are no keys', () => {
  const wrong = [
    '',
    '{"event":"usage","mem',
    'null',
    '7',
    '"usage"',
    '[]',
    '{}',
    '{"event":"telepathy","time":1}',
    '{"event":"constructor","time":1}',
    '{"event":"usage","memory":"1","workers":1,"time":1}',
    '{"event":"usage","memory":1,"workers":1}',
    eventLine({ ...EVENTS[3], key: '../../etc/passwd' } as Event),
  ];
  for (const line of wrong) expect(parseEvent(line), line).toBeUndefined();
});

test('a journal in which anything is changed is read without a crash, by everybody who reads journals', () => {
  const random = seeded(11);
  const folder = temporaryFolder();
  const run = '20260101-000000000-1';
  mkdirSync(join(folder, 'runs', run), { recursive: true });
  const whole = EVENTS.map((event) => `${eventLine(event)}\n`).join('');
  for (let round = 0; round < 120; round++) {
    const bytes = Buffer.from(whole);
    for (let change = 0; change <= round % 4; change++) bytes[Math.floor(random() * bytes.length)] = Math.floor(random() * 256);
    writeFileSync(join(folder, 'runs', run, 'events.jsonl'), bytes.subarray(0, Math.floor(bytes.length * Math.min(1, random() * 2))));
    expect(listRuns(folder)).toEqual([run]);
    describeRun(folder, run);
    runsUnderWay(folder);
    for (const each of keysOfNewestRuns(folder)) expect(each).toMatch(/^[0-9a-f]{32}$/);
    const report = plainReporter(() => {}, { color: false });
    for (const event of readEvents(folder, run)) report(event);
  }
});
