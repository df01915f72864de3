// Patterns over the operations of a trace: what a value must be made of, and what its parts are called.
import type { Operation } from '../executor.ts';
import type { Values } from './values.ts';

/** A name stands for any value, the same wherever it stands; a list, a kernel's name and patterns, for its outcome on such inputs in their order. */
export type Pattern = string | readonly Pattern[];

export interface Match {
  /** Values by name. */
  readonly parts: { readonly [name: string]: number };
  /** The operations that the pattern covers. */
  readonly covered: ReadonlySet<Operation>;
}

/** Adds what `value` tells to what is known; undefined where it is made otherwise. */
function match(value: number, pattern: Pattern, values: Values, known: Match): Match | undefined {
  if (typeof pattern === 'string') {
    const other = known.parts[pattern] ?? value;
    return other === value ? { ...known, parts: { ...known.parts, [pattern]: value } } : undefined;
  }
  const [kernel, ...inputs] = pattern;
  const operation = values.origin(value);
  if (!operation || operation.kernel !== kernel) return undefined;
  const given = Object.values(operation.inputs);
  const start: Match = { ...known, covered: new Set([...known.covered, operation]) };
  return inputs.reduce<Match | undefined>((so, input, at) => so && match(given[at]!, input, values, so), start);
}

/** Matches named values in turn; the first is given. */
export function matchAll(
  parts: { readonly [name: string]: number },
  patterns: { readonly [name: string]: Pattern },
  values: Values,
): Match | undefined {
  return Object.entries(patterns).reduce<Match | undefined>(
    (so, [name, pattern]) => (so && so.parts[name] !== undefined ? match(so.parts[name]!, pattern, values, so) : undefined),
    { parts, covered: new Set() },
  );
}
