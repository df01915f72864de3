// A store that forgets everything with its process: for tests, and for runs that should leave nothing behind.
import { sha256 } from './digest.ts';
import { seal, unseal } from './seal.ts';
import { asDigest, asKey, type LocalStore } from './local-store.ts';
import type { Digest, Key } from './store.ts';

/** An empty store. It copies what it is given and what it gives, so that nobody can change what is kept. */
export function createMemoryStore(): LocalStore {
  const blobs = new Map<Digest, Uint8Array>();
  const records = new Map<Key, Uint8Array>();
  const has = (digest: Digest, bytes: number): boolean => blobs.get(asDigest(digest))?.length === bytes;
  const getRecordSync = (key: Key): unknown => {
    const sealed = records.get(asKey(key));
    return sealed && unseal(key, sealed);
  };
  const put = async (content: Uint8Array): Promise<Digest> => {
    const digest = sha256(content);
    if (!blobs.has(digest)) blobs.set(digest, new Uint8Array(content));
    return digest;
  };
  return {
    getRecordSync,
    hasAll: (wanted) => wanted.every(({ digest, bytes }) => has(digest, bytes)),
    has: async (digest, bytes) => has(digest, bytes),
    get: async (digest) => blobs.get(asDigest(digest))?.slice(),
    put,
    write: put,
    settle: async (digests) => digests.forEach(asDigest),
    getRecord: async (key) => getRecordSync(key),
    putRecord: async (key, record) => void records.set(asKey(key), seal(key, record)),
    deleteRecord: async (key) => void records.delete(asKey(key)),
  };
}
