// What each node of a pipeline last was: so that `why` can say old → new and a plan can say how long. A hint only; losing it costs words, not work.
import { CacheWriteError } from '../cache/disk.ts';
import { readHistory, writeHistory } from '../cache/history.ts';
import type { Last } from './plan.ts';
import type { Remembered } from './run.ts';

export interface History {
  last(name: string): Last | undefined;
  remember(result: Remembered): void;
  /** Writes what is new; a no-op when nothing changed. A cache that cannot be written is no error here: it costs words only. */
  save(): void;
}

/** The history of one pipeline file, read when first asked. */
export function openHistory(cacheFolder: string, pipeline: string): History {
  let entries: Map<string, Last> | undefined;
  let changed = false;
  const load = (): Map<string, Last> =>
    (entries ??= new Map(Object.entries((readHistory(cacheFolder, pipeline) ?? {}) as unknown as Record<string, Last>)));
  return {
    last: (name) => load().get(name),
    remember({ node, key, readable, code, seconds }) {
      const known = load().get(node.name);
      if (known?.resolved === key) return;
      load().set(node.name, { resolved: key, key: readable, parts: code.parts, seconds });
      changed = true;
    },
    save() {
      if (!changed) return;
      changed = false;
      try {
        writeHistory(cacheFolder, pipeline, Object.fromEntries(load()));
      } catch (error) {
        if (!(error instanceof CacheWriteError)) throw error;
      }
    },
  };
}
