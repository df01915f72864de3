import { expect, test } from 'vitest';
import { putArtifact } from '../../cache/artifact.ts';
import { openStore } from '../../cache/disk.ts';
import { readHistory, writeHistory } from '../../cache/history.ts';
import { aliasTo, isComplete, parseAlias, parseRecord, recordFrom, type ActionRecord } from '../../cache/record.ts';
import { createMemoryStore } from '../../cache/memory.ts';
import type { Digest, Key } from '../../cache/store.ts';
import { readdirSync, readFileSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { temporaryFolder } from '../rig.ts';

const KEY = '0123456789abcdef0123456789abcdef' as Key;
const PREDICTED = 'fedcba9876543210fedcba9876543210' as Key;

function record(change: object = {}): ActionRecord {
  const artifact = 'ab'.repeat(32) as Digest;
  return recordFrom({
    key: KEY,
    predicted: PREDICTED,
    node: 'clusters',
    kind: 'scan',
    artifact,
    blobs: [{ digest: artifact, bytes: 100 }],
    bytes: 100,
    readable: { key: { kind: 'scan', params: { k: 10 } }, parts: { 'nodes/scan.ts#scan': 'c0de' } },
    seconds: 2.5,
    finished: 1_700_000_000_000,
    environment: { device: 'cpu', threads: 2 },
    ...change,
  });
}

test('a record survives a store, with and without a summary', async () => {
  const store = openStore(temporaryFolder());
  for (const whole of [record(), record({ summary: { metrics: { acc: 0.98 } } })]) {
    await store.putRecord(KEY, whole);
    expect(parseRecord(store.getRecordSync(KEY), KEY)).toEqual(whole);
  }
});

test.each([
  { schema: 0 },
  { schema: 2 },
  { key: '../../x' },
  { key: PREDICTED },
  { predicted: KEY.toUpperCase() },
  { node: 7 },
  { node: 'evil\u001b[2J' },
  { kind: null },
  { artifact: 'ab' },
  { blobs: [] },
  { blobs: [{ digest: 'cd'.repeat(32), bytes: 1 }] },
  { blobs: [{ digest: 'ab'.repeat(32), bytes: -1 }] },
  { bytes: 1.5 },
  { readable: { key: {} } },
  { readable: { key: {}, parts: { a: 1 } } },
  { seconds: -1 },
  { finished: 'yesterday' },
  { environment: [] },
])('what is no record of this schema is none: %j', (change) => {
  expect(parseRecord({ ...record(), ...change }, KEY)).toBeUndefined();
});

test.each([undefined, null, 7, 'text', [], {}, aliasTo(KEY)])('%j is no record', (value) =>
  expect(parseRecord(value, KEY)).toBeUndefined(),
);

test('an alias leads to the resolved key, and nothing else does', () => {
  expect(parseAlias(aliasTo(KEY))).toBe(KEY);
  for (const value of [undefined, record(), { ...aliasTo(KEY), schema: 9 }, aliasTo('../x' as Key)])
    expect(parseAlias(value)).toBeUndefined();
});

test('a record counts only while every blob is there with its size', async () => {
  const store = createMemoryStore();
  const { digest: artifact, blobs, bytes } = await putArtifact(store, { some: 'thing' });
  expect(isComplete(store, record({ artifact, blobs, bytes }))).toBe(true);
  expect(isComplete(store, record({ artifact, blobs: [{ digest: artifact, bytes: bytes + 1 }], bytes }))).toBe(false);
  expect(isComplete(store, record())).toBe(false);
});

test('the history of a pipeline file comes back under its own name only', () => {
  const folder = temporaryFolder();
  expect(readHistory(folder, 'pipeline.ts')).toBeUndefined();
  writeHistory(folder, 'pipeline.ts', { clusters: { key: { params: { k: 10 } }, seconds: 2 } });
  writeHistory(folder, 'examples/pipeline.ts', {});
  writeHistory(folder, '../../outside', {});
  expect(readHistory(folder, 'pipeline.ts')).toEqual({ clusters: { key: { params: { k: 10 } }, seconds: 2 } });
  expect(readdirSync(join(folder, 'history'))).toHaveLength(3);
});

test('a damaged history is no history, never a wrong one', () => {
  const folder = temporaryFolder();
  writeHistory(folder, 'pipeline.ts', { clusters: { k: 10 } });
  const file = join(folder, 'history', readdirSync(join(folder, 'history'))[0]!);
  const whole = readFileSync(file);
  for (let at = 0; at < whole.length; at++) {
    const damaged = Buffer.from(whole);
    damaged[at]! ^= 4;
    writeFileSync(file, damaged);
    expect(readHistory(folder, 'pipeline.ts')).toBeUndefined();
  }
});
