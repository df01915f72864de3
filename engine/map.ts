// Fan-out: one node for each item of a list. An item is known by its content, never by its place, so that an item that is added, removed or
// moved leaves the others as they were.
import { canonical, sha256 } from '../cache/digest.ts';
import type { Plain } from '../cache/array.ts';
import type { Handle } from './define-node.ts';
import { KithError } from './errors.ts';

/** Letters and digits of a name that an item's content becomes where it is no word itself. */
const DIGITS = 10;

/**
 * `map(['cats', 'dogs'], (folder) => imageFolder({ path: folder }))` → handles by name, for `pipeline` and for inputs that take many.
 * Names are the kind of the node and the item: the item itself where it is a word or a number, else a digest of it. Equal items are one node.
 * Throws a KithError (exit code 2) for items that are not plain data.
 */
export function map<T extends Plain, A>(items: Iterable<T>, make: (item: T) => Handle<A>): { readonly [name: string]: Handle<A> } {
  const seen = new Map<string, T>();
  for (const item of items) seen.set(identity(item), item);
  return Object.fromEntries(
    [...seen].map(([encoded, item]) => {
      const handle = make(item);
      return [`${handle.definition.kind}-${label(item, encoded)}`, handle];
    }),
  );
}

function identity(item: Plain): string {
  try {
    return canonical(item);
  } catch (error) {
    throw new KithError('An item of map(…) is not plain data.', {
      facts: [(error as Error).message],
      hint: 'Use text, numbers, lists and records: a node is known by its content.',
      exitCode: 2,
    });
  }
}

function label(item: Plain, encoded: string): string {
  const text = String(item);
  return typeof item !== 'object' && /^\w[\w-]*$/.test(text) ? text : sha256(new TextEncoder().encode(encoded)).slice(0, DIGITS);
}
