// Two things about loading TensorFlow into a process, by the C library's own functions; Windows needs neither.
import { closeSync, openSync } from 'node:fs';
import koffi from 'koffi';

const RTLD_NOW = 2;
const STDERR = 2;

/**
 * Keeps a loaded library until the process ends. koffi unloads libraries when Node shuts down, and TensorFlow's own threads, still there,
 * crash.
 */
export function keepLoaded(path: string): void {
  if (process.platform === 'win32') return;
  koffi.load(null).func('dlopen', 'void *', ['str', 'int'])(path, RTLD_NOW);
}

/** Loads something that writes to the terminal's standard error. Where that is no terminal, a worker's say, what it writes is kept for a crash. */
export function quietly<T>(load: () => T): T {
  if (process.platform === 'win32' || !process.stderr.isTTY) return load();
  const system = koffi.load(null);
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
