// What is in a folder of a cache. Links are never followed: a folder that is one has nothing in it.
import { lstatSync, readdirSync } from 'node:fs';

/** Names in a folder; none where it is not there, or no plain folder. */
export function namesIn(folder: string): string[] {
  try {
    return lstatSync(folder).isDirectory() ? readdirSync(folder) : [];
  } catch {
    return [];
  }
}
