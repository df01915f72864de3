// An artifact ⇄ blobs: a manifest with the plain fields and one raw blob for each large array. Numbers are little-endian, as on every
// processor that Node's releases run on but one. Loading makes views of the bytes, never objects of a class. Knows no store.
import { isNdArray, type Artifact, type DType, type NdArray } from './array.ts';
import { sha256, type Hasher } from './digest.ts';
import { asDigest, type BlobReference } from './local-store.ts';
import { pack, unpack } from './pack.ts';
import { fold } from './plain.ts';
import type { Digest } from './store.ts';

/** Raised when the form of manifests changes. */
const MANIFEST_SCHEMA = 1;
/** Smaller arrays live inside the manifest: a file each would cost more than the bytes. */
const INLINE_BELOW = 1024;

const CONSTRUCTORS = { uint8: Uint8Array, int32: Int32Array, uint32: Uint32Array, float32: Float32Array, float64: Float64Array } as const;

export interface EncodedBlob {
  readonly bytes: Uint8Array;
  readonly digest: Digest;
}

/**
 * In a manifest an array is `{ array: dtype, shape, bytes, digest and print | inline }`, and a record that has a field `array` or `record`
 * itself is wrapped as `{ record: fields }`, so that neither is taken for the other.
 */
interface ArrayReference {
  readonly array: DType;
  readonly shape: readonly number[];
  readonly bytes: number;
  readonly digest?: Digest;
  /** The xxHash of the bytes, by which a store knows them again several times faster; older versions wrote none. */
  readonly print?: string;
  readonly inline?: Uint8Array;
}

/** A blob that a manifest names. */
export interface PrintedBlob extends BlobReference {
  readonly print?: string;
}

/**
 * Deterministic: equal artifacts give equal bytes. With a hasher each array gets its print. The blobs are views of the arrays. Throws a TypeError
 * naming what is neither plain nor an array.
 */
export function encodeArtifact(
  artifact: Artifact,
  hasher?: Pick<Hasher, 'bytes'>,
): { readonly manifest: Uint8Array; readonly blobs: readonly EncodedBlob[] } {
  const blobs = new Map<Digest, EncodedBlob>();
  const tree = fold<unknown>(artifact, {
    leaf: (leaf) => leaf,
    list: (items) => items,
    record: (fields) => escape(Object.fromEntries(fields)),
    special: (object, path) => (isNdArray(object) ? referTo(object, path, { blobs, hasher }) : undefined),
  });
  if (Array.isArray(artifact) || isNdArray(artifact)) throw new TypeError('an artifact must be a record');
  return { manifest: pack({ schema: MANIFEST_SCHEMA, artifact: tree }), blobs: [...blobs.values()] };
}

/** The artifact, its arrays views of the bytes given (copied only where misaligned). Throws where the manifest is malformed or a blob is missing or too short. */
export function decodeArtifact(manifest: Uint8Array, blobs: ReadonlyMap<Digest, Uint8Array>): Artifact {
  return build(treeOf(manifest), (reference) => arrayOf(reference, blobs)) as Artifact;
}

/** The blobs that a manifest names, each once. Throws where it is malformed. */
export function referencesIn(manifest: Uint8Array): readonly PrintedBlob[] {
  const found = new Map<Digest, PrintedBlob>();
  build(treeOf(manifest), ({ digest, bytes, print }) => {
    if (digest !== undefined) found.set(asDigest(digest), { digest, bytes, ...(typeof print === 'string' ? { print } : {}) });
  });
  return [...found.values()];
}

function escape(fields: { readonly [name: string]: unknown }): unknown {
  return 'array' in fields || 'record' in fields ? { record: fields } : fields;
}

interface Encoding {
  readonly blobs: Map<Digest, EncodedBlob>;
  readonly hasher: Pick<Hasher, 'bytes'> | undefined;
}

function referTo({ dtype, shape, data }: NdArray, path: () => string, { blobs, hasher }: Encoding): ArrayReference {
  const elements = elementsOf(shape);
  const fits = Object.hasOwn(CONSTRUCTORS, dtype) && data instanceof CONSTRUCTORS[dtype];
  if (!fits) throw new TypeError(`${path()} is an array of ${dtype} that holds a ${data.constructor.name}`);
  if (elements !== data.length) throw new TypeError(`${path()} has the shape [${shape.join(', ')}] but ${data.length} elements`);
  const bytes = new Uint8Array(data.buffer, data.byteOffset, data.byteLength);
  const reference = { array: dtype, shape, bytes: bytes.length };
  if (bytes.length < INLINE_BELOW) return { ...reference, inline: bytes };
  const digest = sha256(bytes);
  blobs.set(digest, { bytes, digest });
  return { ...reference, digest, ...(hasher ? { print: hasher.bytes(bytes) } : {}) };
}

/** Elements of an array of this shape; NaN where it is no shape. */
function elementsOf(shape: unknown): number {
  if (!Array.isArray(shape)) return NaN;
  const elements = shape.reduce<number>(
    (product, side: unknown) => (Number.isSafeInteger(side) && (side as number) >= 0 ? product * (side as number) : NaN),
    1,
  );
  return Number.isSafeInteger(elements) ? elements : NaN;
}

function treeOf(manifest: Uint8Array): unknown {
  const { schema, artifact } = unpack(manifest) as { readonly schema?: unknown; readonly artifact?: unknown };
  const fits =
    schema === MANIFEST_SCHEMA && typeof artifact === 'object' && artifact !== null && !Array.isArray(artifact) && !('array' in artifact);
  if (!fits) throw new TypeError('not a manifest of this version');
  return artifact;
}

/** Undoes `escape`, and puts `make` of each reference in its place. */
function build(tree: unknown, make: (reference: ArrayReference) => unknown): unknown {
  if (typeof tree !== 'object' || tree === null) return tree;
  if (Array.isArray(tree)) return tree.map((item) => build(item, make));
  if (tree instanceof Uint8Array) throw new TypeError('bytes where plain data should be');
  if ('array' in tree) return make(tree as unknown as ArrayReference);
  const fields = 'record' in tree ? (tree.record as object) : tree;
  return Object.fromEntries(Object.entries(fields).map(([name, field]) => [name, build(field, make)]));
}

function arrayOf({ array: dtype, shape, bytes, digest, inline }: ArrayReference, blobs: ReadonlyMap<Digest, Uint8Array>): NdArray {
  if (typeof dtype !== 'string' || !Object.hasOwn(CONSTRUCTORS, dtype)) throw new TypeError(`no array type ${String(dtype)}`);
  const content = digest === undefined ? inline : blobs.get(digest);
  const itemBytes = CONSTRUCTORS[dtype].BYTES_PER_ELEMENT;
  if (!(content instanceof Uint8Array)) throw new TypeError('a blob is missing');
  if (content.length !== bytes || elementsOf(shape) * itemBytes !== bytes) throw new TypeError('a blob has another size than its array');
  // Inlined bytes are copied, so that they do not keep the whole manifest in memory.
  const aligned = digest !== undefined && content.byteOffset % itemBytes === 0 ? content : new Uint8Array(content);
  return { dtype, shape, data: new CONSTRUCTORS[dtype](aligned.buffer as ArrayBuffer, aligned.byteOffset, bytes / itemBytes) };
}
