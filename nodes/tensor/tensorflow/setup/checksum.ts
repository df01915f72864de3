// Whether a file is the one that was meant.
import { createHash } from 'node:crypto';
import { createReadStream } from 'node:fs';
import { basename } from 'node:path';
import { pipeline } from 'node:stream/promises';
import { KithError } from '../../../../engine/errors.ts';

/** A KithError unless the file has this SHA-256. */
export async function requireChecksum(path: string, sha256: string, hint: string): Promise<void> {
  const hash = createHash('sha256');
  await pipeline(createReadStream(path, { highWaterMark: 1 << 20 }), hash);
  const found = hash.digest('hex');
  if (found === sha256) return;
  throw new KithError(`${basename(path)} is not the file that it should be: its checksum is wrong.`, {
    facts: [`expected SHA-256 ${sha256}`, `found ${found}`],
    hint,
  });
}
