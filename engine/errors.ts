// Expected failures in one silhouette: headline, facts, hint. Bugs are ordinary errors and keep their stack.
import type { Failure } from './events.ts';

/** A failure that the user can act on. `exitCode` 2: the pipeline or the command line is wrong; 1: a node failed. */
export class KithError extends Error {
  override readonly name = 'KithError';
  /** Modules that were read until a pipeline turned out to be wrong: where the mistake may be. */
  sources?: readonly string[];
  constructor(
    readonly headline: string,
    readonly detail: { readonly facts?: readonly string[]; readonly hint?: string; readonly exitCode?: 1 | 2; readonly lost?: string } = {},
  ) {
    super([headline, ...(detail.facts ?? []), ...(detail.hint ? [detail.hint] : [])].join('\n'));
  }
}

/** Any thrown value as plain data; only unexpected errors carry a stack. */
export function toFailure(error: unknown): Failure {
  if (isKithError(error)) {
    const { facts = [], hint, lost } = error.detail;
    return { headline: error.headline, facts, ...(hint === undefined ? {} : { hint }), ...(lost === undefined ? {} : { lost }) };
  }
  if (error instanceof Error) return { headline: error.message || error.name, facts: [], ...(error.stack ? { stack: error.stack } : {}) };
  return { headline: String(error), facts: [] };
}

/** Recognises a KithError of any copy of this module (a compiled pipeline carries its own). */
export function isKithError(error: unknown): error is KithError {
  return error instanceof Error && error.name === 'KithError' && 'headline' in error && 'detail' in error;
}
