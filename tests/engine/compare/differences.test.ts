// Two runs beside each other, from made-up stories and records.
import { describe, expect, test } from 'vitest';
import { recordFrom } from '../../../cache/record.ts';
import type { Digest, Key } from '../../../cache/store.ts';
import { differencesOf } from '../../../engine/compare/differences.ts';
import type { NodeStory, Story } from '../../../engine/report/story.ts';

const key = (letter: string): Key => letter.repeat(32) as Key;
const records = new Map<Key, object>();
const store = { getRecordSync: (asked: Key): unknown => records.get(asked) };

/** Puts a record under a key of one letter; its readable key differs from others in what is given. */
function record(letter: string, readable: object, parts: { readonly [part: string]: string } = {}): void {
  const empty = { schema: 1, kind: 'k', code: JSON.stringify(parts), params: {}, inputs: {}, files: {}, env: {}, seed: 0 };
  const artifact = 'a'.repeat(64) as Digest;
  const plain = {
    node: 'n',
    kind: 'k',
    artifact,
    blobs: [{ digest: artifact, bytes: 1 }],
    bytes: 1,
    seconds: 1,
    finished: 1,
    environment: {},
  };
  records.set(
    key(letter),
    recordFrom({ ...plain, key: key(letter), predicted: key(letter), readable: { key: { ...empty, ...readable }, parts } }),
  );
}

const node = (name: string, letter: string, artifact = letter, more: Partial<NodeStory> = {}): NodeStory => ({
  name,
  kind: 'k',
  inputs: [],
  state: 'executed',
  key: key(letter),
  artifact,
  attempts: 1,
  curves: [],
  ...more,
});

const story = (run: string, nodes: readonly NodeStory[]): Story => ({
  run,
  pipeline: 'pipeline.ts',
  started: 0,
  seconds: 1,
  jobs: 1,
  threads: 1,
  device: 'auto',
  ended: 'finished',
  nodes,
  warnings: [],
});

describe('two runs', () => {
  test('that are the same have no differences', () => {
    const nodes = [node('a', '1'), node('b', '2')];
    expect(differencesOf(story('x', nodes), story('y', nodes), store)).toEqual([]);
  });

  test('differ in the leaves of a node, in those that follow from it, and in figures', () => {
    record('1', { params: { k: 10 } }, { 'lib/a.ts#f': '1' });
    record('2', { params: { k: 20 } }, { 'lib/a.ts#f': '2' });
    record('3', { inputs: { of: 'old' } });
    record('4', { inputs: { of: 'new' } });
    const metrics = (acc: number): Partial<NodeStory> => ({ summary: { metrics: { acc, same: 7 } } });
    const before = story('x', [node('a', '1', 'one'), node('b', '3', 'same', metrics(0.5))]);
    const after = story('y', [node('a', '2', 'two'), node('b', '4', 'same', metrics(0.75))]);
    expect(differencesOf(before, after, store)).toEqual([
      {
        node: 'a',
        what: 'own',
        changes: [
          { leaf: 'code lib/a.ts#f', old: '1', new: '2' },
          { leaf: 'params.k', old: 10, new: 20 },
        ],
        sameResult: false,
        metrics: {},
      },
      {
        node: 'b',
        what: 'follows',
        changes: [{ leaf: 'inputs.of', old: 'old', new: 'new' }],
        sameResult: true,
        metrics: { acc: { old: 0.5, new: 0.75 } },
      },
    ]);
  });

  test('may have nodes that the other has not, and keys that the cache has no more', () => {
    const before = story('x', [node('a', '1'), node('gone', '2')]);
    const after = story('y', [node('a', '9'), node('new', '3')]);
    expect(differencesOf(before, after, store).map(({ node: name, what }) => [name, what])).toEqual([
      ['a', 'unknown'],
      ['new', 'only in the second'],
      ['gone', 'only in the first'],
    ]);
  });
});
