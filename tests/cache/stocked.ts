// A cache folder with results in it, for tests of what looks at a cache from outside.
import { mkdirSync, utimesSync, writeFileSync } from 'node:fs';
import { dirname, join } from 'node:path';
import { sha256 } from '../../cache/digest.ts';
import { openStore } from '../../cache/disk.ts';
import { aliasTo, recordFrom, type ActionRecord } from '../../cache/record.ts';
import type { Key } from '../../cache/store.ts';
import { temporaryFolder } from '../rig.ts';

export const HOUR = 3_600_000;

/** A key that is the same for the same name. */
export const keyOf = (name: string): Key => sha256(Buffer.from(name)).slice(0, 32) as Key;

/** An empty cache and the means to fill it; `later` is a time at which nothing in it is young. */
export function stockedCache() {
  const folder = temporaryFolder();
  const store = openStore(folder);
  return {
    folder,
    store,
    later: Date.now() + 2 * HOUR,
    /** A result with these blobs, under the key of its name and with an alias. */
    async result(node: string, seconds: number, contents: readonly Uint8Array[]): Promise<ActionRecord> {
      const blobs = await Promise.all(contents.map(async (content) => ({ digest: await store.put(content), bytes: content.length })));
      const record = recordFrom({
        key: keyOf(node),
        predicted: keyOf(`predicted ${node}`),
        node,
        kind: `kind of ${node}`,
        artifact: blobs[0]!.digest,
        blobs,
        bytes: blobs.reduce((sum, { bytes }) => sum + bytes, 0),
        readable: { key: {}, parts: {} },
        seconds,
        finished: Date.now() + 1000,
        environment: {},
      });
      await store.putRecord(record.key, record);
      await store.putRecord(record.predicted, aliasTo(record.key));
      return record;
    },
    /** Any file in the cache, last written so many milliseconds ago. */
    file(path: string, bytes: number, age = 0): string {
      const file = join(folder, path);
      mkdirSync(dirname(file), { recursive: true });
      writeFileSync(file, Buffer.alloc(bytes, 1));
      const modified = new Date(Date.now() - age);
      utimesSync(file, modified, modified);
      return file;
    },
  };
}

/** So many bytes, different for each seed. */
export const content = (bytes: number, seed: number): Uint8Array => Buffer.alloc(bytes, `content ${seed}.`);
