// Which images a folder holds, in an order that does not depend on the file system. Opens none of them.
import { readdir, realpath, stat } from 'node:fs/promises';
import { extname, join } from 'node:path';

/** Extensions that sharp reads. */
const READABLE = new Set(['.jpg', '.jpeg', '.jpe', '.jfif', '.png', '.webp', '.gif', '.tif', '.tiff', '.avif']);
/** Extensions of images that it does not. */
const FOREIGN = new Set([
  '.bmp',
  '.heic',
  '.heif',
  '.jp2',
  '.jxl',
  '.psd',
  '.tga',
  '.ppm',
  '.pgm',
  '.pnm',
  '.raw',
  '.dng',
  '.cr2',
  '.nef',
  '.arw',
]);

export interface Found {
  /** Paths relative to the folder, with `/`, sorted by code units. */
  readonly images: readonly string[];
  /** Images in formats that cannot be read. */
  readonly foreign: readonly string[];
  /** Number of all other files. */
  readonly others: number;
}

/** Looks through a folder and all below it. Names with a leading dot and `__MACOSX` are skipped; links are followed, but not in circles. */
export async function findImages(folder: string): Promise<Found> {
  const files = await filesBelow(folder, '', []);
  const kind = (file: string): string => extname(file).toLowerCase();
  const images = files.filter((file) => READABLE.has(kind(file))).sort(byCodeUnits);
  const foreign = files.filter((file) => FOREIGN.has(kind(file))).sort(byCodeUnits);
  return { images, foreign, others: files.length - images.length - foreign.length };
}

/** Names of the visible folders directly inside, sorted. */
export async function subfolders(folder: string): Promise<readonly string[]> {
  const names = (await readdir(folder)).filter(isVisible);
  const stats = await Promise.all(names.map((name) => stat(join(folder, name)).catch(() => undefined)));
  return names.filter((_, i) => stats[i]?.isDirectory()).sort(byCodeUnits);
}

async function filesBelow(folder: string, prefix: string, above: readonly string[]): Promise<string[]> {
  const real = await realpath(folder);
  if (above.includes(real)) return [];
  const entries = (await readdir(folder, { withFileTypes: true })).filter(({ name }) => isVisible(name));
  const found: string[] = [];
  for (const entry of entries) {
    const path = join(folder, entry.name);
    const kind = entry.isSymbolicLink() ? await stat(path).catch(() => undefined) : entry;
    if (kind?.isFile()) found.push(prefix + entry.name);
    else if (kind?.isDirectory()) found.push(...(await filesBelow(path, `${prefix}${entry.name}/`, [...above, real])));
  }
  return found;
}

const isVisible = (name: string): boolean => !name.startsWith('.') && name !== '__MACOSX';
const byCodeUnits = (a: string, b: string): number => (a < b ? -1 : a > b ? 1 : 0);
