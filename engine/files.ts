// Which files nodes declare and what they hold now. Declared paths are relative to the project; `kith:…` is inside this package.
import { existsSync, statSync } from 'node:fs';
import { dirname, join, resolve } from 'node:path';
import { KithError } from './errors.ts';
import type { GraphNode } from './graph.ts';

/** The absolute path of a declared one. */
export function declaredPath(declared: string, root: string): string {
  return declared.startsWith('kith:') ? join(packageFolder(), declared.slice('kith:'.length)) : resolve(root, declared);
}

/** The folder of this package: the nearest one above this module with a package.json. */
export function packageFolder(): string {
  return nearestPackage(import.meta.dirname)!;
}

/** The nearest folder at or above `folder` that holds a package.json. */
export function nearestPackage(folder: string): string | undefined {
  for (let at = folder; ; at = dirname(at)) {
    if (existsSync(join(at, 'package.json'))) return at;
    if (dirname(at) === at) return undefined;
  }
}

/** Digests a file or everything below a folder. */
export type DigestPath = (path: string) => string;

/** Declared path → digest of its content now. Throws a KithError (exit code 2) where a file is missing or cannot be read. */
export function digestFiles(node: GraphNode, root: string, digest: DigestPath): Record<string, string> {
  const declared = node.definition.files?.(node.params) ?? [];
  return Object.fromEntries(declared.map((path) => [path, digestOne(node, path, declaredPath(path, root), digest)]));
}

function digestOne(node: GraphNode, declared: string, path: string, digest: DigestPath): string {
  try {
    statSync(path);
    return digest(path);
  } catch (error) {
    const { code, message } = error as NodeJS.ErrnoException;
    throw new KithError(`The node "${node.name}" reads ${declared}, which ${code === 'ENOENT' ? 'is not there' : 'cannot be read'}.`, {
      facts: [`Looked at ${path}.`, ...(code === 'ENOENT' ? [] : [message])],
      hint: 'Paths are relative to the folder of the nearest package.json above the pipeline file.',
      exitCode: 2,
    });
  }
}
