// What each node of a pipeline last was: so that `why` can say old → new and a plan can say how long. A hint only; losing it costs words, not work.
import type { Hasher } from '../cache/digest.ts';
import { CacheWriteError } from '../cache/disk.ts';
import { readHistory, writeHistory } from '../cache/history.ts';
import type { Last } from './plan.ts';
import type { Remembered } from './world.ts';

export interface History {
  last(name: string): Last | undefined;
  remember(result: Remembered): void;
  /** Writes what is new; a no-op when nothing changed. A cache that cannot be written is no error here: it costs words only. */
  save(): void;
}

/** The history of one pipeline file. It is read only when something is stale or new: `tip`, a digest of all names and keys, tells. */
export function openHistory(cacheFolder: string, pipeline: string, hasher: Hasher): History {
  const seen = new Map<string, Remembered>();
  let entries: { readonly [name: string]: Last } | undefined;
  const load = (): { readonly [name: string]: Last } =>
    (entries ??= (readHistory(cacheFolder, pipeline) ?? {}) as unknown as Record<string, Last>);
  return {
    last: (name) => {
      const entry = Object.hasOwn(load(), name) ? load()[name] : undefined;
      return isLast(entry) ? entry : undefined;
    },
    remember: (result) => void seen.set(result.node.name, result),
    save() {
      const tip = hasher.key([...seen].map(([name, { key }]) => `${name} ${key}`).join('\n'));
      const known = readHistory(cacheFolder, `${pipeline} tip`)?.['tip'];
      if (seen.size === 0 || known === tip) return;
      try {
        writeHistory(cacheFolder, pipeline, {
          ...load(),
          ...Object.fromEntries([...seen].map(([name, result]) => [name, lastOf(result)])),
        });
        writeHistory(cacheFolder, `${pipeline} tip`, { tip });
      } catch (error) {
        if (!(error instanceof CacheWriteError)) throw error;
      }
    },
  };
}

function lastOf({ key, readable, code, seconds }: Remembered): Last {
  return { resolved: key, key: readable(), parts: code.parts, seconds };
}

/** Whether a part of a file that may have come from anywhere can be compared with a key. */
function isLast(value: unknown): value is Last {
  if (!isRecord(value) || !isRecord(value['key']) || !isRecord(value['parts'])) return false;
  const { params, inputs, files, env, code } = value['key'];
  return [params, inputs, files, env].every(isRecord) && typeof code === 'string' && typeof value['seconds'] === 'number';
}

function isRecord(value: unknown): value is { readonly [field: string]: unknown } {
  return typeof value === 'object' && value !== null && !Array.isArray(value);
}
