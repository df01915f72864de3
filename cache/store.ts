// Where bytes live. A store knows content and names, nothing of nodes; `tests/cache/contract.ts` is what every store must pass.

declare const brand: unique symbol;
/** SHA-256 of some bytes, 64 hex digits: their name in every store. */
export type Digest = string & { readonly [brand]: 'digest' };
/** 128-bit xxHash of a readable key, 32 hex digits. */
export type Key = string & { readonly [brand]: 'key' };

/**
 * Content by digest and small records by key.
 *
 * The contract: `put` is durable and atomic when its promise resolves, and putting the same bytes twice is free; `write` is atomic, and durable
 * only when a later `settle` of its digest is done, also that of another process: many that were written settle together in little more time
 * than one. `get` returns exactly the bytes whose digest was asked, or undefined: damaged content is set aside, reported through `onDamage`,
 * and never returned. Who knows the content's `print` (xxHash, `Hasher.bytes`) gives it: damage shows by that too, several times faster than by
 * the digest. (Whoever may put content with a false print in place may as well put a false record there.)
 * `putRecord` replaces atomically; `getRecord` returns the last complete record or undefined. Keys and digests that are not
 * plain hex are refused, so that no name leaves the store. All methods may be called from several processes at once.
 */
export interface Store {
  has(digest: Digest, bytes: number): Promise<boolean>;
  get(digest: Digest, print?: string): Promise<Uint8Array | undefined>;
  put(content: Uint8Array): Promise<Digest>;
  write(content: Uint8Array): Promise<Digest>;
  settle(digests: readonly Digest[]): Promise<void>;
  getRecord(key: Key): Promise<unknown>;
  putRecord(key: Key, record: unknown): Promise<void>;
  deleteRecord(key: Key): Promise<void>;
}

/** Told of each damaged blob or record: what it was and what was done. */
export type OnDamage = (text: string) => void;
