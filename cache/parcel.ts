// Results in one file, to be carried to another cache: a line that says what it is, a sealed index of records, then every blob that they need,
// one after the other, in the order and with the sizes of the index. No names of files and no links: so none can lead anywhere.
import { createHash } from 'node:crypto';
import type { FileHandle } from 'node:fs/promises';
import { canonical } from './digest.ts';
import type { BlobReference } from './local-store.ts';
import { parseRecord, type ActionRecord } from './record.ts';
import { seal, unseal } from './seal.ts';
import type { Digest, Key } from './store.ts';

/** Raised when a version that knows only earlier numbers would misread a parcel. This version reads this number and all before it. */
export const PARCEL_FORMAT = 1;

/** Bytes of an index: more are no index that a person exported. */
const LONGEST_INDEX = 2 ** 27;
/** Bytes of the first line. */
const LONGEST_HEAD = 100;
const HEAD = /^kith results, format (\d{1,9}) \((\d{1,9})\), index of (\d{1,9}) bytes\n/;

/** What is in a parcel. Every record has its blobs here, and every alias its record. */
export interface ParcelIndex {
  readonly records: readonly ActionRecord[];
  /** Predicted and resolved keys. */
  readonly aliases: readonly (readonly [Key, Key])[];
  readonly blobs: readonly BlobReference[];
}

/** A parcel that cannot be made or must not be taken: `headline` says why, `hint` what to do. */
export class UnusableParcel extends Error {
  override readonly name = 'UnusableParcel';
  constructor(
    readonly headline: string,
    readonly hint: string,
  ) {
    super(headline);
  }
}

/** Refused with one sentence, whatever it is that does not fit. */
export const damagedParcel = (what: string): UnusableParcel =>
  new UnusableParcel(`The file is damaged: ${what}. Nothing was changed.`, 'Copy it again, or export it again.');

/** Each blob that the records need, once. */
export function blobsOf(records: readonly Pick<ActionRecord, 'blobs'>[]): BlobReference[] {
  return [...new Map(records.flatMap(({ blobs }) => blobs.map((blob) => [blob.digest, blob] as const))).values()];
}

/** The head and the index. Throws an UnusableParcel for more results than one file takes. */
export function encodeIndex({ records, aliases }: Omit<ParcelIndex, 'blobs'>): Uint8Array {
  const index = seal('index', { records, aliases });
  if (index.length > LONGEST_INDEX)
    throw new UnusableParcel('These are more results than one file takes.', 'Export fewer nodes at a time, or copy the folder .kith.');
  return Buffer.concat([Buffer.from(`kith results, format ${PARCEL_FORMAT} (${PARCEL_FORMAT}), index of ${index.length} bytes\n`), index]);
}

/** The index of a parcel that somebody gave us, and where its blobs begin. Rejects with an UnusableParcel unless everything in it fits. */
export async function readIndex(file: FileHandle): Promise<ParcelIndex & { readonly start: number }> {
  const stat = await file.stat();
  const head = stat.isFile() ? HEAD.exec((await bytesAt(file, 0, Math.min(LONGEST_HEAD, stat.size))).toString('latin1')) : null;
  if (!head) throw new UnusableParcel('The file is none that kith cache export made.', 'Name a file that it made.');
  const [line, format, again, length] = [head[0], Number(head[1]), Number(head[2]), Number(head[3])];
  if (format !== again) throw damagedParcel('its first line says two things');
  if (format > PARCEL_FORMAT)
    throw new UnusableParcel(
      `The file was written by a newer version of Kith (format ${format}; this one knows ${PARCEL_FORMAT}).`,
      'Use that version.',
    );
  if (length > LONGEST_INDEX || line.length + length > stat.size) throw damagedParcel('its index is longer than it can be');
  const index = parseIndex(await bytesAt(file, line.length, length));
  const start = line.length + length;
  const expected = index.blobs.reduce((sum, { bytes }) => sum + bytes, start);
  if (expected !== stat.size) throw damagedParcel(`it has ${stat.size} bytes where ${expected} should be`);
  return { ...index, start };
}

/** What the sealed index says, if all of it belongs together. */
function parseIndex(sealed: Uint8Array): ParcelIndex {
  try {
    const { records, aliases } = unseal('index', sealed) as { readonly records: readonly ActionRecord[]; readonly aliases: [Key, Key][] };
    const keys = new Set<string>();
    for (const record of records) {
      if (!parseRecord(record, record.key)) throw damagedParcel('a record in it is none of this version');
      if (record.bytes !== blobsOf([record]).reduce((sum, { bytes }) => sum + bytes, 0)) throw damagedParcel('a record in it miscounts');
      canonical(record); // Throws for what could not be stored.
      keys.add(record.key);
    }
    const sizes = new Map<Digest, number>();
    for (const { digest, bytes } of records.flatMap(({ blobs }) => blobs)) {
      if ((sizes.get(digest) ?? bytes) !== bytes) throw damagedParcel('a blob has two sizes');
      sizes.set(digest, bytes);
    }
    if (!aliases.every((alias) => alias.length === 2 && /^[0-9a-f]{32}$/.test(alias[0]) && keys.has(alias[1]) && !keys.has(alias[0])))
      throw damagedParcel('an alias in it leads nowhere');
    return { records, aliases, blobs: blobsOf(records) };
  } catch (error) {
    throw error instanceof UnusableParcel ? error : damagedParcel(`its index cannot be read (${(error as Error).message})`);
  }
}

/** Bytes at a position. Rejects where the file ends before. */
async function bytesAt(file: FileHandle, position: number, length: number): Promise<Buffer> {
  const content = Buffer.allocUnsafe(length);
  for (let at = 0; at < length;) {
    const { bytesRead } = await file.read(content, at, length - at, position + at);
    if (bytesRead === 0) throw damagedParcel('it ends too early');
    at += bytesRead;
  }
  return content;
}

/** Copies so many bytes from a position of one file to the end of another, piece by piece, and says their digest. */
export async function copyBytes(from: FileHandle, position: number, length: number, to: FileHandle): Promise<Digest> {
  const [hash, piece] = [createHash('sha256'), Buffer.allocUnsafe(Math.min(length, 2 ** 20))];
  for (let at = 0; at < length;) {
    const { bytesRead } = await from.read(piece, 0, Math.min(piece.length, length - at), position + at);
    if (bytesRead === 0) throw damagedParcel('it ends too early');
    const part = piece.subarray(0, bytesRead);
    hash.update(part);
    await to.writeFile(part);
    at += bytesRead;
  }
  return hash.digest('hex') as Digest;
}
