// A pipeline file → the bundle that plans it, the bundle that runs it, and a digest of each kind of node's code. Remembers what it made:
// a call after which nothing changed looks at the sources' stats, loads no bundler and takes a few milliseconds.
import { createHash } from 'node:crypto';
import { existsSync, mkdtempSync, readFileSync, rmSync, symlinkSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { dirname, join, resolve } from 'node:path';
import { CacheWriteError } from '../cache/atomic-file.ts';
import type { KindCode } from './code-slice.ts';
import { findCompiled, publish } from './compile-cache.ts';
import { KithError } from './errors.ts';
import { nearestPackage, packageFolder } from './files.ts';

/** A pipeline file, ready to be planned and run. */
export interface Compiled {
  /** Module that declares the pipeline and loads no package; `run`, `summarise` and `draw` are cut out. */
  readonly planFile: string;
  /** The same as a script, which V8 can keep compiled; absent where only a module will do. */
  readonly planScript?: string;
  /** Module with everything, for worker processes. */
  readonly workFile: string;
  /** By kind; `parts` names the declarations (`lib/loss.ts#scanLoss` → digest) and packages (`npm:sharp` → version) behind a digest. */
  readonly code: { readonly [kind: string]: KindCode };
  /** Absolute paths of the modules that were bundled. */
  readonly sources: readonly string[];
  /** What the code does that its digest cannot cover, a sentence each. */
  readonly warnings: readonly string[];
}

export interface CompileOptions {
  /** The `.kith` folder. */
  readonly cacheFolder: string;
  /** Digest of a file's content. */
  readonly digestFile?: (path: string) => string;
}

/**
 * Compiles a pipeline file, or finds it compiled. Safe to call from several processes at once.
 * Not noticed: a new file that would change how an import resolves (`x.ts` beside `x/index.ts`), until a source changes.
 * Errors: KithErrors with exit code 2 for syntax errors, imports that cannot be found and definitions that cannot be hashed.
 */
export async function compile(pipelineFile: string, { cacheFolder, digestFile = sha256 }: CompileOptions): Promise<Compiled> {
  const entry = resolve(pipelineFile);
  const folder = join(cacheFolder, 'compiled');
  const kith = packageFolder();
  const known = findCompiled(folder, entry, kith, digestFile);
  if (known) return known;
  const root = nearestPackage(dirname(entry)) ?? dirname(entry);
  const { bundlePipeline } = await import('./compile-bundle.ts');
  for (let attempt = 0; attempt < 5; attempt++) {
    const bundles = await bundlePipeline({ entry, root, kith });
    const made = { bundles, root, digestFile };
    const published = orElsewhere(root, folder, (into) => publish(into, entry, kith, made));
    if (published) return published;
  }
  throw new KithError('The pipeline file or a module of it changes faster than it can be read.', {
    hint: 'Try again when it is saved.',
    exitCode: 2,
  });
}

/** In a cache that cannot be written, what is compiled lives as long as this process: what is cached can be had all the same. */
function orElsewhere<T>(root: string, folder: string, act: (folder: string) => T): T {
  try {
    return act(folder);
  } catch (error) {
    if (!(error instanceof CacheWriteError)) throw error;
    const elsewhere = mkdtempSync(join(tmpdir(), 'kith-'));
    process.once('exit', () => rmSync(elsewhere, { recursive: true, force: true }));
    if (existsSync(join(root, 'node_modules'))) symlinkSync(join(root, 'node_modules'), join(elsewhere, 'node_modules'), 'junction');
    return act(join(elsewhere, 'compiled'));
  }
}

function sha256(path: string): string {
  return createHash('sha256').update(readFileSync(path)).digest('hex');
}
