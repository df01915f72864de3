// A wheel, complete and checked, in a folder: found there, fetched so that it can go on after an interruption, or else fetched by pip.
import { existsSync, mkdirSync, renameSync, rmSync } from 'node:fs';
import { join } from 'node:path';
import { requireChecksum } from './checksum.ts';
import { fetchFile, Unreachable } from './fetch.ts';
import { type Pip, runPip } from './pip.ts';
import type { Wheel } from './wheels.ts';

export interface Downloading {
  readonly pip: () => Promise<Pip>;
  readonly onBytes: (done: number) => void;
  readonly signal: AbortSignal;
}

/** The path of the wheel in `folder`. A file with a wrong checksum is deleted, so that the next attempt begins anew. */
export async function downloadWheel(wheel: Wheel, folder: string, downloading: Downloading): Promise<string> {
  const path = join(folder, wheel.file);
  mkdirSync(folder, { recursive: true });
  if (!existsSync(path)) await get(wheel, folder, path, downloading);
  downloading.onBytes(wheel.bytes);
  await requireChecksum(
    path,
    wheel.sha256,
    'It was deleted. Run kith setup again; if it happens again, look at what stands between you and the index.',
  ).catch((error: unknown) => {
    rmSync(path, { force: true });
    throw error;
  });
  return path;
}

async function get(wheel: Wheel, folder: string, path: string, { pip, onBytes, signal }: Downloading): Promise<void> {
  const found = await pip();
  const part = `${path}.part`;
  const url = await runPip(found, wheel, folder, { onBytes, signal, stopAtLink: !isProxied(found.environment) });
  if (url === undefined) return;
  try {
    await fetchFile(url, part, { bytes: wheel.bytes, onBytes, signal });
    renameSync(part, path);
  } catch (error) {
    if (!(error instanceof Unreachable)) throw error;
    // Behind a password or a certificate that only pip knows.
    await runPip(found, wheel, folder, { onBytes, signal, stopAtLink: false });
  }
}

/** Node's `fetch` knows no proxies. */
const isProxied = (environment: NodeJS.ProcessEnv): boolean =>
  ['HTTPS_PROXY', 'https_proxy', 'HTTP_PROXY', 'http_proxy', 'ALL_PROXY', 'all_proxy'].some((name) => environment[name]);
