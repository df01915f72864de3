// `kith run [pipeline.ts] [targets…]`: the first word is a file when it looks like one.
import { openProject, type Project } from '../project.ts';
import { parseSettings } from './settings.ts';
import type { Terminal } from './terminal.ts';

export interface Selecting {
  readonly set: readonly string[];
  readonly pipeline?: string;
}

/** Splits positional words into the pipeline file, if one is named, and targets. */
export function splitWords(words: readonly string[]): { readonly file?: string; readonly targets: readonly string[] } {
  const [first, ...rest] = words;
  return first !== undefined && /[./\\]/.test(first) ? { file: first, targets: rest } : { targets: words };
}

/** Opens the project that words and flags name. */
export function openSelected(file: string | undefined, { set }: Selecting, { cwd }: Terminal): Promise<Project> {
  return openProject({ file, variants: parseSettings(set), cwd });
}
