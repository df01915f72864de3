// `--set clusters.entropyWeight=1,2,5 --set seed=0,1` → the overrides of every variant: the product of all lists.
import { KithError } from '../errors.ts';
import type { Overrides } from '../graph.ts';
import type { Plain } from '../../cache/array.ts';
import { isRange, listIn } from '../sweep/parse-domain.ts';

/** One record of overrides a variant. Throws a KithError (exit code 2) for a setting without a `=`, and for what only a sweep can do. */
export function parseSettings(settings: readonly string[]): Overrides[] {
  return settings
    .map((setting) => withoutSearch(parseSetting(setting), setting))
    .reduce<Overrides[]>(
      (variants, { path, values }) => variants.flatMap((variant) => values.map((value) => ({ ...variant, [path]: value }))),
      [{}],
    );
}

function withoutSearch(parsed: Setting, typed: string): Setting {
  if (!parsed.when && !isRange(parsed.text)) return parsed;
  const what = parsed.when ? 'a condition' : 'a range';
  throw new KithError(`--set ${typed} has ${what}, which only a sweep can search.`, {
    hint: `Search it: kith sweep start --set "${typed}"; or name values: --set ${parsed.path}=1,2,5.`,
    exitCode: 2,
  });
}

/** One setting with its text, the values that a list holds, and the condition behind ` if `. */
export interface Setting {
  readonly path: string;
  readonly text: string;
  readonly values: readonly Plain[];
  /** The param matters only where each of these has one of these values. */
  readonly when?: { readonly [path: string]: readonly Plain[] };
}

/** Throws a KithError (exit code 2) for a setting without a `=`. */
export function parseSetting(setting: string): Setting {
  const at = setting.indexOf('=');
  if (at <= 0 || at === setting.length - 1) {
    throw new KithError(`--set ${setting} is not understood.`, {
      hint: 'Write --set node.param=value, e.g. --set neighbours.k=50, or several values: --set neighbours.k=10,50.',
      exitCode: 2,
    });
  }
  const [text, ...conditions] = setting.slice(at + 1).split(/ (?:if|and) (?=[A-Za-z][\w-]*\.\w+ *=)/) as [string, ...string[]];
  const when = Object.fromEntries(conditions.map((each) => parseSetting(each)).map(({ path, values }) => [path, values]));
  const list = listIn(text);
  const parsed = { path: setting.slice(0, at).trim(), text: list.trim(), values: splitList(list).map(parseValue) };
  return conditions.length > 0 ? { ...parsed, when } : parsed;
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
    return text.trim();
  }
}
