// The suite that every store must pass: `storeContract('disk', () => openStore(temporaryFolder()))`.
import { describe, expect, test } from 'vitest';
import { loadHasher, sha256 } from '../../cache/digest.ts';
import type { Digest, Key, Store } from '../../cache/store.ts';

const bytes = (text: string): Uint8Array => new TextEncoder().encode(text);
const KEY = '0123456789abcdef0123456789abcdef' as Key;
const OTHER = 'fedcba9876543210fedcba9876543210' as Key;
/** Names that would leave a folder, or look like another name on some file system. */
const BAD_NAMES = [
  '',
  '..',
  '../../etc/passwd',
  '/etc/passwd',
  `${KEY}/..`,
  `${KEY}\n`,
  `${KEY.slice(1)}A`,
  `${KEY.slice(1)}\0`,
  'ab'.repeat(500),
];

export function storeContract(name: string, open: () => Store | Promise<Store>): void {
  describe(`The ${name} store keeps the contract`, () => {
    test('content is named by its SHA-256 and comes back byte for byte', async () => {
      const store = await open();
      const content = Uint8Array.from({ length: 100_000 }, (_, index) => (index * 7919) % 256);
      const digest = await store.put(content);
      expect(digest).toBe(sha256(content));
      expect(Buffer.from((await store.get(digest))!).equals(content)).toBe(true);
    });

    test('a print makes no difference to what comes back, even one that is wrong', async () => {
      const store = await open();
      const content = Uint8Array.from({ length: 3_000_001 }, (_, index) => (index * 7919) % 253);
      const digest = await store.put(content);
      for (const print of [(await loadHasher()).bytes(content), 'of something else', ''])
        expect(Buffer.from((await store.get(digest, print))!).equals(content), print).toBe(true);
      expect(await store.get(sha256(bytes('never')), 'print')).toBeUndefined();
    });

    test('empty content is content', async () => {
      const store = await open();
      const digest = await store.put(new Uint8Array());
      expect(await store.has(digest, 0)).toBe(true);
      expect(await store.get(digest)).toHaveLength(0);
    });

    test('a view into a larger buffer is stored without its surroundings', async () => {
      const store = await open();
      const digest = await store.put(bytes('…inside…').subarray(3, 9));
      expect(Buffer.from((await store.get(digest))!).toString()).toBe('inside');
    });

    test('content that is written is there at once, whole; settling it changes nothing, and settling nothing is no error', async () => {
      const store = await open();
      const content = Uint8Array.from({ length: 700_000 }, (_, index) => (index * 31) % 251);
      const digests = await Promise.all([content, content, bytes('small')].map((each) => store.write(each)));
      expect(digests.slice(0, 2)).toEqual([sha256(content), sha256(content)]);
      await store.settle(digests);
      await store.settle([]);
      expect(Buffer.from((await store.get(digests[0]!))!).equals(content)).toBe(true);
      expect(await store.put(content)).toBe(digests[0]);
    });

    test('content that was never put is not there', async () => {
      const store = await open();
      expect(await store.get(sha256(bytes('never')))).toBeUndefined();
      expect(await store.has(sha256(bytes('never')), 5)).toBe(false);
    });

    test('content counts as there only with its right size', async () => {
      const store = await open();
      const digest = await store.put(bytes('twelve bytes'));
      expect(await store.has(digest, 12)).toBe(true);
      expect(await store.has(digest, 11)).toBe(false);
    });

    test('changing what was put or got does not change what is kept', async () => {
      const store = await open();
      const content = bytes('original');
      const digest = await store.put(content);
      content.fill(0);
      (await store.get(digest))!.fill(1);
      expect(Buffer.from((await store.get(digest))!).toString()).toBe('original');
    });

    test('the same content put many times at once is kept once and whole', async () => {
      const store = await open();
      const content = new Uint8Array(300_000).fill(42);
      const digests = await Promise.all(Array.from({ length: 20 }, () => store.put(content)));
      expect(new Set(digests)).toEqual(new Set([sha256(content)]));
      expect(Buffer.from((await store.get(digests[0]!))!).equals(content)).toBe(true);
    });

    test('a record comes back as it was, and a later one replaces it', async () => {
      const store = await open();
      const record = { text: 'Köln 😀', list: [1, -2.5, 2 ** 40, null, true, []], nested: { '': {}, array: 'no array' } };
      expect(await store.getRecord(KEY)).toBeUndefined();
      await store.putRecord(KEY, record);
      expect(await store.getRecord(KEY)).toEqual(record);
      expect(await store.getRecord(OTHER)).toBeUndefined();
      await store.putRecord(KEY, { text: 'new' });
      expect(await store.getRecord(KEY)).toEqual({ text: 'new' });
    });

    test('a deleted record is gone, and deleting it again is no error', async () => {
      const store = await open();
      await store.putRecord(KEY, { some: 'thing' });
      await store.deleteRecord(KEY);
      await store.deleteRecord(KEY);
      expect(await store.getRecord(KEY)).toBeUndefined();
    });

    test('records written at once end as one of them, whole', async () => {
      const store = await open();
      const records = Array.from({ length: 20 }, (_, index) => ({ index, padding: 'x'.repeat(index * 100) }));
      await Promise.all(records.map((record) => store.putRecord(KEY, record)));
      expect(records).toContainEqual(await store.getRecord(KEY));
    });

    test('a record that is not plain data is refused by name and leaves the old one', async () => {
      const store = await open();
      await store.putRecord(KEY, { loss: 1 });
      await expect(store.putRecord(KEY, { loss: NaN })).rejects.toThrow('loss is NaN');
      await expect(store.putRecord(KEY, { when: new Date(0) })).rejects.toThrow('when is an instance of Date');
      expect(await store.getRecord(KEY)).toEqual({ loss: 1 });
    });

    test.each(BAD_NAMES)('the name %j is refused everywhere', async (bad) => {
      const store = await open();
      await expect(store.get(bad as Digest)).rejects.toThrow(TypeError);
      await expect(store.has(bad as Digest, 1)).rejects.toThrow(TypeError);
      await expect(store.settle([bad as Digest])).rejects.toThrow(TypeError);
      await expect(store.getRecord(bad as Key)).rejects.toThrow(TypeError);
      await expect(store.putRecord(bad as Key, {})).rejects.toThrow(TypeError);
      await expect(store.deleteRecord(bad as Key)).rejects.toThrow(TypeError);
    });
  });
}
