// Takes shared libraries out of a wheel (a zip file) as a stream, and checks each against the wheel's own list of digests. Takes nothing else.
import { createHash } from 'node:crypto';
import { createWriteStream, mkdirSync } from 'node:fs';
import { basename, dirname, join } from 'node:path';
import type { Readable } from 'node:stream';
import { text } from 'node:stream/consumers';
import { pipeline } from 'node:stream/promises';
import type { Entry, ZipFile } from 'yauzl';
import { KithError } from '../../../../engine/errors.ts';
import { libraryNames } from '../library-files.ts';
import { requireThisSystem } from './processor.ts';

export interface Unpacking {
  readonly onBytes: (done: number) => void;
  readonly signal: AbortSignal;
}

/** What Kith takes: the two libraries of TensorFlow, and in NVIDIA's wheels what those load or run. */
function isWanted(file: string): boolean {
  const { framework, libraries } = libraryNames();
  return (
    [framework, ...libraries].some((library) => file === `tensorflow/${library}`) || /^nvidia\/\w+\/(lib|bin|nvvm)\/.*[^/]$/.test(file)
  );
}

/** Writes what is wanted of the wheel below `folder`, with its paths. A KithError for a file that is damaged, has nothing, or is for another machine. */
export async function unpackWheel(path: string, folder: string, unpacking: Unpacking): Promise<void> {
  const { openPromise } = await import('yauzl');
  const zip = await openPromise(path, { autoClose: false }).catch((error: Error) => {
    throw damaged(path, error.message);
  });
  try {
    const { wanted, digests } = await contents(zip);
    if (wanted.length === 0) throw nothingIn(path);
    let before = 0;
    for (const entry of wanted) {
      const to = join(folder, entry.fileName);
      const digest = await write(await zip.openReadStreamPromise(entry), to, modeOf(entry), {
        ...unpacking,
        onBytes: (done) => unpacking.onBytes(before + done),
      });
      if (digests.get(entry.fileName) !== digest) throw damaged(path, `${entry.fileName} has not the digest that its RECORD says`);
      if (basename(to) === libraryNames().framework) requireThisSystem(to);
      before += entry.uncompressedSize;
    }
  } finally {
    zip.close();
  }
}

async function contents(zip: ZipFile): Promise<{ readonly wanted: readonly Entry[]; readonly digests: ReadonlyMap<string, string> }> {
  const wanted: Entry[] = [];
  let digests = new Map<string, string>();
  for await (const entry of zip.eachEntry()) {
    if (isWanted(entry.fileName)) wanted.push(entry);
    if (/^[^/]+\.dist-info\/RECORD$/.test(entry.fileName)) digests = digestsOf(await text(await zip.openReadStreamPromise(entry)));
  }
  return { wanted: wanted.sort((a, b) => a.uncompressedSize - b.uncompressedSize), digests };
}

/** Permissions of Unix, kept in the upper half: some files are programs. */
const modeOf = ({ externalFileAttributes }: Entry): number => ((externalFileAttributes >>> 16) & 0o755) | 0o644;

/** The SHA-256 of what was written, in base64. */
async function write(from: Readable, to: string, mode: number, { onBytes, signal }: Unpacking): Promise<string> {
  const hash = createHash('sha256');
  let done = 0;
  async function* watched(chunks: AsyncIterable<Buffer>): AsyncGenerator<Buffer> {
    for await (const chunk of chunks) {
      hash.update(chunk);
      onBytes((done += chunk.length));
      yield chunk;
    }
  }
  mkdirSync(dirname(to), { recursive: true });
  await pipeline(from, watched, createWriteStream(to, { mode, flush: true }), { signal });
  return hash.digest('base64url');
}

/** `name,sha256=digest,bytes`: a name with a comma is quoted, and is none of ours (PEP 376). */
function digestsOf(record: string): Map<string, string> {
  return new Map([...record.matchAll(/^([^,"\r\n]+),sha256=([\w-]+),/gm)].map(([, file, digest]) => [file!, digest!]));
}

function damaged(path: string, reason: string): KithError {
  return new KithError(`${basename(path)} is damaged.`, { facts: [reason], hint: 'Get it again.' });
}

function nothingIn(path: string): KithError {
  const { framework, libraries } = libraryNames();
  return new KithError(`There is no TensorFlow library in ${basename(path)}.`, {
    facts: [`looked for tensorflow/${framework} and tensorflow/${libraries[0]}`],
    hint: 'The wheels tensorflow and tensorflow_cpu for Linux and macOS have them; very old ones do not.',
  });
}
