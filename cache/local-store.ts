// What a store on this machine offers beyond the contract: answers at once, for planning. And the names that every store accepts.
import type { Digest, Key, Store } from './store.ts';

/** A blob by name and size. */
export interface BlobReference {
  readonly digest: Digest;
  readonly bytes: number;
}

/** A store that answers without waiting: a plan of a thousand nodes asks a thousand small questions. */
export interface LocalStore extends Store {
  /** As `getRecord`. */
  getRecordSync(key: Key): unknown;
  /** Whether every blob is there with its size. */
  hasAll(blobs: readonly BlobReference[]): boolean;
}

/** The digest itself. Throws a TypeError for anything but 64 lower-case hex digits, so that no name can leave a store. */
export function asDigest(name: string): Digest {
  if (typeof name !== 'string' || !/^[0-9a-f]{64}$/.test(name)) throw new TypeError(`not a digest: ${JSON.stringify(name)}`);
  return name as Digest;
}

/** The key itself. Throws a TypeError for anything but 32 lower-case hex digits. */
export function asKey(name: string): Key {
  if (typeof name !== 'string' || !/^[0-9a-f]{32}$/.test(name)) throw new TypeError(`not a key: ${JSON.stringify(name)}`);
  return name as Key;
}
