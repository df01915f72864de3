// Rewrites one module of the project before it is bundled, by position in its text: what planning must not load is cut out, what names the
// module's own place is kept true. Also the border at which definitions that cannot be hashed are refused.
import { pathToFileURL } from 'node:url';
import { dirname } from 'node:path';
import { noteAsked, staticImport, type AskedNames } from './compile-lazy.ts';
import { KithError } from './errors.ts';
import { normalise } from './slice-syntax.ts';
import { hoistedNames, lexicalNames, patternNames } from './syntax-scope.ts';
import { children, many, one, propertyName, type Syntax } from './syntax-tree.ts';

/** What a bundle is for: declaring nodes, running them, or digesting their code. */
export type Purpose = 'plan' | 'work' | 'slice';

/** A module and how to speak of it. */
export interface Source {
  readonly file: string;
  readonly text: string;
  readonly program: Syntax;
  /** The module's name for people. */
  readonly shown: string;
  /** What `import.meta.url` stands for in digests: the same wherever the project lies. */
  readonly place: string;
}

/** The new text, and the specifiers that the module imports for effect alone. */
export interface Rewritten {
  readonly text: string;
  readonly bare: readonly string[];
  readonly definitions: readonly { readonly kind: string; readonly line: number }[];
}

interface Edit {
  readonly start: number;
  readonly end: number;
  readonly text: string;
}

