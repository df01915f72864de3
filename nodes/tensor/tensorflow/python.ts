// Asks the user's Python where TensorFlow is, without importing it: that takes seconds, and may fail where the libraries alone would do.
import { execFile } from 'node:child_process';

/** Prints the folder of the module; nothing where there is none. A `tensorflow` in the current folder does not count. */
const QUESTION = `import sys, importlib.util
sys.path = [path for path in sys.path if path]
spec = importlib.util.find_spec('tensorflow')
print(next(iter(spec.submodule_search_locations or []), '') if spec else '')`;

/** A Python that hangs must not hang Kith. */
const PATIENCE_MS = 20_000;

/** The folder of the module, or the sentence that says why there is none. */
export type PythonAnswer = { readonly folder: string } | { readonly reason: string };

/** Asks `python`, a program's name or path. Never fails. */
export function askPython(environment: NodeJS.ProcessEnv, python: string = pythonName()): Promise<PythonAnswer> {
  return new Promise((done) => {
    execFile(python, ['-c', QUESTION], { env: environment, timeout: PATIENCE_MS, encoding: 'utf8' }, (error, stdout) => {
      const folder = stdout.trim();
      if (!error && folder) return done({ folder });
      if (!error) return done({ reason: `${python} has no module tensorflow` });
      const missing = (error as NodeJS.ErrnoException).code === 'ENOENT';
      done({ reason: missing ? `there is no ${python} on the PATH` : `${python} did not answer: ${lastLine(error.message)}` });
    });
  });
}

/** What the user's own Python is called. */
export const pythonName = (platform: NodeJS.Platform = process.platform): string => (platform === 'win32' ? 'python' : 'python3');

const lastLine = (text: string): string => text.trim().split('\n').at(-1)!;
