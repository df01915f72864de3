// One walk over plain data, in canonical order. It refuses everything that has no canonical form, and says where it is.

/** What to make of each value. `special` is asked first about every object and may take it; undefined leaves it to the walk. */
export interface Builder<T> {
  readonly leaf: (value: null | boolean | number | string, path: () => string) => T;
  readonly list: (items: readonly T[]) => T;
  /** Fields arrive sorted by name (UTF-16 code units). */
  readonly record: (fields: readonly (readonly [name: string, value: T])[], path: () => string) => T;
  readonly special?: (value: object, path: () => string) => T | undefined;
}

/**
 * Folds plain data from its leaves up. Throws a TypeError that names the place (`params.rate is NaN`) for NaN, infinities, -0,
 * undefined, functions, symbols, bigints, class instances, symbol fields and cycles.
 */
export function fold<T>(value: unknown, build: Builder<T>): T {
  const names: (string | number)[] = [];
  const holders: object[] = [];
  const path = (): string => pathText(names);

  function visit(at: unknown): T {
    if (typeof at === 'object' && at !== null) return build.special?.(at, path) ?? visitHolder(at);
    const refusal = whyNot(at);
    if (refusal) throw new TypeError(`${path()} is ${refusal}`);
    return build.leaf(at as null | boolean | number | string, path);
  }

  function visitHolder(holder: object): T {
    if (holders.includes(holder)) throw new TypeError(`${path()} is cyclic: it contains itself`);
    const refusal = whyNotHolder(holder);
    if (refusal) throw new TypeError(`${path()} is ${refusal}`);
    holders.push(holder);
    const built = Array.isArray(holder)
      ? build.list(Array.from(holder, (item: unknown, index) => visitField(index, item)))
      : build.record(
          sortedNames(holder).map((name) => [name, visitField(name, (holder as Record<string, unknown>)[name])] as const),
          path,
        );
    holders.pop();
    return built;
  }

  function visitField(name: string | number, field: unknown): T {
    names.push(name);
    const built = visit(field);
    names.pop();
    return built;
  }

  return visit(value);
}

function sortedNames(holder: object): string[] {
  return Object.keys(holder).sort();
}

function whyNot(leaf: unknown): string | undefined {
  switch (typeof leaf) {
    case 'number':
      return Object.is(leaf, -0) ? '-0' : Number.isFinite(leaf) ? undefined : String(leaf);
    case 'undefined':
      return 'undefined';
    case 'function':
    case 'symbol':
    case 'bigint':
      return `a ${typeof leaf}`;
    default:
      return undefined;
  }
}

function whyNotHolder(holder: object): string | undefined {
  const prototype = Object.getPrototypeOf(holder) as { readonly constructor?: { readonly name?: string } } | null;
  const plain = Array.isArray(holder) ? prototype === Array.prototype : prototype === Object.prototype || prototype === null;
  if (!plain) return `an instance of ${prototype?.constructor?.name || 'a class'}`;
  return Object.getOwnPropertySymbols(holder).length > 0 ? 'a record with a symbol for a field' : undefined;
}

function pathText(names: readonly (string | number)[]): string {
  if (names.length === 0) return 'the value';
  const text = names.map((name) => {
    if (typeof name === 'number') return `[${name}]`;
    return /^[\w$-]+$/.test(name) ? `.${name}` : `[${JSON.stringify(name)}]`;
  });
  return text.join('').replace(/^\./, '');
}
