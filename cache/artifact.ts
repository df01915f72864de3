// Artifacts in a store, and what is in them. How an artifact becomes bytes is `manifest.ts`.
import { isNdArray, type Artifact, type NdArray, type Plain } from './array.ts';
import { loadHasher } from './digest.ts';
import type { BlobReference } from './local-store.ts';
import { decodeArtifact, encodeArtifact, referencesIn } from './manifest.ts';
import type { Digest, Store } from './store.ts';

export { decodeArtifact, encodeArtifact } from './manifest.ts';
export { packArtifact, unpackArtifact } from './packed-artifact.ts';

/** Blobs that are written or read at once. */
const AT_ONCE = 8;

/**
 * Writes blobs first, the manifest last; durable once they are settled. `digest` names the manifest; `bytes` and `blobs` count everything that
 * the artifact needs.
 */
export async function writeArtifact(
  store: Pick<Store, 'write'>,
  artifact: Artifact,
): Promise<{ readonly digest: Digest; readonly bytes: number; readonly blobs: readonly BlobReference[] }> {
  const { manifest, blobs } = encodeArtifact(artifact, await loadHasher());
  await eachOf(blobs, ({ bytes }) => store.write(bytes));
  const digest = await store.write(manifest);
  const all = [{ digest, bytes: manifest.length }, ...blobs.map((blob) => ({ digest: blob.digest, bytes: blob.bytes.length }))];
  return { digest, bytes: all.reduce((sum, { bytes }) => sum + bytes, 0), blobs: all };
}

/** As `writeArtifact`, and durable. */
export async function putArtifact(store: Pick<Store, 'put'>, artifact: Artifact): ReturnType<typeof writeArtifact> {
  return writeArtifact({ write: store.put }, artifact);
}

/** The artifact, or undefined where its manifest or any blob is missing or damaged. */
export async function getArtifact(store: Store, digest: Digest): Promise<Artifact | undefined> {
  const manifest = await store.get(digest);
  const references = manifest && orUndefined(() => referencesIn(manifest));
  if (!references) return undefined;
  const blobs = new Map<Digest, Uint8Array>();
  await eachOf(references, async (reference) => {
    const content = await store.get(reference.digest, reference.print);
    if (content) blobs.set(reference.digest, content);
  });
  return orUndefined(() => decodeArtifact(manifest, blobs));
}

/** Every blob that the artifact needs, its manifest first; undefined where the manifest is missing or damaged. */
export async function artifactBlobs(store: Store, digest: Digest): Promise<readonly BlobReference[] | undefined> {
  const manifest = await store.get(digest);
  const references = manifest && orUndefined(() => referencesIn(manifest));
  return references && [{ digest, bytes: manifest.length }, ...references.map(({ digest: name, bytes }) => ({ digest: name, bytes }))];
}

/** One entry for each array and each plain field, in canonical order; `path` as in `weights.conv1/kernel` or `views[0].sheet`. */
export type Described = { readonly path: string } & ({ readonly array: NdArray; readonly bytes: number } | { readonly plain: Plain });

/** What is in an artifact, for people. A list without arrays is one entry. */
export function describeArtifact(artifact: Artifact): Described[] {
  const walk = (path: string, value: unknown): Described[] => {
    if (isNdArray(value)) return [{ path, array: value, bytes: value.data.byteLength }];
    if (Array.isArray(value) && value.some((item) => typeof item === 'object' && item !== null)) {
      const inside = value.flatMap((item, index) => walk(`${path}[${index}]`, item));
      return inside.some((entry) => 'array' in entry) ? inside : [{ path, plain: value as Plain }];
    }
    if (typeof value !== 'object' || value === null || Array.isArray(value)) return [{ path, plain: value as Plain }];
    const fields = Object.entries(value).sort(([a], [b]) => (a < b ? -1 : 1));
    return fields.flatMap(([name, field]) => walk(path ? `${path}.${name}` : name, field));
  };
  return walk('', artifact);
}

function orUndefined<T>(make: () => T): T | undefined {
  try {
    return make();
  } catch {
    return undefined;
  }
}

async function eachOf<T>(items: readonly T[], act: (item: T) => Promise<unknown>): Promise<void> {
  const rest = items.values();
  const lane = async (): Promise<void> => {
    for (const item of rest) await act(item);
  };
  await Promise.all(Array.from({ length: AT_ONCE }, lane));
}
