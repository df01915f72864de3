// A machine to set TensorFlow up on: libraries of a few bytes in wheels, a pip that says or does what a test tells it, a server of files.
import { createHash } from 'node:crypto';
import { chmodSync, mkdirSync, readFileSync, writeFileSync } from 'node:fs';
import { createServer, type IncomingMessage, type ServerResponse } from 'node:http';
import type { AddressInfo } from 'node:net';
import { join } from 'node:path';
import { crc32 } from 'node:zlib';
import { onTestFinished } from 'vitest';
import { libraryNames } from '../../../../../nodes/tensor/tensorflow/library-files.ts';
import type { Work, Step } from '../../../../../nodes/tensor/tensorflow/setup/install.ts';
import type { Wheel } from '../../../../../nodes/tensor/tensorflow/setup/wheels.ts';
import { temporaryFolder } from '../../../../rig.ts';

export const sha256 = (bytes: Uint8Array, encoding: 'hex' | 'base64url' = 'hex'): string =>
  createHash('sha256').update(bytes).digest(encoding);

const MACHINES: { readonly [arch: string]: readonly [elf: number, machO: number] } = { x64: [0x3e, 0x01000007], arm64: [0xb7, 0x0100000c] };

/** The beginning of a shared library for this system, followed by `content`; it cannot be loaded. */
export function fakeLibrary(content = '', arch: string = process.arch): Buffer {
  const [elf, machO] = MACHINES[arch]!;
  const head = Buffer.alloc(64);
  if (process.platform === 'darwin') {
    head.writeUInt32LE(0xfeedfacf, 0);
    head.writeUInt32LE(machO, 4);
  } else {
    head.writeUInt32BE(0x7f454c46, 0);
    head.writeUInt16LE(elf, 18);
  }
  return Buffer.concat([head, Buffer.from(content)]);
}

const { framework, libraries } = libraryNames();

/** What Kith takes out of a wheel of TensorFlow, and something that it leaves. */
export const tensorflowFiles = (arch?: string): { readonly [file: string]: Uint8Array } => ({
  [`tensorflow/${framework}`]: fakeLibrary('framework', arch),
  [`tensorflow/${libraries[0]!}`]: fakeLibrary('library', arch),
  'tensorflow/__init__.py': Buffer.from('raise ImportError()'),
});

/** A wheel: a zip file whose RECORD has the digests of `files`; `record` replaces digests. */
export function wheelOf(files: { readonly [file: string]: Uint8Array }, record: { readonly [file: string]: string } = {}): Buffer {
  const lines = Object.entries(files).map(
    ([file, bytes]) => `${file},sha256=${record[file] ?? sha256(bytes, 'base64url')},${bytes.length}`,
  );
  return zipOf({ ...files, 'tensorflow-2.21.0.dist-info/RECORD': Buffer.from(`${lines.join('\n')}\n`) });
}

/** Uncompressed; the format's APPNOTE, 4.3. */
function zipOf(files: { readonly [file: string]: Uint8Array }): Buffer {
  const [local, central]: [Buffer[], Buffer[]] = [[], []];
  let offset = 0;
  for (const [file, bytes] of Object.entries(files)) {
    const fields = Buffer.alloc(26);
    fields.writeUInt16LE(20, 0);
    fields.writeUInt32LE(crc32(bytes), 10);
    fields.writeUInt32LE(bytes.length, 14);
    fields.writeUInt32LE(bytes.length, 18);
    fields.writeUInt16LE(file.length, 22);
    const rest = Buffer.alloc(14);
    rest.writeUInt32LE((0o100644 << 16) >>> 0, 6);
    rest.writeUInt32LE(offset, 10);
    const entry = Buffer.concat([Buffer.from('PK\x03\x04'), fields, Buffer.from(file), bytes]);
    local.push(entry);
    central.push(Buffer.from('PK\x01\x02'), Buffer.from([20, 3]), fields, rest, Buffer.from(file));
    offset += entry.length;
  }
  const end = Buffer.alloc(18);
  const size = Buffer.concat(central).length;
  end.writeUInt16LE(Object.keys(files).length, 4);
  end.writeUInt16LE(Object.keys(files).length, 6);
  end.writeUInt32LE(size, 8);
  end.writeUInt32LE(offset, 12);
  return Buffer.concat([...local, ...central, Buffer.from('PK\x05\x06'), end]);
}

