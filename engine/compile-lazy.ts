// Lazy imports of local modules, as they stand in the chunk that is only digested: there they may as well be static, so that the
// declarations of a lazy module stay apart, and a module that is asked for two of its names counts for these two alone.
import { propertyName, many, one, type Syntax } from './syntax-tree.ts';

/** Import expression → the names that its surroundings ask for. Imports of which nobody can say are not in it. */
export type AskedNames = Map<Syntax, readonly string[]>;

/** Notes what `(await import(m)).a`, `const { a, b } = await import(m)` and `import(m).then(({ a }) => …)` ask of `m`. */
export function noteAsked(node: Syntax, asked: AskedNames): void {
  const [module, names] = member(node) ?? pattern(node) ?? callback(node) ?? [];
  if (module && names) asked.set(module, names);
}

type Asking = readonly [module: Syntax | undefined, names: readonly string[] | undefined];

function member(node: Syntax): Asking | undefined {
  if (node.type !== 'MemberExpression') return undefined;
  const name = one(node, 'property')!;
  return [awaited(one(node, 'object')), node.computed === true ? undefined : [String(name.name)]];
}

function pattern(node: Syntax): Asking | undefined {
  return node.type === 'VariableDeclarator' ? [awaited(one(node, 'init')), namesIn(one(node, 'id'))] : undefined;
}

function callback(node: Syntax): Asking | undefined {
  const callee = node.type === 'CallExpression' ? one(node, 'callee') : undefined;
  if (callee?.type !== 'MemberExpression' || one(callee, 'property')?.name !== 'then') return undefined;
  const module = one(callee, 'object');
  const [first] = many(node, 'arguments');
  return [module?.type === 'ImportExpression' ? module : undefined, namesIn(first && many(first, 'params')[0])];
}

function awaited(node: Syntax | undefined): Syntax | undefined {
  const inner = node?.type === 'AwaitExpression' ? one(node, 'argument') : undefined;
  return inner?.type === 'ImportExpression' ? inner : undefined;
}

/** The names that an object pattern takes out; undefined for another pattern, and where it takes the rest. */
function namesIn(node: Syntax | undefined): string[] | undefined {
  if (node?.type !== 'ObjectPattern') return undefined;
  const names = many(node, 'properties').map(propertyName);
  return names.every((name) => name !== undefined) ? names : undefined;
}

/** What stands for the import expression: a promise of the module, or of those of its parts that are asked for. */
export function staticImport(place: number, names: readonly string[] | undefined): string {
  const module = `__kithLazy${place}`;
  const parts = names?.map((name) => `${JSON.stringify(name)}: ${module}[${JSON.stringify(name)}]`);
  return `Promise.resolve(${parts ? `{ ${parts.join(', ')} }` : module})`;
}
