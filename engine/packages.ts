// Installed packages: the package.json that says which one a file belongs to, its version, and the packages that it needs.
import { existsSync, readFileSync, realpathSync } from 'node:fs';
import { dirname, join, sep } from 'node:path';
import { nearestPackage } from './files.ts';

/** `@scope/name/sub/path` in its two parts. */
export function nameOf(specifier: string): { readonly name: string; readonly subpath: string } {
  const name = /^(@[^/]+\/)?[^/]+/.exec(specifier)?.[0] ?? specifier;
  return { name, subpath: specifier.slice(name.length) };
}

/** The package.json that gives a package its version: the one in `node_modules/<name>`, else the nearest with a version. */
export function manifestOf(file: string, name: string): string | undefined {
  const mark = join(sep, 'node_modules', name) + sep;
  const at = file.lastIndexOf(mark);
  if (at >= 0) {
    const manifest = join(file.slice(0, at + mark.length), 'package.json');
    if (existsSync(manifest)) return manifest;
  }
  for (let folder = nearestPackage(dirname(file)); folder !== undefined; folder = nearestPackage(dirname(folder))) {
    const manifest = join(folder, 'package.json');
    if (readVersion(manifest) !== 'unknown') return manifest;
    if (dirname(folder) === folder) break;
  }
  return undefined;
}

/**
 * The package.json of every package that a package depends on, directly or not, where it is installed. Optional ones are left out, since
 * they differ from machine to machine, and so are types, which do nothing.
 */
export function neededPackages(manifest: string): Map<string, { readonly name: string; readonly version: string }> {
  const found = new Map<string, { readonly name: string; readonly version: string }>();
  const visit = (path: string): void => {
    const { dependencies = {} } = JSON.parse(readFileSync(path, 'utf8')) as { dependencies?: object };
    for (const name of Object.keys(dependencies).filter((each) => !each.startsWith('@types/'))) {
      const inner = installed(name, dirname(path));
      if (inner === undefined || inner === manifest || found.has(inner)) continue;
      found.set(inner, { name, version: readVersion(inner) });
      visit(inner);
    }
  };
  visit(manifest);
  return found;
}

/** The package.json that Node finds for a package from a folder. */
function installed(name: string, from: string): string | undefined {
  for (let at = from; ; at = dirname(at)) {
    const manifest = join(at, 'node_modules', name, 'package.json');
    if (existsSync(manifest)) return realpathSync(manifest);
    if (dirname(at) === at) return undefined;
  }
}

/** The version in a package.json. */
export function readVersion(manifest: string): string {
  return String((JSON.parse(readFileSync(manifest, 'utf8')) as { version?: unknown }).version ?? 'unknown');
}

/**
 * Whether the importing package calls a package optional. Such a package is a choice between equals, like the device: it is recorded with
 * a result and does not make it stale when it is installed later.
 */
export function isOptional(importer: string, name: string): boolean {
  const folder = nearestPackage(dirname(importer));
  if (folder === undefined) return false;
  const { optionalDependencies = {} } = JSON.parse(readFileSync(join(folder, 'package.json'), 'utf8')) as { optionalDependencies?: object };
  return name in optionalDependencies;
}