/** How a wheel of these bytes would be pinned. */
export const pin = (file: string, bytes: Uint8Array): Wheel => ({
  file,
  bytes: bytes.length,
  sha256: sha256(bytes),
  unpacked: bytes.length,
});

export interface Server {
  readonly url: string;
  /** The ranges that were asked for, in order; '' for whole files. */
  readonly asked: readonly string[];
}

export type Answer = (response: ServerResponse, file: Uint8Array, start: number, request: IncomingMessage) => void;

/** Sends what is asked for. */
export const honest: Answer = (response, file, start) => {
  if (start >= file.length) return void response.writeHead(416).end();
  const headers = { 'content-length': file.length - start, 'content-range': `bytes ${start}-${file.length - 1}/${file.length}` };
  response.writeHead(start > 0 ? 206 : 200, headers).end(file.subarray(start));
};

/** Sends `bytes` of what is asked for, and no more until `breakOff` ends the connection. */
export function stalling(bytes: number): { readonly answer: Answer; readonly breakOff: () => void } {
  let open: ServerResponse | undefined;
  return {
    answer: (response, file, start) => {
      const headers = { 'content-length': file.length - start, 'content-range': `bytes ${start}-${file.length - 1}/${file.length}` };
      open = response.writeHead(start > 0 ? 206 : 200, headers);
      response.write(file.subarray(start, start + bytes));
    },
    breakOff: () => void open?.destroy(),
  };
}

/** Breaks the connection at once. */
export const broken: Answer = (response) => void response.destroy();

/** A server that has these files; each request is answered by the next of `answers`, the last for all that follow. */
export async function serve(files: { readonly [file: string]: Uint8Array }, ...answers: readonly Answer[]): Promise<Server> {
  const asked: string[] = [];
  const server = createServer((request, response) => {
    const answer = answers[Math.min(asked.length, answers.length - 1)] ?? honest;
    const range = request.headers.range ?? '';
    asked.push(range);
    const file = files[request.url!.split('/').at(-1)!];
    if (!file) return void response.writeHead(404).end();
    answer(response, file, Number(/^bytes=(\d+)-$/.exec(range)?.[1] ?? 0), request);
  });
  await new Promise<void>((done) => server.listen(0, '127.0.0.1', done));
  onTestFinished(() => new Promise<void>((done) => void server.close(() => done()).closeAllConnections()));
  return { url: `http://127.0.0.1:${(server.address() as AddressInfo).port}`, asked };
}

export interface Machine extends Work {
  readonly bin: string;
  readonly steps: readonly Step[];
  readonly stop: AbortController;
  /** What programs were called with, a line each. */
  readonly calls: () => readonly string[];
}

/** A machine with an empty cache and no programs. */
export function machine(): Machine {
  const folder = temporaryFolder();
  const [bin, root, log] = [join(folder, 'bin'), join(folder, 'cache', 'tensorflow'), join(folder, 'calls')];
  mkdirSync(bin);
  writeFileSync(log, '');
  const stop = new AbortController();
  const steps: Step[] = [];
  return {
    bin,
    root,
    environment: { PATH: bin, CALLS: log },
    steps,
    onStep: (step) => void steps.push(step),
    stop,
    signal: stop.signal,
    calls: () => readFileSync(log, 'utf8').trim().split('\n'),
  };
}

/** A program of the machine: a shell script that notes how it is called. */
export function program({ bin }: Machine, name: string, script: string): void {
  const path = join(bin, name);
  writeFileSync(path, `#!/bin/sh\necho "${name} $*" >> "$CALLS"\n${script}\n`);
  chmodSync(path, 0o755);
}

/** A `python3` with a pip that names links where it is talkative, and downloads from `wheels`, a folder of the disk, or fails. */
export function fakePip(on: Machine, { links = [], wheels }: { readonly links?: readonly string[]; readonly wheels?: string }): void {
  const said = links.map((link) => `echo "  Found link ${link} (from the index)"`).join('; ');
  const ending = wheels === undefined ? 'echo "ERROR: No matching distribution found" >&2; exit 1' : `/bin/cp ${wheels}/*.whl "$2"`;
  program(
    on,
    'python3',
    `case "$*" in *"pip --version") echo "pip 26.3"; exit;; *-vv*) ${said || ':'};; esac
while [ "$1" != "--dest" ]; do shift; done
${ending}`,
  );
}
