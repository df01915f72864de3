// Action records: what a key led to, with everything needed to trust it, explain it and weigh it. Written last, after every blob is durable.
import type { Plain } from './array.ts';
import type { BlobReference, LocalStore } from './local-store.ts';
import type { Digest, Key } from './store.ts';

/** Raised when the meaning of a field changes; records of another schema are misses. */
export const ACTION_SCHEMA = 1;

/** What one execution of a node left behind. Stored under its resolved key; the predicted key holds an alias. */
export interface ActionRecord {
  readonly schema: number;
  /** The resolved key. */
  readonly key: Key;
  readonly predicted: Key;
  readonly node: string;
  readonly kind: string;
  /** Digest of the artifact's manifest. */
  readonly artifact: Digest;
  /** Everything the artifact needs, its manifest included. */
  readonly blobs: readonly BlobReference[];
  /** Sum of the blobs' sizes. */
  readonly bytes: number;
  /** The resolved key before it was hashed, and the digests behind its code. */
  readonly readable: { readonly key: { readonly [leaf: string]: Plain }; readonly parts: { readonly [part: string]: string } };
  /** Seconds that the execution took. */
  readonly seconds: number;
  /** When it ended, in milliseconds since 1970. */
  readonly finished: number;
  /** Device, threads, versions: recorded, not part of the key. */
  readonly environment: { readonly [name: string]: Plain };
  /** What the node said of its artifact. */
  readonly summary?: Plain;
}

/** What a plan needs of a record. */
export type Result = Pick<ActionRecord, 'key' | 'artifact' | 'blobs' | 'bytes' | 'seconds' | 'finished' | 'summary'>;

/** A pointer, stored under a predicted key. */
export interface Alias {
  readonly schema: number;
  readonly resolved: Key;
}

type Described = Omit<ActionRecord, 'schema' | 'readable' | 'summary'> & {
  readonly readable: { readonly key: object; readonly parts: { readonly [part: string]: string } };
  readonly summary?: object;
};

/** A record of the present schema. */
export function recordFrom(described: Described): ActionRecord {
  return { schema: ACTION_SCHEMA, ...described } as ActionRecord;
}

/** An alias of the present schema. */
export function aliasTo(resolved: Key): Alias {
  return { schema: ACTION_SCHEMA, resolved };
}

/** The record in what a store returned under a key, or undefined where it is none, of another schema, or that of another key. */
export function parseRecord(value: unknown, key: Key): ActionRecord | undefined {
  if (!isFields(value) || value['schema'] !== ACTION_SCHEMA || value['key'] !== key) return undefined;
  const { readable, blobs, environment } = value;
  const fits =
    isHex(value['key'], 32) &&
    isHex(value['predicted'], 32) &&
    isName(value['node']) &&
    isName(value['kind']) &&
    isHex(value['artifact'], 64) &&
    Array.isArray(blobs) &&
    blobs.every((blob) => isFields(blob) && isHex(blob['digest'], 64) && isSize(blob['bytes'])) &&
    blobs.some((blob: BlobReference) => blob.digest === value['artifact']) &&
    isSize(value['bytes']) &&
    isAmount(value['seconds']) &&
    isAmount(value['finished']) &&
    isFields(readable) &&
    isFields(readable['key']) &&
    isFields(readable['parts']) &&
    Object.values(readable['parts']).every((part) => typeof part === 'string') &&
    isFields(environment);
  return fits ? (value as unknown as ActionRecord) : undefined;
}

/** The key that an alias points to, or undefined where the value is no alias. */
export function parseAlias(value: unknown): Key | undefined {
  if (!isFields(value) || value['schema'] !== ACTION_SCHEMA) return undefined;
  return isHex(value['resolved'], 32) ? (value['resolved'] as Key) : undefined;
}

/** Whether every blob of the record is there with its size; only then the record counts. */
export function isComplete(store: Pick<LocalStore, 'hasAll'>, record: Pick<ActionRecord, 'blobs'>): boolean {
  return store.hasAll(record.blobs);
}

function isFields(value: unknown): value is { readonly [field: string]: unknown } {
  return typeof value === 'object' && value !== null && !Array.isArray(value);
}

/** Text that may be printed: no control characters, which a terminal would obey. */
function isName(value: unknown): boolean {
  return typeof value === 'string' && !/\p{Cc}/u.test(value);
}

function isHex(value: unknown, digits: number): boolean {
  return typeof value === 'string' && value.length === digits && /^[0-9a-f]*$/.test(value);
}

function isSize(value: unknown): boolean {
  return Number.isSafeInteger(value) && (value as number) >= 0;
}

function isAmount(value: unknown): boolean {
  return Number.isFinite(value) && (value as number) >= 0;
}
