// Code whose result its text does not determine: chance, clocks, the environment. Names it; whether it matters is for others.
import { globalPath, type LookUp } from './slice-meaning.ts';
import type { Scope } from './syntax-scope.ts';
import { many, one, type Syntax } from './syntax-tree.ts';

const MEMBERS = new Set(['Date.now', 'Math.random', 'process.env', 'crypto.randomUUID', 'crypto.getRandomValues']);
const IMPORTS = new Set(['node:crypto#randomUUID', 'node:crypto#randomBytes', 'node:crypto#randomInt', 'node:process#env']);

/** `Math.random` and the like; `process.env.HOME` where the variable is named. */
export function impureMember(node: Syntax, scope: Scope, lookUp: LookUp): string | undefined {
  const path = globalPath(node, scope, lookUp);
  return path !== undefined && (MEMBERS.has(path) || /^process\.env\.[^.]+$/.test(path)) ? path : undefined;
}

/** `new Date()`, `eval`, `import(…)` of something that is not written out. */
export function impureCall(node: Syntax, scope: Scope, lookUp: LookUp): string | undefined {
  if (node.type === 'ImportExpression') return one(node, 'source')?.type === 'Literal' ? undefined : 'import(…)';
  const callee = globalPath(one(node, 'callee')!, scope, lookUp);
  if (callee === 'Date' && (node.type === 'CallExpression' || many(node, 'arguments').length === 0)) return 'new Date()';
  return callee === 'eval' || callee === 'Function' ? callee : undefined;
}

/** `crypto.randomUUID` for an import of that function. */
export function impureImport(name: string): string | undefined {
  return IMPORTS.has(name) ? name.slice('node:'.length).replace('#', '.') : undefined;
}
