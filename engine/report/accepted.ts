// A result that a user accepted for a key under which it was not made, in words: it is never used without them.
import type { Accepted, Summary } from '../events.ts';
import { inWords } from '../key.ts';
import { oneLine } from './width.ts';

/** What the summary of a result says of its acceptance. */
export function acceptedIn(summary: unknown): Accepted | undefined {
  return (summary as Summary | undefined)?.accepted;
}

/** `accepted on 25.11.2026 although code lib/a.ts#f changed` */
export function acceptedInWords({ when, changes }: Accepted): string {
  return oneLine(`accepted on ${new Date(when).toLocaleDateString()} although ${changes.map(inWords).join(', ') || 'its key changed'}`);
}
