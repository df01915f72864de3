// `kith verify`: reads the whole cache again, and says what is damaged.
import { verifyCache, type Damage, type Verified } from '../../cache/verify.ts';
import { bytes, count } from '../report/format.ts';
import { selectedCache, type CacheFlags } from './cache-folder.ts';
import type { Terminal } from './terminal.ts';

/** The exit code is 1 where something was damaged. */
export async function verifyCommand(flags: CacheFlags, terminal: Terminal): Promise<number> {
  const folder = selectedCache(flags, terminal);
  const verified = await verifyCache(folder);
  terminal.out(flags.json ? `${JSON.stringify({ cache: folder, ...verified })}\n` : `${inWords(verified).join('\n')}\n`);
  return verified.damaged.length > 0 ? 1 : 0;
}

function inWords({ records, blobs, bytes: size, damaged, incomplete }: Verified): string[] {
  const read = `Read ${count(records, 'record')} and ${count(blobs, 'blob')}, ${bytes(size)}`;
  const lines =
    damaged.length === 0 ? [`${read}: all of them are sound.`] : [`${read}: ${damaged.length} damaged.`, ...damaged.map(damageLine)];
  if (incomplete.length > 0)
    lines.push(
      `Not usable without their blobs: ${incomplete.map(({ node, key }) => `${node} (${key})`).join(', ')}. The next run that needs them makes them again.`,
    );
  return lines;
}

const damageLine = ({ text, nodes }: Damage): string => `  ${text}${nodes.length > 0 ? `; part of ${nodes.join(', ')}` : ''}`;
