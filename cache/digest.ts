// The canonical encoding of plain data, and the hashes. xxHash for keys and change detection, SHA-256 for names of content.
import { createHash, hash as hashAtOnce } from 'node:crypto';
import type { XXHashAPI } from 'xxhash-wasm';
import { fold } from './plain.ts';
import type { Digest, Key } from './store.ts';

/** Bytes hashed at a time: large enough to be fast, small enough to stay in the processor's cache. Part of the meaning of `bytes`. */
export const BLOCK = 256 * 1024;

/** What the system's calls take at once: they count bytes in 32 bits. */
export const PIECE = 2 ** 30;

const SECOND_SEED = 0x243f6a8885a308d3n;

/** Synchronous xxHash. All results are 32 hex digits. */
export interface Hasher {
  /** xxh64 of the text under two seeds, 128 bits in all. */
  key(text: string): Key;
  /** For change detection: the `key` of the length and of one xxh64 for each block, so that content passes the processor once. */
  bytes(content: Uint8Array): string;
  /** `bytes` of content that arrives in pieces of any size. */
  stream(): HashStream;
}

export interface HashStream {
  update(content: Uint8Array): HashStream;
  digest(): string;
}

/**
 * JSON with sorted fields and no spaces: equal data gives equal text, whatever the order in which it was written.
 * Throws a TypeError naming the leaf for anything that is not plain data (see `fold`).
 */
export function canonical(value: unknown): string {
  return encode(value, 0) ?? explain(value);
}

/** Deeper data may be a cycle, and is left to the careful walk. */
const DEEP = 100;

/** The quick way, for the thousands of keys of a plan; undefined where it meets anything odd. */
function encode(value: unknown, depth: number): string | undefined {
  if (typeof value === 'string') return JSON.stringify(value);
  if (typeof value === 'number') return Number.isFinite(value) && !Object.is(value, -0) ? String(value) : undefined;
  if (value === null || typeof value === 'boolean') return String(value);
  if (typeof value !== 'object' || depth > DEEP) return undefined;
  const prototype: unknown = Object.getPrototypeOf(value);
  if (prototype === Array.prototype) return encodeList(value as readonly unknown[], depth);
  if (prototype === Object.prototype) return encodeRecord(value as { readonly [name: string]: unknown }, depth);
  return undefined;
}

function encodeList(list: readonly unknown[], depth: number): string | undefined {
  let text = '[';
  for (let index = 0; index < list.length; index++) {
    const item = encode(list[index], depth + 1);
    if (item === undefined) return undefined;
    text += index === 0 ? item : `,${item}`;
  }
  return `${text}]`;
}

function encodeRecord(record: { readonly [name: string]: unknown }, depth: number): string | undefined {
  if (Object.getOwnPropertySymbols(record).length > 0) return undefined;
  let text = '{';
  for (const name of Object.keys(record).sort()) {
    const field = encode(record[name], depth + 1);
    if (field === undefined) return undefined;
    text += `${text === '{' ? '' : ','}${JSON.stringify(name)}:${field}`;
  }
  return `${text}}`;
}

/** The careful way: the same text, or an error that says where and why not. */
function explain(value: unknown): string {
  return fold<string>(value, {
    leaf: (leaf) => JSON.stringify(leaf),
    list: (items) => `[${items.join(',')}]`,
    record: (fields) => `{${fields.map(([name, field]) => `${JSON.stringify(name)}:${field}`).join(',')}}`,
  });
}

/** The name of some content in every store. */
export function sha256(content: Uint8Array): Digest {
  if (content.length <= PIECE) return hashAtOnce('sha256', content, 'hex') as Digest;
  const hash = createHash('sha256');
  for (let at = 0; at < content.length; at += PIECE) hash.update(content.subarray(at, at + PIECE));
  return hash.digest('hex') as Digest;
}

let loading: Promise<Hasher> | undefined;

/** The hasher; its WebAssembly is compiled once a process. */
export function loadHasher(): Promise<Hasher> {
  return (loading ??= import('xxhash-wasm').then(async ({ default: load }) => hasherOf(await load())));
}

function hasherOf(xxhash: XXHashAPI): Hasher {
  const key = (text: string): Key => (xxhash.h64ToString(text, 0n) + xxhash.h64ToString(text, SECOND_SEED)) as Key;
  const stream = (): HashStream => blockwise((block) => xxhash.h64Raw(block, 0n), key);
  return { key, stream, bytes: (content) => stream().update(content).digest() };
}

function blockwise(hash: (block: Uint8Array) => bigint, key: (text: string) => Key): HashStream {
  const hashes: string[] = [];
  let length = 0;
  // What does not fill a block yet.
  let rest = new Uint8Array(0);
  const take = (block: Uint8Array): void => void hashes.push(hash(block).toString(16));
  const stream: HashStream = {
    update(content) {
      length += content.length;
      let at = 0;
      if (rest.length > 0) {
        at = Math.min(BLOCK - rest.length, content.length);
        rest = Buffer.concat([rest, content.subarray(0, at)]);
        if (rest.length < BLOCK) return stream;
        take(rest);
      }
      for (; content.length - at >= BLOCK; at += BLOCK) take(content.subarray(at, at + BLOCK));
      rest = new Uint8Array(content.subarray(at)); // A copy: the caller may use its buffer again.
      return stream;
    },
    digest: () => key([length, ...hashes, ...(rest.length > 0 ? [hash(rest).toString(16)] : [])].join(' ')),
  };
  return stream;
}
