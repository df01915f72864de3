// The syntax tree of JavaScript and TypeScript (ESTree) as the parser hands it over, and how to read it. Knows shapes, not meanings.

/** A node of an ESTree syntax tree, as the parser hands it over. */
export interface Syntax {
  readonly type: string;
  readonly start: number;
  readonly end: number;
  readonly [field: string]: unknown;
}

/** Syntax that is evaluated only when it is called. */
export const FUNCTIONS: ReadonlySet<string> = new Set(['FunctionDeclaration', 'FunctionExpression', 'ArrowFunctionExpression']);

/** A child that is one node. */
export function one(node: Syntax, field: string): Syntax | undefined {
  const value = node[field];
  return isSyntax(value) ? value : undefined;
}

/** A child that is a list; holes are left out. */
export function many(node: Syntax, field: string): readonly Syntax[] {
  const value = node[field];
  return Array.isArray(value) ? value.filter(isSyntax) : [];
}

/** All children, in source order. */
export function children(node: Syntax): Syntax[] {
  const found: Syntax[] = [];
  for (const field in node) {
    const value = node[field];
    if (typeof value !== 'object' || value === null) continue;
    if (!Array.isArray(value)) {
      if (isSyntax(value)) found.push(value);
    } else for (const each of value as unknown[]) if (isSyntax(each)) found.push(each);
  }
  return found;
}

/** Whether a field holds a node. */
export function isSyntax(value: unknown): value is Syntax {
  return typeof value === 'object' && value !== null && typeof (value as { type?: unknown }).type === 'string';
}

/** The key of a property or member as JSON text; undefined when it is computed. */
export function keyOf(key: Syntax, computed: boolean): string | undefined {
  if (key.type === 'PrivateIdentifier') return `#${String(key.name)}`;
  if (key.type === 'Literal' && (typeof key.value === 'string' || (!computed && key.value !== undefined)))
    return JSON.stringify(String(key.value));
  return computed || key.type !== 'Identifier' ? undefined : JSON.stringify(key.name);
}

/** The name of a property of an object literal or pattern; undefined when it is computed or spread. */
export function propertyName(property: Syntax): string | undefined {
  const key = one(property, 'key');
  const text = key && keyOf(key, property.computed === true);
  return text === undefined || text.startsWith('#') ? undefined : String(JSON.parse(text));
}
