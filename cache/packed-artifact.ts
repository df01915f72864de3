// A whole artifact in one run of bytes, for a checkpoint or a file to send. Damage anywhere is noticed.
import type { Artifact } from './array.ts';
import { decodeArtifact, encodeArtifact } from './manifest.ts';
import { sha256 } from './digest.ts';
import type { Digest } from './store.ts';

/** Sections begin at multiples of this, so that arrays of any type can be views of them. */
const ALIGNMENT = 64;

/** Sections of [length, 8 bytes | SHA-256, 32 bytes | padding | content | padding]: the manifest, then its blobs. */
export function packArtifact(artifact: Artifact): Uint8Array {
  const { manifest, blobs } = encodeArtifact(artifact);
  const sections = [{ bytes: manifest, digest: sha256(manifest) }, ...blobs];
  const packed = Buffer.alloc(sections.reduce((sum, { bytes }) => sum + ALIGNMENT + padded(bytes.length), 0));
  let at = 0;
  for (const { bytes, digest } of sections) {
    packed.writeBigUInt64LE(BigInt(bytes.length), at);
    packed.write(digest, at + 8, 'hex');
    packed.set(bytes, at + ALIGNMENT);
    at += ALIGNMENT + padded(bytes.length);
  }
  return packed;
}

/** The artifact, its arrays views of the bytes; undefined where they are damaged or were written by another version. */
export function unpackArtifact(bytes: Uint8Array): Artifact | undefined {
  try {
    const sections = [...sectionsOf(Buffer.from(bytes.buffer, bytes.byteOffset, bytes.byteLength))];
    const [manifest] = sections;
    return manifest && decodeArtifact(manifest[1], new Map(sections));
  } catch {
    return undefined;
  }
}

function* sectionsOf(packed: Buffer): Generator<[Digest, Uint8Array]> {
  if (packed.length % ALIGNMENT !== 0) throw new Error('the end is missing');
  for (let at = 0; at < packed.length;) {
    const length = Number(packed.readBigUInt64LE(at));
    const digest = packed.toString('hex', at + 8, at + 40) as Digest;
    const content = packed.subarray(at + ALIGNMENT, at + ALIGNMENT + length);
    if (content.length !== length || sha256(content) !== digest) throw new Error('a section is damaged');
    yield [digest, content];
    at += ALIGNMENT + padded(length);
  }
}

function padded(length: number): number {
  return Math.ceil(length / ALIGNMENT) * ALIGNMENT;
}
