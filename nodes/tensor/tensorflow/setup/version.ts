// Which version a TensorFlow is, as far as names tell. Loads nothing.
import { readdirSync, realpathSync } from 'node:fs';
import { dirname } from 'node:path';
import { KithError } from '../../../../engine/errors.ts';
import type { LibraryFiles } from '../library-files.ts';

/** The version in a wheel's name. */
export const versionOfWheel = (file: string): string | undefined => /^tensorflow(?:_[a-z_]+)?-(\d+(?:\.\d+)*\w*)/.exec(file)?.[1];

/** The version of a library: in the name of the file that its links lead to, or in that of the package's folder beside it. */
export function versionOf({ folder, library }: LibraryFiles): string | undefined {
  const [, ofLink] = /\.(\d+\.\d+\.\d+)(?:\.dylib)?$/.exec(realpathSync(library)) ?? [];
  if (ofLink !== undefined) return ofLink;
  const names = readdirSync(dirname(realpathSync(folder)));
  return names.flatMap((name) => (name.endsWith('.dist-info') ? (versionOfWheel(name) ?? []) : []))[0];
}

/** tfjs-node's, the oldest that is met. */
const OLDEST = [2, 9] as const;

/** A KithError for a version that is known to be too old. */
export function requireRecent(version: string | undefined): void {
  if (version === undefined) return;
  const [major = 0, minor = 0] = version.split('.').map(Number);
  if (major > OLDEST[0] || (major === OLDEST[0] && minor >= OLDEST[1])) return;
  throw new KithError(`TensorFlow ${version} is too old: Kith needs ${OLDEST.join('.')} or newer.`, {
    hint: 'kith setup without --from gets a current one.',
  });
}
