// The one border where a thrown error becomes text and an exit code: the user's mistakes as sentences, bugs with their stack.
import { isKithError, toFailure } from '../errors.ts';
import { cacheFailure } from '../cache-failure.ts';
import { failureText } from '../report/failure.ts';
import type { Terminal } from './terminal.ts';

/** Prints the error and returns the exit code: 2 for a wrong pipeline or command line, 1 otherwise. */
export function reportError(thrown: unknown, { err, color }: Terminal): number {
  const error = cacheFailure(thrown);
  err(`${failureText(toFailure(error), { color })}\n`);
  return isKithError(error) ? (error.detail.exitCode ?? 1) : 1;
}
