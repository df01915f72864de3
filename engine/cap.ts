// How large the cache of a project may grow: what the environment says, else package.json, else ten gigabytes.
import { readFileSync } from 'node:fs';
import { join } from 'node:path';
import { KithError } from './errors.ts';

const DEFAULT = '10GB';

/** Bytes; Infinity for `none`. Throws a KithError (exit code 2) where what is said is no size. */
export function capOf(root: string): number {
  const said = process.env['KITH_CACHE_SIZE'];
  if (said) return parseCap(said, 'The variable KITH_CACHE_SIZE');
  return parseCap(inPackage(root) ?? DEFAULT, 'The field kith.cacheSize of package.json');
}

/** Bytes in `500MB`, `1.5 GB`, `2GiB` or `1000`, Infinity for `none`. `where` says who wrote it. Throws a KithError (exit code 2). */
export function parseCap(text: string, where: string): number {
  if (text.trim() === 'none') return Infinity;
  const [, amount, unit = ''] = /^(\d+(?:\.\d+)?)\s*([kmgt]?i?)b?$/i.exec(text.trim()) ?? [];
  const power = ['', 'k', 'm', 'g', 't'].indexOf(unit.toLowerCase().replace('i', ''));
  if (amount === undefined || unit.toLowerCase() === 'i')
    throw new KithError(`${where}: "${text}" is not a size.`, {
      hint: 'Write a number and a unit: 500MB, 5GB, 1.5TB; or none.',
      exitCode: 2,
    });
  return Math.round(Number(amount) * (/i$/i.test(unit) ? 1024 : 1000) ** power);
}

/** `"kith": { "cacheSize": "50GB" }` */
function inPackage(root: string): string | undefined {
  try {
    const { kith } = JSON.parse(readFileSync(join(root, 'package.json'), 'utf8')) as { readonly kith?: { readonly cacheSize?: unknown } };
    return kith?.cacheSize === undefined ? undefined : String(kith.cacheSize);
  } catch {
    return undefined; // There is none, or npm says what is wrong with it.
  }
}
