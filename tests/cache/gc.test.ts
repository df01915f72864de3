// What a collection takes and what it leaves, on caches made for it; times are arguments.
import { cpSync, existsSync, readdirSync, rmSync, statSync, symlinkSync, utimesSync, writeFileSync } from 'node:fs';
import { basename, join } from 'node:path';
import { expect, test } from 'vitest';
import { temporaryIn } from '../../cache/atomic-file.ts';
import { sha256 } from '../../cache/digest.ts';
import { collect, planCollection, type Collection } from '../../cache/gc.ts';
import { takeInventory, type Inventory } from '../../cache/inventory.ts';
import { isComplete } from '../../cache/record.ts';
import { acquire } from '../../cache/single-flight.ts';
import { lockFolders } from '../../cache/sweep.ts';
import { temporaryFolder } from '../rig.ts';
import { seeded } from './seeded.ts';
import { content, HOUR, keyOf, stockedCache } from './stocked.ts';

const NOTHING: ReadonlySet<string> = new Set();

/** Bytes of results' files, of which every record and alias takes less than one thousand. */
const BIG = 50_000;

const nodesIn = (inventory: Inventory): string[] => [...inventory.records.values()].map(({ node }) => node).sort();
const removed = ({ removals }: Collection): string[] => removals.map(({ what, node }) => (node === undefined ? what : `${what} ${node}`));

const filesIn = (folder: string): string[] =>
  readdirSync(folder, { recursive: true, encoding: 'utf8' })
    .filter((name) => statSync(join(folder, name)).isFile())
    .sort();

test('the results that are cheapest to make again for their size go first, until the cache is under its cap', async () => {
  const cache = stockedCache();
  await cache.result('dear', 100, [content(BIG, 1)]);
  await cache.result('cheap', 1, [content(BIG, 2)]);
  await cache.result('huge', 40, [content(4 * BIG, 3)]);
  const plan = planCollection(takeInventory(cache.folder), { keep: NOTHING, maxBytes: 2 * BIG, now: cache.later });
  expect(removed(plan)).toEqual(['result cheap', 'result huge']);
  collect(plan, { now: () => cache.later });
  const after = takeInventory(cache.folder);
  expect(nodesIn(after)).toEqual(['dear']);
  expect([after.blobs.size, after.aliases.size, after.recordFiles.size]).toEqual([1, 1, 2]);
});

test('states of finished trainings go before any result, the oldest first, and only as far as it takes', async () => {
  const cache = stockedCache();
  await cache.result('cheap', 0, [content(BIG, 1)]);
  const lineage = keyOf('lineage');
  for (const length of [1, 2, 3]) cache.file(`lineages/${lineage}-${length}`, BIG, length * HOUR);
  const inventory = takeInventory(cache.folder);
  expect(removed(planCollection(inventory, { keep: NOTHING, maxBytes: 5 * BIG, now: cache.later }))).toEqual([]);
  const plan = planCollection(inventory, { keep: NOTHING, maxBytes: 2.5 * BIG, now: cache.later });
  expect(removed(plan)).toEqual(['states']);
  collect(plan, { now: () => cache.later });
  const after = takeInventory(cache.folder);
  expect(after.states.map(({ name }) => name)).toEqual([`${lineage}-1`]);
  expect(nodesIn(after)).toEqual(['cheap']);
});

test('under its cap a cache without waste loses nothing, and a plan alone changes nothing', async () => {
  const cache = stockedCache();
  await cache.result('a', 1, [content(BIG, 1)]);
  const before = filesIn(cache.folder);
  expect(removed(planCollection(takeInventory(cache.folder), { keep: NOTHING, maxBytes: 2 * BIG, now: cache.later }))).toEqual([]);
  const plan = planCollection(takeInventory(cache.folder), { keep: NOTHING, maxBytes: 0, now: cache.later });
  expect(removed(plan)).toEqual(['result a']);
  expect(filesIn(cache.folder)).toEqual(before);
});

test('what must be kept stays whatever the cap, by its resolved or its predicted key', async () => {
  const cache = stockedCache();
  const kept = await cache.result('kept', 0, [content(BIG, 1)]);
  const cached = await cache.result('cached', 0, [content(BIG, 2)]);
  await cache.result('other', 1000, [content(BIG, 3)]);
  const plan = planCollection(takeInventory(cache.folder), { keep: new Set([kept.key, cached.predicted]), maxBytes: 0, now: cache.later });
  expect(removed(plan)).toEqual(['result other']);
  expect(plan.bytesKept).toBe(2 * BIG);
});

