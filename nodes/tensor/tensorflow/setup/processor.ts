// For which system and processor a shared library is, from its first bytes (ELF, Mach-O or PE). Loads nothing.
import { closeSync, openSync, readSync } from 'node:fs';
import { basename } from 'node:path';
import { KithError } from '../../../../engine/errors.ts';

const HEAD_BYTES = 4096;

/** As `process.platform` and `process.arch` would say it, e.g. `linux-x64`; undefined for what is no shared library. */
export function systemOf(path: string): string | undefined {
  const head = Buffer.alloc(HEAD_BYTES);
  const file = openSync(path, 'r');
  try {
    readSync(file, head);
  } finally {
    closeSync(file);
  }
  const magic = head.readUInt32BE(0);
  if (magic === 0x7f454c46) return name('linux', ELF[head.readUInt16LE(18)]);
  if (magic === 0xcafebabe) return name('darwin', process.arch); // for several processors
  if (magic === 0xcffaedfe) return name('darwin', MACH_O[head.readUInt32LE(4)]);
  if (head.toString('latin1', 0, 2) === 'MZ')
    return name('win32', PE[head.readUInt16LE(Math.min(head.readUInt32LE(0x3c), HEAD_BYTES - 6) + 4)]);
  return undefined;
}

const name = (system: string, processor = 'an unknown processor'): string => `${system}-${processor}`;

/** `e_machine`, `cputype` and `Machine` in the formats' own numbers. */
const ELF: { readonly [machine: number]: string } = { 0x03: 'ia32', 0x28: 'arm', 0x3e: 'x64', 0xb7: 'arm64', 0xf3: 'riscv64' };
const MACH_O: { readonly [type: number]: string } = { 0x01000007: 'x64', 0x0100000c: 'arm64' };
const PE: { readonly [machine: number]: string } = { 0x8664: 'x64', 0xaa64: 'arm64' };

/** A KithError where the library cannot run on this machine. */
export function requireThisSystem(path: string, here = `${process.platform}-${process.arch}`): void {
  const system = systemOf(path);
  if (system === here) return;
  throw new KithError(
    system === undefined
      ? `${basename(path)} is no shared library.`
      : `${basename(path)} is for another machine: ${system}; this is ${here}.`,
    { facts: [path], hint: 'kith setup without --from gets the one for this machine.' },
  );
}