/** Whether a module needs to be parsed at all: most modules hold nothing to rewrite. */
export function needsRewriting(text: string): boolean {
  return /\bdefineNode\b|\bimport\s*\.\s*meta\b|\bimport\s*\(|\bimport\s*['"]/.test(text);
}

/** Rewrites a module. Throws a KithError (exit code 2) for a definition that is not a top-level call with a literal kind. */
export function rewrite(source: Source, purpose: Purpose): Rewritten {
  const statements = many(source.program, 'body');
  const definers = new Set(statements.flatMap(importedDefiners));
  const edits: Edit[] = [];
  const lazy: string[] = [];
  const asked: AskedNames = new Map();
  const definitions: { kind: string; line: number }[] = [];
  const visit = (node: Syntax, around: readonly Syntax[]): void => {
    noteAsked(node, asked);
    if (isDefinition(node, definers)) {
      definitions.push({ kind: checkDefinition(source, node, around), line: lineOf(source.text, node.start).line });
      if (!awaits(node)) edits.push({ start: node.start, end: node.start, text: PURE }, { start: node.end, end: node.end, text: ')()' });
      if (purpose === 'plan') edits.push(...stubs(node));
    } else if (node.type === 'MemberExpression') edits.push(...placeOf(source, node, purpose));
    else if (node.type === 'ImportExpression' && purpose === 'slice') edits.push(...makeStatic(node, lazy, asked));
    const inner = SHELTERS.test(node.type) ? [...around, node] : around;
    for (const child of children(node)) if (!covered(child, edits)) visit(child, inner);
  };
  for (const statement of statements) visit(statement, []);
  const imports = lazy.map((specifier, index) => `import * as __kithLazy${index} from ${JSON.stringify(specifier)};`);
  return { text: [apply(source.text, edits), ...imports].join('\n'), bare: statements.flatMap(bareSpecifier), definitions };
}

/** Around a definition, so that one which nobody uses goes with all that its literal computes. */
const PURE = '/* @__PURE__ */ (() => ';

/** Syntax inside which a definition is no longer at its module's top level. */
const SHELTERS = /^(Arrow|For|While|DoWhile|Function|Class|Block|Static|Switch|Try|If|TSModule)/;

function importedDefiners(statement: Syntax): string[] {
  if (statement.type !== 'ImportDeclaration' || statement.importKind === 'type') return [];
  return many(statement, 'specifiers').flatMap((specifier) => {
    const local = String(one(specifier, 'local')?.name);
    if (specifier.type === 'ImportNamespaceSpecifier') return [`${local}.`];
    return one(specifier, 'imported')?.name === 'defineNode' ? [local] : [];
  });
}

function isDefinition(node: Syntax, definers: ReadonlySet<string>): boolean {
  if (node.type !== 'CallExpression') return false;
  const callee = one(node, 'callee')!;
  if (callee.type === 'Identifier') return definers.has(String(callee.name));
  return (
    callee.type === 'MemberExpression' &&
    one(callee, 'property')?.name === 'defineNode' &&
    definers.has(`${String(one(callee, 'object')?.name)}.`)
  );
}

/** The kind that a call of `defineNode` declares. */
function checkDefinition(source: Source, call: Syntax, around: readonly Syntax[]): string {
  const literal = unwrap(many(call, 'arguments')[0]);
  const properties = literal ? many(literal, 'properties') : [];
  const value = unwrap(properties.filter((property) => propertyName(property) === 'kind').map((property) => one(property, 'value')!)[0]);
  const kind = value?.type === 'Literal' && typeof value.value === 'string' ? value.value : undefined;
  const where = positionOf(source, (kind === undefined ? value : undefined)?.start ?? call.start);
  if (around.length > 0) throw notAtTop(source, call, around, kind);
  if (literal?.type !== 'ObjectExpression') {
    throw new KithError(`${source.shown} calls defineNode with something other than an object literal.`, {
      facts: [where],
      hint: 'Write the definition in the call: defineNode({ kind: …, run: … }). Its parts may be names of things declared elsewhere.',
      exitCode: 2,
    });
  }
  if (kind === undefined) {
    throw new KithError(`A node's kind must be a string literal.`, {
      facts: [where],
      hint: `Write it out, e.g. kind: 'mine-neighbours': it names the node's code before anything runs.`,
      exitCode: 2,
    });
  }
  return kind;
}

function notAtTop(source: Source, call: Syntax, around: readonly Syntax[], kind: string | undefined): KithError {
  const local = new Set(around.flatMap(declaredBy));
  const closed = new Set<string>();
  normalise([call], { meaning: (name) => void (local.has(name) && closed.add(name)) as undefined });
  const names = [...closed].filter((name) => name !== 'defineNode');
  return new KithError(
    `${source.shown} calls defineNode inside a ${around.some(({ type }) => type.includes('Function')) ? 'function' : 'block'}${kind === undefined ? '' : ` (kind "${kind}")`}.`,
    {
      facts: [
        positionOf(source, call.start),
        names.length > 0
          ? `It closes over ${names.join(', ')}, whose ${names.length === 1 ? 'value' : 'values'} cannot be seen in the code that is hashed.`
          : 'The code of a node is found by its declaration at the top level of a module.',
      ],
      hint: `Move it to the top level of the module${names.length > 0 ? ` and pass ${names.join(', ')} as params of the node` : ''}.`,
      exitCode: 2,
    },
  );
}

/** Names that a function, loop or block around a definition declares. */
function declaredBy(node: Syntax): string[] {
  const params = [...many(node, 'params'), one(node, 'param')].flatMap((param) => patternNames(param));
  const body = one(node, 'body');
  const statements = [...many(node, 'body'), ...(body ? many(body, 'body') : [])];
  return [...params, ...lexicalNames([one(node, 'init'), one(node, 'left'), ...statements]), ...hoistedNames(statements)];
}

/** Cuts the bodies that only running needs out of a definition. */
function stubs(call: Syntax): Edit[] {
  return many(unwrap(many(call, 'arguments')[0])!, 'properties').flatMap((property) => {
    const name = propertyName(property);
    return name === 'run' || name === 'summarise' || name === 'draw'
      ? [{ start: property.start, end: property.end, text: `${name}: undefined` }]
      : [];
  });
}

function placeOf({ file, place }: Source, node: Syntax, purpose: Purpose): Edit[] {
  const meta = one(node, 'object');
  if (meta?.type !== 'MetaProperty' || one(meta, 'meta')?.name !== 'import' || node.computed === true) return [];
  const name = String(one(node, 'property')?.name);
  const value = { url: pathToFileURL(file).href, filename: file, dirname: dirname(file) }[name];
  if (value === undefined) return [];
  const literal = purpose === 'slice' ? `kith-place:${place} ${name}` : value;
  return [{ start: node.start, end: node.end, text: JSON.stringify(literal) }];
}

function makeStatic(node: Syntax, lazy: string[], asked: AskedNames): Edit[] {
  const specifier = one(node, 'source')?.value;
  if (typeof specifier !== 'string' || !/^(\.|\/|file:|kith$)/.test(specifier)) return [];
  return [{ start: node.start, end: node.end, text: staticImport(lazy.push(specifier) - 1, asked.get(node)) }];
}

function bareSpecifier(statement: Syntax): string[] {
  return statement.type === 'ImportDeclaration' && many(statement, 'specifiers').length === 0 && statement.importKind !== 'type'
    ? [String(one(statement, 'source')?.value)]
    : [];
}

function awaits(node: Syntax): boolean {
  return node.type === 'AwaitExpression' || (!/Function/.test(node.type) && children(node).some(awaits));
}

function unwrap(node: Syntax | undefined): Syntax | undefined {
  return node && ['TSAsExpression', 'TSSatisfiesExpression', 'ParenthesizedExpression'].includes(node.type)
    ? unwrap(one(node, 'expression'))
    : node;
}

function covered(node: Syntax, edits: readonly Edit[]): boolean {
  return edits.some(({ start, end }) => start < end && start <= node.start && node.end <= end);
}

function apply(text: string, edits: readonly Edit[]): string {
  const ordered = edits.map((edit, order) => ({ ...edit, order })).sort((a, b) => b.start - a.start || b.order - a.order);
  return ordered.reduce((made, { start, end, text: replacement }) => made.slice(0, start) + replacement + made.slice(end), text);
}

/** A position as `lib/a.ts:3:14` with the line of code it points at. */
export function positionOf({ shown, text }: { readonly shown: string; readonly text: string }, offset: number): string {
  const { line, column } = lineOf(text, offset);
  return frame(shown, text, line, column);
}

/** `lib/a.ts:3:14` and that line of the text; line and column count from 1. */
export function frame(shown: string, text: string, line: number, column: number): string {
  const code = text.split(/\r?\n/)[line - 1]?.trim();
  return `${shown}:${line}:${column}${code ? `  ${code.length > 120 ? `${code.slice(0, 119)}…` : code}` : ''}`;
}

function lineOf(text: string, offset: number): { readonly line: number; readonly column: number } {
  const before = text.slice(0, offset).split('\n');
  return { line: before.length, column: before.at(-1)!.length + 1 };
}
