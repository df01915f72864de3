// Shared libraries in this process, by koffi. Knows no library.
import koffi, { type LibraryHandle } from 'koffi';

/** Libraries recurse deeper and keep larger buffers on their stack than koffi's own 128 kiB hold. Most of it is never touched. */
const STACK = 8 << 20;
const RTLD_NOW = 2;

const held = new Map<string | null, LibraryHandle>();

/**
 * Loads a library, or with null finds what the process has already, until the process ends: koffi unloads what is no longer referenced, and
 * everything when Node shuts down, while a library's own threads may still run its code. Throws the loader's error. The one place that loads:
 * koffi is set up once, before its first library.
 */
export function loadLibrary(path: string | null, options: { readonly global?: boolean } = {}): LibraryHandle {
  const known = held.get(path);
  if (known) return known;
  // A worker may hold two compiled pipelines, each with this file in it, and one koffi.
  if (koffi.config().async_stack_size !== STACK) koffi.config({ async_stack_size: STACK });
  const library = koffi.load(path, options);
  held.set(path, library);
  if (path !== null && process.platform !== 'win32') loadLibrary(null).func('dlopen', 'void *', ['str', 'int'])(path, RTLD_NOW);
  return library;
}
