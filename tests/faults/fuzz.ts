// Mutated files of a cache, read by what reads them: none may crash it, hang it, exhaust it, or pass for something that it is not.
import { mkdirSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { isDeepStrictEqual } from 'node:util';
import { decodeArtifact, encodeArtifact, getArtifact, packArtifact, putArtifact, unpackArtifact } from '../../cache/artifact.ts';
import type { Artifact } from '../../cache/array.ts';
import { loadHasher } from '../../cache/digest.ts';
import { openStore, parseRecordFile } from '../../cache/disk.ts';
import { exportResults } from '../../cache/export.ts';
import { readHistories, writeHistory } from '../../cache/history.ts';
import { importResults } from '../../cache/import.ts';
import { takeInventory } from '../../cache/inventory.ts';
import { createMemoryStore } from '../../cache/memory.ts';
import { pack, unpack } from '../../cache/pack.ts';
import { encodeIndex, UnusableParcel } from '../../cache/parcel.ts';
import { aliasTo, isComplete, parseAlias, parseRecord, recordFrom, type ActionRecord } from '../../cache/record.ts';
import { seal } from '../../cache/seal.ts';
import { openStatCache } from '../../cache/stat-cache.ts';
import type { Key } from '../../cache/store.ts';
import { openHistory } from '../../engine/history.ts';
import { difference } from '../../engine/key.ts';
import { seeded } from '../cache/seeded.ts';
import { drawFrom, mutateBytes, mutatePlain, type Draw } from './mutate.ts';

export interface FuzzReport {
  /** What was mutated → how many mutants of it. */
  readonly mutants: { readonly [what: string]: number };
  /** Mutants that were taken for what they were before, or for something else of the same kind that is whole. */
  readonly accepted: number;
  /** Must stay empty: a crash, or a mutant that passed for something that it is not. */
  readonly wrong: string[];
}

const KEY = '0123456789abcdef0123456789abcdef' as Key;
const PREDICTED = 'fedcba9876543210fedcba9876543210' as Key;

/** One attempt: whether the mutant was accepted. Throws or returns a text where something is wrong. */
type Attempt = (draw: Draw) => Promise<boolean | string> | boolean | string;

/** So many mutants in all, spread over everything that is read from a cache. `folder` is an empty one. */
export async function fuzzCache(
  folder: string,
  { seed, mutants }: { readonly seed: number; readonly mutants: number },
): Promise<FuzzReport> {
  const draw = drawFrom(seeded(seed));
  const attempts = Object.entries(await attemptsOn(folder));
  const report = { mutants: {} as Record<string, number>, accepted: 0, wrong: [] as string[] };
  for (let at = 0; at < mutants; at++) {
    const [what, attempt] = attempts[at % attempts.length]!;
    report.mutants[what] = (report.mutants[what] ?? 0) + 1;
    try {
      const answer = await attempt(draw);
      if (answer === true) report.accepted += 1;
      if (typeof answer === 'string') report.wrong.push(`${what}, mutant ${at}: ${answer}`);
    } catch (error) {
      report.wrong.push(`${what}, mutant ${at}: ${(error as Error).stack}`);
    }
  }
  return report;
}

async function attemptsOn(folder: string): Promise<{ readonly [what: string]: Attempt }> {
  const hasher = await loadHasher();
  const store = createMemoryStore();
  const artifact: Artifact = {
    weights: { dtype: 'float32', shape: [20, 30], data: Float32Array.from({ length: 600 }, (_, at) => at) },
    labels: { dtype: 'uint8', shape: [3, 1], data: Uint8Array.of(1, 2, 3) },
    layers: [
      { name: 'conv', array: 'no array' },
      { name: 'dense', record: { deep: [1, 2.5, null, true] } },
    ],
    text: 'Köln',
  };
  const { digest, bytes, blobs } = await putArtifact(store, artifact);
  const { manifest, blobs: encoded } = encodeArtifact(artifact);
  const contents = new Map(encoded.map((blob) => [blob.digest, blob.bytes]));
  const record = recordFrom({
    key: KEY,
    predicted: PREDICTED,
    node: 'clusters',
    kind: 'scan',
    artifact: digest,
    blobs,
    bytes,
    readable: {
      key: { schema: 1, kind: 'scan', code: 'c0de', params: { k: 10 }, inputs: { x: digest }, files: {}, env: {}, seed: 0 },
      parts: { 'nodes/scan.ts#scan': 'c0de' },
    },
    seconds: 2.5,
    finished: 1_700_000_000_000,
    environment: { device: 'cpu' },
    summary: { metrics: { acc: 0.9 }, line: 'fine' },
  });
  const sealed = seal(KEY, { schema: 1, record });
  const foreign = seal(PREDICTED, { schema: 1, record: aliasTo(KEY) });
  const packed = packArtifact(artifact);
  const last = { n: { resolved: KEY, key: record.readable.key, parts: record.readable.parts, seconds: 1 } };
  const disk = openStore(join(folder, 'disk'));
  mkdirSync(join(folder, 'disk', 'ac'), { recursive: true });
  mkdirSync(join(folder, 'disk', 'cas', digest.slice(0, 2)), { recursive: true });
  await putArtifact(disk, artifact);
  const exported = join(folder, 'exported');
  await exportResults(join(folder, 'disk'), exported, { records: [record], aliases: [[PREDICTED, KEY]] });
  const whole = readFileSync(exported);
  const index = { records: [record], aliases: [[PREDICTED, KEY]] };
  const contentAfter = whole.subarray(encodeIndex(index as never).length);
  const importMutant = async (mutant: Uint8Array): Promise<boolean | string> => {
    const into = join(folder, 'importing');
    rmSync(into, { recursive: true, force: true });
    writeFileSync(exported, mutant);
    const refusal: unknown = await importResults(into, exported).then(
      () => undefined,
      (error: unknown) => error,
    );
    const { records, recordFiles, blobs: placed, foreign } = takeInventory(into);
    if (refusal instanceof UnusableParcel) return recordFiles.size + placed.size > 0 ? 'a refused file left something' : false;
    if (refusal !== undefined) throw refusal;
    if (foreign.length > 0) return 'a record was imported that cannot be read';
    return [...records.values()].map(checkRecord).find((text) => text !== undefined) ?? true;
  };

  return {
    'exported file': (draw) => importMutant(mutateBytes(whole, sealed, draw)),
    'exported file with a right checksum': (draw) => {
      const head = orUndefined(() => encodeIndex(mutatePlain(index, draw) as never));
      return head === undefined ? false : importMutant(Buffer.concat([head, contentAfter]));
    },
    'sealed record': (draw) => {
      const mutant = mutateBytes(sealed, foreign, draw);
      const read = orUndefined(() => parseRecordFile(KEY, mutant));
      return read === undefined ? false : isDeepStrictEqual(read, record) || 'another record passed its checksum';
    },
    'record with a right checksum': async (draw) => {
      const value = orUndefined(() => parseRecordFile(KEY, seal(KEY, mutatePlain({ schema: 1, record }, draw))));
      const read = parseRecord(value, KEY);
      if (read === undefined) return false;
      if (!isComplete(store, read)) return false;
      return checkRecord(read) ?? (isDeepStrictEqual(await getArtifact(store, read.artifact), artifact) || 'another artifact was found');
    },
    'alias with a right checksum': (draw) => {
      const value = mutatePlain(aliasTo(KEY), draw);
      const key = parseAlias(value);
      return key === undefined ? false : /^[0-9a-f]{32}$/.test(key) || `the alias leads to ${key}`;
    },
    'record on disk': (draw) => {
      writeFileSync(join(folder, 'disk', 'ac', KEY), mutateBytes(sealed, foreign, draw));
      const read = parseRecord(disk.getRecordSync(KEY), KEY);
      return read === undefined ? false : isDeepStrictEqual(read, record) || 'another record was read';
    },
    'blob on disk': async (draw) => {
      writeFileSync(join(folder, 'disk', 'cas', digest.slice(0, 2), digest), mutateBytes(manifest, sealed, draw));
      const read = await getArtifact(disk, digest);
      return read === undefined ? false : isDeepStrictEqual(read, artifact) || 'another artifact was read';
    },
    manifest: (draw) => {
      const mutant = mutateBytes(manifest, sealed, draw);
      const read = orUndefined(() => decodeArtifact(mutant, contents));
      // Its digest would not be right: what counts is that only plain data and whole arrays come out.
      return read === undefined ? false : (orText(() => void encodeArtifact(withoutOddities(read))) ?? true);
    },
    'manifest with other values': async (draw) => {
      const mutant = orUndefined(() => pack(mutatePlain(unpack(manifest), draw)));
      if (!mutant) return false;
      const read = await getArtifact(store, await store.put(mutant));
      return read === undefined ? false : (orText(() => void encodeArtifact(withoutOddities(read))) ?? true);
    },
    checkpoint: (draw) => {
      const read = unpackArtifact(mutateBytes(packed, sealed, draw));
      return read === undefined ? false : isDeepStrictEqual(read, artifact) || orText(() => void encodeArtifact(read)) || true;
    },
    history: (draw) => {
      const mutant = mutatePlain(last, draw);
      if (orText(() => writeHistory(folder, 'pipeline.ts', mutant as never)) !== undefined) return false; // No file holds an infinite number.
      const found = openHistory(folder, 'pipeline.ts', hasher).last('n');
      readHistories(folder);
      if (found) difference(found, last.n as never);
      return found !== undefined;
    },
    'stat cache': (draw) => {
      const entries = [[join(folder, 'watched'), [1, 2, 3, 4, 'x']]];
      writeFileSync(join(folder, 'watched'), 'content');
      const mutant = draw(2)
        ? mutateBytes(seal('stat-cache 1', entries), sealed, draw)
        : orUndefined(() => seal('stat-cache 1', mutatePlain(entries, draw)));
      if (!mutant) return false;
      writeFileSync(join(folder, 'stats'), mutant);
      const right = hasher.bytes(Buffer.from('content'));
      return openStatCache(join(folder, 'stats'), hasher).digest(join(folder, 'watched')) === right ? false : 'another digest was believed';
    },
  };
}

/** What a record may never bring, however it was made. */
function checkRecord({ key, predicted, artifact, blobs, node, kind }: ActionRecord): string | undefined {
  const names = [key, predicted, artifact, ...blobs.map(({ digest }) => digest)];
  if (!names.every((name) => /^(?:[0-9a-f]{32}|[0-9a-f]{64})$/.test(name))) return `a name is ${names.join(' ')}`;
  return /\p{Cc}/u.test(node + kind) ? 'a name would command the terminal' : undefined;
}

/** Plain data as msgpack may hold it, with the numbers that only JSON's kin refuse made harmless. */
function withoutOddities(artifact: Artifact): Artifact {
  const clean = (value: unknown): unknown => {
    if (typeof value === 'number') return Number.isFinite(value) ? value + 0 : 0;
    if (typeof value !== 'object' || value === null || ArrayBuffer.isView(value)) return value;
    return Array.isArray(value) ? value.map(clean) : Object.fromEntries(Object.entries(value).map(([name, field]) => [name, clean(field)]));
  };
  return clean(artifact) as Artifact;
}

function orUndefined<T>(make: () => T): T | undefined {
  try {
    return make();
  } catch {
    return undefined;
  }
}

function orText(act: () => void): string | undefined {
  try {
    act();
    return undefined;
  } catch (error) {
    return (error as Error).message;
  }
}