test('content that several results share weighs on none of them and stays for the last', async () => {
  const cache = stockedCache();
  await cache.result('twin', 1, [content(2000, 1), content(10 * BIG, 9)]);
  await cache.result('sibling', 2, [content(2000, 2), content(10 * BIG, 9)]);
  await cache.result('alone', 3, [content(BIG, 3)]);
  const plan = planCollection(takeInventory(cache.folder), { keep: NOTHING, maxBytes: 11 * BIG, now: cache.later });
  expect(removed(plan)).toEqual(['result alone']);
  const all = planCollection(takeInventory(cache.folder), { keep: new Set([keyOf('sibling')]), maxBytes: 0, now: cache.later });
  collect(all, { now: () => cache.later });
  const after = takeInventory(cache.folder);
  expect(nodesIn(after)).toEqual(['sibling']);
  expect(isComplete(cache.store, after.records.get(keyOf('sibling'))!)).toBe(true);
});

test('once a result is gone, its siblings are weighed again: what they shared is theirs alone now', async () => {
  const cache = stockedCache();
  await cache.result('twin', 1, [content(2000, 1), content(10 * BIG, 9)]);
  await cache.result('sibling', 2, [content(2000, 2), content(10 * BIG, 9)]);
  await cache.result('alone', 1.5, [content(2000, 3)]);
  const plan = planCollection(takeInventory(cache.folder), { keep: NOTHING, maxBytes: 0, now: cache.later });
  expect(removed(plan)).toEqual(['result twin', 'result sibling', 'result alone']);
});

test('orphans go when they are an hour old, and not before', async () => {
  const cache = stockedCache();
  const digest = await cache.store.put(content(BIG, 1));
  const plan = (now: number) => planCollection(takeInventory(cache.folder), { keep: NOTHING, maxBytes: Infinity, now });
  expect(removed(plan(Date.now() + HOUR - 60_000))).toEqual([]);
  expect(removed(plan(cache.later))).toEqual(['orphans']);
  collect(plan(cache.later), { now: () => cache.later });
  expect(await cache.store.has(digest, BIG)).toBe(false);
});

test('beside a record of another version no blob counts as an orphan', async () => {
  const cache = stockedCache();
  await cache.store.put(content(BIG, 1));
  await cache.store.putRecord(keyOf('future'), { schema: 999 });
  const inventory = takeInventory(cache.folder);
  expect(inventory.foreign).toEqual([keyOf('future')]);
  expect(removed(planCollection(inventory, { keep: NOTHING, maxBytes: 0, now: cache.later }))).toEqual([]);
});

test('a blob that a writer put again after its result was made stays, since its new record may be on its way', async () => {
  for (const putAgain of [false, true]) {
    const cache = stockedCache();
    const { artifact, finished } = await cache.result('old', 1, [content(BIG, 1)]);
    const blob = join(cache.folder, 'cas', artifact.slice(0, 2), artifact);
    const before = new Date(finished - 2 * HOUR);
    utimesSync(blob, before, before);
    await cache.store.putRecord(keyOf('old'), { ...((await cache.store.getRecord(keyOf('old'))) as object), finished: finished - HOUR });
    const plan = planCollection(takeInventory(cache.folder), { keep: NOTHING, maxBytes: 0, now: Date.now() });
    if (putAgain) await cache.store.put(content(BIG, 1));
    collect(plan);
    expect(takeInventory(cache.folder).records.size).toBe(0);
    expect(existsSync(blob)).toBe(putAgain);
  }
});

test('a result does not go when its blobs could not', async () => {
  const cache = stockedCache();
  await cache.result('fresh', 1, [content(BIG, 1)]);
  await cache.store.putRecord(keyOf('fresh'), { ...((await cache.store.getRecord(keyOf('fresh'))) as object), finished: 0 });
  const plan = (now: number) => planCollection(takeInventory(cache.folder), { keep: NOTHING, maxBytes: 0, now });
  expect(removed(plan(Date.now()))).toEqual([]);
  expect(removed(plan(cache.later))).toEqual(['result fresh']);
});

test('a result whose blobs are gone goes, even when it was used last', async () => {
  const cache = stockedCache();
  const record = await cache.result('torn', 1, [content(BIG, 1), content(BIG, 2)]);
  rmSync(join(cache.folder, 'cas', record.artifact.slice(0, 2), record.artifact));
  const plan = planCollection(takeInventory(cache.folder), { keep: new Set([record.key]), maxBytes: Infinity, now: cache.later });
  expect(removed(plan)).toEqual(['broken torn']);
  collect(plan, { now: () => cache.later });
  expect(filesIn(cache.folder)).toEqual([]);
});

test('a checkpoint goes when its result is complete and nobody holds its lock; unfinished training stays', async () => {
  const cache = stockedCache();
  await cache.result('trained', 1, [content(BIG, 1)]);
  await cache.result('again', 1, [content(BIG, 2)]);
  const finished = cache.file(`checkpoints/${keyOf('trained')}`, 300);
  cache.file(`checkpoints/${keyOf('again')}`, 300);
  cache.file(`checkpoints/${keyOf('unfinished')}`, 300);
  const release = await acquire(lockFolders(cache.folder).making, keyOf('again'));
  const plan = planCollection(takeInventory(cache.folder), { keep: NOTHING, maxBytes: Infinity, now: Date.now() });
  expect(removed(plan)).toEqual(['checkpoint trained']);
  collect(plan);
  await release();
  expect(existsSync(finished)).toBe(false);
  expect(readdirSync(join(cache.folder, 'checkpoints')).sort()).toEqual([keyOf('again'), keyOf('unfinished')].sort());
});

