// Params are checked when the pipeline is planned: a wrong value is a sentence that names the node, the param and the range.
import type { z } from 'zod';
import { canonical } from '../cache/digest.ts';
import type { Plain } from '../cache/array.ts';
import type { Definition } from './define-node.ts';
import { KithError } from './errors.ts';
import { nearest } from './nearest.ts';

/** The params with defaults filled in, as plain data and in canonical form. Throws a KithError (exit code 2) that lists every issue. */
export function parseParams(
  node: string,
  definition: Definition,
  given: { readonly [param: string]: unknown },
): { readonly params: { readonly [param: string]: Plain }; readonly encoded: string } {
  const { shape } = definition.params;
  const strange = Object.keys(given).filter((param) => !Object.hasOwn(shape, param));
  const result = definition.params.safeParse(given);
  if (!result.success || strange.length > 0) throw wrongParams(node, definition, given, strange, result.error?.issues ?? []);
  const encoded = canonicalParams(node, result.data);
  return { params: JSON.parse(encoded) as { [param: string]: Plain }, encoded };
}

function wrongParams(
  node: string,
  definition: Definition,
  given: { readonly [param: string]: unknown },
  strange: readonly string[],
  issues: readonly z.core.$ZodIssue[],
): KithError {
  const known = Object.keys(definition.params.shape);
  const unknown = strange.map((param) => {
    const near = nearest(param, known);
    return `There is no param "${param}"${near ? `; did you mean "${near}"?` : '.'}`;
  });
  return new KithError(`A param of the node "${node}" is wrong.`, {
    facts: [...unknown, ...issues.map((issue) => sentence(issue, given, definition))],
    hint: `${definition.kind} takes ${known.join(', ') || 'no params'}.`,
    exitCode: 2,
  });
}

function canonicalParams(node: string, params: unknown): string {
  try {
    return canonical(withoutUndefined(params));
  } catch (error) {
    throw new KithError(`A param of the node "${node}" cannot be part of a key.`, { facts: [(error as Error).message], exitCode: 2 });
  }
}

/** An optional param that was left out is no leaf of the key. */
function withoutUndefined(value: unknown): unknown {
  if (!hasUndefined(value)) return value;
  return Object.fromEntries(
    Object.entries(value)
      .filter(([, field]) => field !== undefined)
      .map(([name, field]) => [name, withoutUndefined(field)]),
  );
}

function hasUndefined(value: unknown): value is object {
  if (typeof value !== 'object' || value === null || Array.isArray(value)) return false;
  return Object.values(value).some((field) => field === undefined || hasUndefined(field));
}

function sentence(issue: z.core.$ZodIssue, given: { readonly [param: string]: unknown }, definition: Definition): string {
  const path = issue.path.map(String);
  const value = path.reduce<unknown>((at, field) => (at as Record<string, unknown> | undefined)?.[field], given);
  const description = definition.params.shape[path[0] ?? '']?.description;
  const what = issue.message.replace(/^Invalid input: /, '').replace(/^Too (small|big): /, '');
  return `${path.join('.')} = ${JSON.stringify(value) ?? String(value)}: ${what}${description ? ` (${description})` : ''}.`;
}
