// What TensorFlow writes while it loads, kept from the terminal by the C library's own functions; Windows needs it not.
import { closeSync, openSync } from 'node:fs';
import { loadLibrary } from '../native.ts';

const STDERR = 2;

/** Loads something that writes to the terminal's standard error. Where that is no terminal, a worker's say, what it writes is kept for a crash. */
export function quietly<T>(load: () => T): T {
  if (process.platform === 'win32' || !process.stderr.isTTY) return load();
  const system = loadLibrary(null);
  const [dup, dup2] = [system.func('dup', 'int', ['int']), system.func('dup2', 'int', ['int', 'int'])];
  const [kept, nowhere] = [dup(STDERR) as number, openSync('/dev/null', 'w')];
  dup2(nowhere, STDERR);
  try {
    return load();
  } finally {
    dup2(kept, STDERR);
    closeSync(kept);
    closeSync(nowhere);
  }
}