test('old quarantine, temporaries of dead writers, aimless aliases and logs beyond the newest 50 go', async () => {
  const cache = stockedCache();
  cache.file('quarantine/old', 10, 8 * 24 * HOUR);
  cache.file('quarantine/new', 10, 6 * 24 * HOUR);
  const alive = basename(temporaryIn(''));
  cache.file(`tmp/${alive.replace(/^\d+/, '0')}`, 10);
  cache.file(`tmp/${alive}`, 10);
  await cache.result('gone', 1, [content(BIG, 1)]);
  await cache.store.deleteRecord(keyOf('gone'));
  for (let run = 0; run < 53; run++) cache.file(`runs/${1000 + run}/events.jsonl`, 10, run === 1 ? 0 : 2 * HOUR);
  const plan = planCollection(takeInventory(cache.folder), { keep: NOTHING, maxBytes: Infinity, now: Date.now() });
  expect(removed(plan).sort()).toEqual(['aliases', 'quarantine', 'runs', 'temporaries']);
  collect(plan);
  expect(readdirSync(join(cache.folder, 'quarantine'))).toEqual(['new']);
  expect(readdirSync(join(cache.folder, 'tmp'))).toEqual([alive]);
  expect(readdirSync(join(cache.folder, 'runs')).sort().slice(0, 2)).toEqual(['1001', '1003']);
});

test('random caches: the sizes are true, the cap holds, what stays is whole and what is kept stays', async () => {
  const random = seeded(7);
  const below = (end: number): number => Math.floor(random() * end);
  for (let round = 0; round < 12; round++) {
    const cache = stockedCache();
    const nodes = Array.from({ length: 2 + below(8) }, (_, index) => `n${index}`);
    for (const node of nodes)
      await cache.result(
        node,
        below(100),
        Array.from({ length: 1 + below(4) }, () => below(12)).map((seed) => content(100 * (seed + 1), seed)),
      );
    const keep = new Set(nodes.filter(() => random() < 0.3).map(keyOf));
    const maxBytes = below(12_000);
    const plan = planCollection(takeInventory(cache.folder), { keep, maxBytes, now: cache.later });
    collect(plan, { now: () => cache.later });
    const after = takeInventory(cache.folder);
    const left = filesIn(cache.folder).reduce((sum, file) => sum + statSync(join(cache.folder, file)).size, 0);
    expect(left).toBe(plan.bytesAfter);
    const records = [...after.records.values()];
    expect(left <= maxBytes || records.every(({ key }) => keep.has(key))).toBe(true);
    expect(records.every((record) => isComplete(cache.store, record))).toBe(true);
    expect([...keep].every((key) => after.records.has(key))).toBe(true);
    const needed = new Set(records.flatMap(({ blobs }) => blobs.map(({ digest }) => digest)));
    expect([...after.blobs.keys()].every((digest) => needed.has(digest))).toBe(true);
  }
});

test('killed after any deletion, a collection leaves no record without its blobs, and the next one finishes', async () => {
  const cache = stockedCache();
  for (const node of [0, 1, 2, 3]) await cache.result(`n${node}`, node, [content(3000, node), content(3000, node % 2)]);
  const steps = (plan: Collection) => plan.removals.flatMap(({ files, blobs }) => [...files, ...blobs]);
  const copy = (): string => {
    const folder = temporaryFolder();
    cpSync(cache.folder, folder, { recursive: true, preserveTimestamps: true });
    return folder;
  };
  const planOf = (folder: string) => planCollection(takeInventory(folder), { keep: NOTHING, maxBytes: 0, now: cache.later });
  const total = steps(planOf(cache.folder)).length;
  expect(total).toBe(12);
  for (let killed = 0; killed <= total; killed++) {
    const folder = copy();
    for (const { path } of steps(planOf(folder)).slice(0, killed)) rmSync(path);
    const inventory = takeInventory(folder);
    for (const { blobs } of inventory.records.values()) expect(blobs.every(({ digest }) => inventory.blobs.has(digest))).toBe(true);
    collect(planOf(folder), { now: () => cache.later });
    expect(filesIn(folder)).toEqual([]);
  }
});

test('a link in the cache is never followed nor counted', async () => {
  const cache = stockedCache();
  const outside = join(temporaryFolder(), 'precious');
  writeFileSync(outside, 'precious');
  const digest = sha256(Buffer.from('precious'));
  cache.file(`cas/${digest.slice(0, 2)}/x`, 1);
  symlinkSync(outside, join(cache.folder, 'cas', digest.slice(0, 2), digest));
  const plan = planCollection(takeInventory(cache.folder), { keep: NOTHING, maxBytes: 0, now: cache.later });
  collect(plan, { now: () => cache.later });
  expect(removed(plan)).toEqual([]);
  expect(existsSync(outside)).toBe(true);
});
