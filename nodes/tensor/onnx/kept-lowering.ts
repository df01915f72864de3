// Lowered traces, kept between processes by the digest of all that they are made of.
import { createHash } from 'node:crypto';
import { readdirSync, readFileSync } from 'node:fs';
import { basename, dirname, join } from 'node:path';
import { fileURLToPath } from 'node:url';
import type { Trace } from '../executor.ts';
import type { Kept } from './kept.ts';
import { versionOf } from './library.ts';
import type { Lowered } from './plain.ts';

/** What `lower` makes of a trace, from before if it was kept. `manner` says all that it depends on beside the trace, this code and the library. */
export function lowerOnce(trace: Trace, manner: string, kept: Kept, lower: () => Lowered): Lowered {
  const name = createHash('sha256').update(`${versionOf()}\n${codeDigest()}\n${manner}\n`).update(traceDigest(trace)).digest('hex');
  const known = kept.get(name);
  if (known) return unpacked(known);
  const made = lower();
  kept.put(name, packed(made));
  return made;
}

/** Of everything in a trace. */
function traceDigest({ constants, ...rest }: Trace): Buffer {
  const hash = createHash('sha256');
  const exact = (_: string, value: unknown): unknown => (typeof value === 'number' && !Number.isFinite(value) ? String(value) : value);
  hash.update(JSON.stringify([rest, constants.map(({ value, array: { dtype, shape } }) => [value, dtype, shape])], exact));
  for (const { array } of constants) hash.update(new Uint8Array(array.data.buffer, array.data.byteOffset, array.data.byteLength));
  return hash.digest();
}

let digestOfCode: string | undefined;

/**
 * Of the code that lowers: of all files in its folder, since a bundle has it in some of them; as source it is in the folder above too. Read once a
 * process.
 */
export function codeDigest(): string {
  if (digestOfCode !== undefined) return digestOfCode;
  const own = fileURLToPath(import.meta.url);
  const folders = own.endsWith('.ts') ? [dirname(own), dirname(dirname(own))] : [dirname(own)];
  const files = folders.flatMap((folder) => readdirSync(folder).map((name) => join(folder, name)));
  const hash = createHash('sha256');
  for (const file of files.filter((name) => /\.[cm]?[jt]s$/.test(name)).sort()) hash.update(basename(file)).update(readFileSync(file));
  return (digestOfCode = hash.digest('hex'));
}

/** The length of the names in 4 bytes, the names as JSON, the model. */
function packed({ bytes, ...names }: Lowered): Uint8Array {
  const text = Buffer.from(JSON.stringify(names));
  const length = Buffer.alloc(4);
  length.writeUInt32LE(text.length);
  return Buffer.concat([length, text, bytes]);
}

function unpacked(content: Uint8Array): Lowered {
  const file = Buffer.from(content.buffer, content.byteOffset, content.byteLength);
  const end = 4 + file.readUInt32LE();
  return { ...(JSON.parse(file.toString('utf8', 4, end)) as Omit<Lowered, 'bytes'>), bytes: file.subarray(end) };
}
