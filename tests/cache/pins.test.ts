// Pins: kept by name, told when they are damaged, and believed by a collection.
import { readdirSync, readFileSync, renameSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { expect, test } from 'vitest';
import { planCollection } from '../../cache/gc.ts';
import { takeInventory } from '../../cache/inventory.ts';
import { deletePin, readPins, writePin } from '../../cache/pins.ts';
import { temporaryFolder } from '../rig.ts';
import { content, keyOf, stockedCache } from './stocked.ts';

const NAMES = ['scan@01234567', '20260101-120000000-17', 'a/../b', '..', 'x[y.z=1]'];

test('pins are what was pinned, the oldest first; a name pinned again is replaced, and one that is let go is gone', () => {
  const folder = temporaryFolder();
  expect(readPins(folder)).toEqual({ pins: [], damaged: [] });
  NAMES.forEach((name, at) => writePin(folder, { name, keys: [keyOf(name)], pinned: 100 - at }));
  expect(readPins(folder).pins.map(({ name }) => name)).toEqual([...NAMES].reverse());
  writePin(folder, { name: '..', keys: [keyOf('other')], pinned: 200 });
  expect(readPins(folder).pins.at(-1)).toEqual({ name: '..', keys: [keyOf('other')], pinned: 200 });
  for (const name of [...NAMES, 'nobody']) deletePin(folder, name);
  expect(readPins(folder).pins).toEqual([]);
  expect(readdirSync(folder).sort()).toEqual(['pins', 'tmp']);
});

test('a pin in which any bit is flipped, and one under another name, is damaged and said to be', () => {
  const folder = temporaryFolder();
  writePin(folder, { name: 'scan', keys: [keyOf('scan')], pinned: 1 });
  const path = join(folder, 'pins', readdirSync(join(folder, 'pins'))[0]!);
  const whole = readFileSync(path);
  for (let bit = 0; bit < whole.length * 8; bit += 13) {
    const flipped = Buffer.from(whole);
    flipped[bit >> 3]! ^= 1 << (bit & 7);
    writeFileSync(path, flipped);
    expect(readPins(folder)).toEqual({ pins: [], damaged: [path] });
  }
  writeFileSync(path, whole);
  renameSync(path, join(folder, 'pins', 'other'));
  expect(readPins(folder)).toEqual({ pins: [], damaged: [join(folder, 'pins', 'other')] });
});

test('what is pinned stays whatever the cap, and is counted by itself', async () => {
  const cache = stockedCache();
  const { key } = await cache.result('pinned', 0, [content(50_000, 1)]);
  const { predicted } = await cache.result('by its alias', 0, [content(50_000, 1), content(20_000, 2)]);
  await cache.result('other', 1000, [content(50_000, 3)]);
  const plan = planCollection(takeInventory(cache.folder), {
    keep: new Set(),
    pinned: new Set([key, predicted]),
    maxBytes: 0,
    now: cache.later,
  });
  expect(plan.removals.map(({ node }) => node)).toEqual(['other']);
  expect([plan.bytesKept, plan.bytesPinned]).toEqual([0, 70_000]);
});

test('a blob that was written since a run under way began stays, whatever the clock says', async () => {
  const cache = stockedCache();
  const began = Date.now() - 1000;
  await cache.store.put(content(50_000, 1));
  const plan = (busySince?: number) =>
    planCollection(takeInventory(cache.folder), {
      keep: new Set(),
      maxBytes: 0,
      now: cache.later,
      ...(busySince === undefined ? {} : { busySince }),
    }).removals.map(({ what }) => what);
  expect(plan()).toEqual(['orphans']);
  expect(plan(began)).toEqual([]);
});
