// What a name stands for that no scope of a piece declares: another declaration, an import, or something global.
import { find, type Scope } from './syntax-scope.ts';
import { keyOf, one, type Syntax } from './syntax-tree.ts';

export type Meaning =
  /** Declared by the piece itself: its n-th name. */
  | { readonly is: 'self'; readonly index: number }
  /** The n-th name of another top-level declaration. */
  | { readonly is: 'declaration'; readonly declaration: number; readonly index: number }
  /** An import from a package or from Node: `name` without the version, `versioned` with it. */
  | { readonly is: 'import'; readonly name: string; readonly versioned: string };

/** Undefined for what is global. */
export type LookUp = (name: string) => Meaning | undefined;

/** `Math.random` for that expression where `Math` is the global one; `globalThis.` is left out, and imports of Node's own modules count. */
export function globalPath(node: Syntax, scope: Scope, lookUp: LookUp): string | undefined {
  if (node.type === 'Identifier') {
    const name = String(node.name);
    if (find(scope, name)) return undefined;
    const meaning = lookUp(name);
    if (!meaning) return name;
    const builtin = meaning.is === 'import' ? /^node:(crypto|process)#(?:default|\*)$/.exec(meaning.name) : undefined;
    return builtin?.[1];
  }
  if (node.type !== 'MemberExpression') return undefined;
  const key = keyOf(one(node, 'property')!, node.computed === true);
  const path = globalPath(one(node, 'object')!, scope, lookUp);
  if (path === undefined || key === undefined || key.startsWith('#')) return undefined;
  return path === 'globalThis' ? String(JSON.parse(key)) : `${path}.${String(JSON.parse(key))}`;
}
