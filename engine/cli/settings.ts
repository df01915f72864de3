// `--set clusters.entropyWeight=1,2,5 --set seed=0,1` → the overrides of every variant: the product of all lists.
import { KithError } from '../errors.ts';
import type { Overrides } from '../graph.ts';
import type { Plain } from '../../cache/array.ts';

/** One record of overrides a variant. Throws a KithError (exit code 2) for a setting without a `=`. */
export function parseSettings(settings: readonly string[]): Overrides[] {
  return settings
    .map(parseSetting)
    .reduce<Overrides[]>(
      (variants, { path, values }) => variants.flatMap((variant) => values.map((value) => ({ ...variant, [path]: value }))),
      [{}],
    );
}

/** One setting with its text and the values that a list holds. Throws a KithError (exit code 2) for one without a `=`. */
export function parseSetting(setting: string): { readonly path: string; readonly text: string; readonly values: readonly Plain[] } {
  const at = setting.indexOf('=');
  if (at <= 0 || at === setting.length - 1) {
    throw new KithError(`--set ${setting} is not understood.`, {
      hint: 'Write --set node.param=value, e.g. --set neighbours.k=50, or several values: --set neighbours.k=10,50.',
      exitCode: 2,
    });
  }
  const text = setting.slice(at + 1);
  return { path: setting.slice(0, at), text, values: splitList(text).map(parseValue) };
}

/** Splits at commas outside brackets, braces, parentheses and quotes. */
function splitList(text: string): string[] {
  const parts = [''];
  let depth = 0;
  let quoted = false;
  for (const character of text) {
    if (character === '"') quoted = !quoted;
    if ('[{('.includes(character)) depth += 1;
    if (']})'.includes(character)) depth -= 1;
    if (character === ',' && depth === 0 && !quoted) parts.push('');
    else parts[parts.length - 1] += character;
  }
  return parts;
}

/** JSON where it is JSON (numbers, true, lists, records), else the text itself. */
function parseValue(text: string): Plain {
  try {
    return JSON.parse(text) as Plain;
  } catch {
    return text;
  }
}
