// Shared libraries in this process, by koffi. Knows no library.
import koffi, { type LibraryHandle } from 'koffi';

/** Libraries recurse deeper and keep larger buffers on their stack than koffi's own 128 kiB hold. Most of it is never touched. */
const STACK = 8 << 20;
const RTLD_NOW = 2;

const held = new Map<string, LibraryHandle>();

/**
 * Loads a library until the process ends: koffi unloads what is no longer referenced, and everything when Node shuts down, while a library's own
 * threads may still run its code. Throws the loader's error.
 */
export function loadLibrary(path: string, options: { readonly global?: boolean } = {}): LibraryHandle {
  const known = held.get(path);
  if (known) return known;
  if (held.size === 0) koffi.config({ async_stack_size: STACK });
  const library = koffi.load(path, options);
  if (process.platform !== 'win32') koffi.load(null).func('dlopen', 'void *', ['str', 'int'])(path, RTLD_NOW);
  held.set(path, library);
  return library;
}
