// One file from a server to the disk, going on where an earlier attempt, even one of another day, was interrupted. Checks no content.
import { rmSync, statSync } from 'node:fs';
import { open } from 'node:fs/promises';
import { KithError } from '../../../../engine/errors.ts';
import { bytes as inWords } from '../../../../engine/report/format.ts';

export interface Fetching {
  /** Bytes of the whole file. */
  readonly bytes: number;
  readonly onBytes: (done: number) => void;
  readonly signal: AbortSignal;
}

/** The server sent nothing at all: refused, or not to be reached from here. */
export class Unreachable extends Error {}

/** Attempts in a row that may bring nothing new. */
const PATIENCE = 3;

/** Fetches what is missing of the file at `path`. An `Unreachable` when no byte came; a KithError when the connection broke later. */
export async function fetchFile(url: string, path: string, fetching: Fetching): Promise<void> {
  const { bytes, signal } = fetching;
  let [came, failures, furthest, reason] = [false, 0, sizeOf(path), 'nothing more came'];
  for (let have = sizeOf(path); have < bytes;) {
    await fetchRest(url, path, have, fetching).catch((error: unknown) => {
      if ((error as NodeJS.ErrnoException).code === 'ENOSPC') throw error;
      reason = reasonOf(error);
    });
    signal.throwIfAborted();
    const now = sizeOf(path);
    came ||= now !== have;
    failures = now > furthest ? 0 : failures + 1;
    furthest = Math.max(furthest, now);
    have = now;
    if (have < bytes && failures === PATIENCE) throw came ? brokenOff(url, have, bytes, reason) : new Unreachable(reason);
  }
}

function brokenOff(url: string, have: number, bytes: number, reason: string): KithError {
  return new KithError(`The download broke off at ${inWords(have)} of ${inWords(bytes)}.`, {
    facts: [`${new URL(url).host}: ${reason}`],
    hint: 'Run kith setup again: it goes on from there.',
  });
}

async function fetchRest(url: string, path: string, start: number, { onBytes, signal }: Fetching): Promise<void> {
  const headers = { 'accept-encoding': 'identity', ...(start > 0 ? { range: `bytes=${start}-` } : {}) };
  const response = await fetch(url, { headers, signal });
  const goesOn = response.status === 206 && response.headers.get('content-range')?.startsWith(`bytes ${start}-`);
  if (response.status === 416) return rmSync(path, { force: true }); // what is here is not the beginning of what is there
  if (!response.ok || !response.body || (response.status === 206 && !goesOn)) throw new Error(`answer ${response.status}`);
  const file = await open(path, goesOn ? 'a' : 'w');
  let done = goesOn ? start : 0;
  try {
    for await (const chunk of response.body as unknown as AsyncIterable<Uint8Array>) {
      await file.writeFile(chunk);
      onBytes((done += chunk.length));
    }
  } finally {
    await file.close();
  }
}

const sizeOf = (path: string): number => statSync(path, { throwIfNoEntry: false })?.size ?? 0;

function reasonOf(error: unknown): string {
  const { message, cause } = error as Error;
  return cause instanceof Error ? cause.message || String((cause as NodeJS.ErrnoException).code) : message;
}
