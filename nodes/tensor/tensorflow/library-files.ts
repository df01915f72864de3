// What TensorFlow's shared libraries are called on each system, and where in a folder they lie. Opens none.
import { existsSync } from 'node:fs';
import { join } from 'node:path';

/** The two libraries in one folder. */
export interface LibraryFiles {
  readonly folder: string;
  /** Loaded first, for all to see. */
  readonly framework: string;
  /** With the C API. */
  readonly library: string;
}

/** The framework, then what may hold the C API: a wheel's library, then that of the C package and of tfjs-node. */
export function libraryNames(platform: NodeJS.Platform = process.platform): {
  readonly framework: string;
  readonly libraries: readonly string[];
} {
  if (platform === 'darwin')
    return { framework: 'libtensorflow_framework.2.dylib', libraries: ['libtensorflow_cc.2.dylib', 'libtensorflow.2.dylib'] };
  if (platform === 'win32') return { framework: 'tensorflow.dll', libraries: ['tensorflow.dll'] };
  return { framework: 'libtensorflow_framework.so.2', libraries: ['libtensorflow_cc.so.2', 'libtensorflow.so.2'] };
}

/** Where the libraries lie below a wheel or an environment, the C package, and tfjs-node. */
const INSIDE = ['', 'tensorflow', 'lib', join('deps', 'lib')];

/** The libraries at `folder` or where its kind of folder keeps them. */
export function librariesIn(folder: string, platform: NodeJS.Platform = process.platform): LibraryFiles | undefined {
  const { framework, libraries } = libraryNames(platform);
  for (const at of INSIDE.map((inside) => join(folder, inside))) {
    const library = libraries.find((name) => existsSync(join(at, name)));
    if (library !== undefined && existsSync(join(at, framework))) {
      return { folder: at, framework: join(at, framework), library: join(at, library) };
    }
  }
  return undefined;
}
