// Whether another process is still the one it was. Process numbers are reused, so a number alone does not say.
import { randomBytes } from 'node:crypto';
import { readFileSync } from 'node:fs';
import { hostname } from 'node:os';

/** A process that can be recognised, also by others and later. */
export interface Identity {
  readonly pid: number;
  /** When the process began, since numbers are reused; absent where the system does not say. */
  readonly started?: string;
  readonly host: string;
}

let mine: Identity | undefined;

/** This process. */
export function ownIdentity(): Identity {
  if (mine?.pid === process.pid) return mine;
  const started = startOf(process.pid);
  return (mine = { pid: process.pid, host: hostname(), ...(started === undefined ? {} : { started }) });
}

const SERIES = 2 ** 24;
let [drawn, given] = ['', 0];

/** 16 hexadecimal digits that nobody else has: ten drawn at random, six counted, since a draw takes longer than making a file. */
export function uniqueName(): string {
  if (given % SERIES === 0) [drawn, given] = [randomBytes(5).toString('hex'), 0];
  return drawn + (given++).toString(16).padStart(6, '0');
}

/** Whether the process lives; undefined where that cannot be seen from here: on another machine, or where numbers may have been reused. */
export function isAlive({ pid, started, host }: Identity): boolean | undefined {
  if (host !== ownIdentity().host) return undefined;
  if (!isRunning(pid)) return false;
  const now = startOf(pid);
  return now === undefined || started === undefined ? undefined : now === started;
}

/** Whether some process has this number now. */
export function isRunning(pid: number): boolean {
  if (!Number.isSafeInteger(pid) || pid <= 0) return false;
  try {
    process.kill(pid, 0);
  } catch (error) {
    return (error as NodeJS.ErrnoException).code === 'EPERM';
  }
  return statOf(pid)?.state !== 'Z';
}

/** When the process began, in the system's own units; undefined where the system does not say (no `/proc`) or it is not running. */
export function startOf(pid: number): string | undefined {
  return statOf(pid)?.started;
}

/** Fields 3 and 22 of `/proc/<pid>/stat`; the second field is a name that may hold spaces and brackets. */
function statOf(pid: number): { readonly state: string; readonly started: string } | undefined {
  try {
    const text = readFileSync(`/proc/${pid}/stat`, 'latin1');
    const fields = text.slice(text.lastIndexOf(')') + 2).split(' ');
    return { state: fields[0] ?? '', started: fields[19] ?? '' };
  } catch {
    return undefined;
  }
}
