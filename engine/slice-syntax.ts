// Reads a piece of JavaScript's syntax tree and says it again without names, positions and formatting: two pieces that differ only in the
// names of locals, in comments or in layout give the same text. Knows scopes; knows nothing of modules, files or digests.

/** A node of an ESTree syntax tree, as the parser hands it over. */
export interface Syntax {
  readonly type: string;
  readonly start: number;
  readonly end: number;
  readonly [field: string]: unknown;
}

/** What a name means that no local scope of the piece declares. */
export type Meaning =
  /** Declared by the piece itself: its n-th name. */
  | { readonly is: 'self'; readonly index: number }
  /** The n-th name of another top-level declaration. */
  | { readonly is: 'declaration'; readonly declaration: number; readonly index: number }
  /** An import from a package or from Node: `name` without the version, `versioned` with it. */
  | { readonly is: 'import'; readonly name: string; readonly versioned: string };

/** A piece of code said without names. */
export interface Normal {
  /** References to other declarations appear as `@0`, `@1`, … in the order of their first appearance. */
  readonly text: string;
  /** What `@0`, `@1`, … stand for. */
  readonly declarations: readonly number[];
  /** Imports that occur, with their versions, in the order of their first appearance. */
  readonly imports: readonly string[];
  /** Values that are not determined by the code: `Math.random`, `Date.now`, `process.env.HOME`, … */
  readonly impure: readonly string[];
}

/** How the analysis looks up what is not local. */
export interface Surroundings {
  readonly meaning: (name: string) => Meaning | undefined;
  /** The import that a module specifier in a string, as in a lazy import, stands for. */
  readonly specifier?: (text: string) => { readonly name: string; readonly versioned: string } | undefined;
}

type Scope = { readonly names: Map<string, { id?: number }>; readonly parent?: Scope };

/** Fields that carry types, positions or spelling rather than meaning. */
const SILENT = new Set(
  (
    'type start end range loc parent raw shorthand typeAnnotation returnType typeParameters typeArguments superTypeArguments implements ' +
    'definite declare accessibility override readonly abstract hashbang'
  ).split(' '),
);
const WRAPPERS = new Set([
  'TSAsExpression',
  'TSSatisfiesExpression',
  'TSNonNullExpression',
  'TSTypeAssertion',
  'TSInstantiationExpression',
  'ParenthesizedExpression',
]);
const FUNCTIONS = new Set(['FunctionDeclaration', 'FunctionExpression', 'ArrowFunctionExpression']);
const CLASSES = new Set(['ClassDeclaration', 'ClassExpression']);
const LOOPS = new Set(['ForStatement', 'ForInStatement', 'ForOfStatement']);
/** Statements that hold statements. */
const NESTING = /^(Block|If|For|ForIn|ForOf|While|DoWhile|Switch|Try|Labeled|With)Statement$|^SwitchCase$|^CatchClause$/;
const IMPURE = new Set(['Date.now', 'Math.random', 'process.env', 'crypto.randomUUID', 'crypto.getRandomValues']);
const IMPURE_IMPORTS = new Set(['node:crypto#randomUUID', 'node:crypto#randomBytes', 'node:crypto#randomInt', 'node:process#env']);

/** Says a list of nodes without names. */
export function normalise(nodes: readonly Syntax[], surroundings: Surroundings): Normal {
  const printer = new Printer(surroundings);
  for (const node of nodes) printer.print(node, { names: new Map() });
  const { text, declarations, imports, impure } = printer;
  return { text: text.join(''), declarations, imports: [...imports], impure: [...impure] };
}

class Printer {
  readonly text: string[] = [];
  readonly declarations: number[] = [];
  readonly imports = new Set<string>();
  readonly impure = new Set<string>();
  readonly #surroundings: Surroundings;
  readonly #labels: string[] = [];
  #locals = 0;
  /** The `process.env` inside a `process.env.HOME` that was noted already. */
  #noted: Syntax | undefined;

  constructor(surroundings: Surroundings) {
    this.#surroundings = surroundings;
  }

  print(node: Syntax, scope: Scope): void {
    if (WRAPPERS.has(node.type)) return this.print(one(node, 'expression')!, scope);
    if (node.type.startsWith('TS') && node.type !== 'TSParameterProperty') return;
    if (FUNCTIONS.has(node.type)) return this.#function(node, scope);
    if (CLASSES.has(node.type)) return this.#class(node, scope);
    if (LOOPS.has(node.type)) return this.#fields(node, inside(scope, lexicalNames([one(node, 'init') ?? one(node, 'left')])));
    switch (node.type) {
      case 'Identifier':
        return this.#name(String(node.name), scope);
      case 'PrivateIdentifier':
        return this.#put(`#${String(node.name)}`);
      case 'Literal':
        return this.#literal(node);
      case 'TemplateElement':
        return this.#put(JSON.stringify(node.value));
      case 'MemberExpression':
        return this.#member(node, scope);
      case 'NewExpression':
      case 'CallExpression':
        return this.#call(node, scope);
      case 'ImportExpression':
        if (one(node, 'source')?.type !== 'Literal') this.impure.add('import(…)');
        return this.#fields(node, scope);
      case 'Property':
      case 'MethodDefinition':
      case 'PropertyDefinition':
      case 'AccessorProperty':
        return this.#keyed(node, scope);
      case 'BlockStatement':
        return this.#fields(node, inside(scope, lexicalNames(many(node, 'body'))));
      case 'StaticBlock':
        return this.#fields(node, inside(scope, [...lexicalNames(many(node, 'body')), ...hoistedNames(many(node, 'body'))]));
      case 'SwitchStatement':
        return this.#switch(node, scope);
      case 'CatchClause':
        return this.#fields(node, inside(scope, patternNames(one(node, 'param'))));
      case 'LabeledStatement':
        this.#labels.push(String(one(node, 'label')?.name));
        this.#put('(label');
        this.print(one(node, 'body')!, scope);
        this.#put(')');
        return void this.#labels.pop();
      case 'BreakStatement':
      case 'ContinueStatement':
        return this.#put(
          `(${node.type}${node.label ? ` ${this.#labels.length - this.#labels.lastIndexOf(String(one(node, 'label')?.name))}` : ''})`,
        );
      case 'MetaProperty':
        return this.#put(`${String(one(node, 'meta')?.name)}.${String(one(node, 'property')?.name)}`);
      case 'EmptyStatement':
        return;
      default:
        return this.#fields(node, scope);
    }
  }

  #put(text: string): void {
    this.text.push(text, ' ');
  }

  /** A node as its type and its fields, in the parser's order. */
  #fields(node: Syntax, scope: Scope, except?: string): void {
    this.#put(`(${node.type}`);
    for (const [field, value] of Object.entries(node)) {
      if (SILENT.has(field) || field === except || value === undefined) continue;
      if (Array.isArray(value)) this.#list(value as (Syntax | null)[], scope);
      else if (isSyntax(value)) this.print(value, scope);
      else this.#put(value === null ? '_' : `${field}=${String(value)}`);
    }
    this.#put(')');
  }

  #list(values: readonly (Syntax | null)[], scope: Scope): void {
    this.#put('[');
    for (const value of values) {
      if (value) this.print(value, scope);
      else this.#put('_');
    }
    this.#put(']');
  }

  #name(name: string, scope: Scope): void {
    const local = find(scope, name);
    if (local) return this.#put(`$${(local.id ??= this.#locals++)}`);
    const meaning = this.#surroundings.meaning(name);
    if (!meaning) return this.#put(`!${name}`);
    if (meaning.is === 'self') return this.#put(`&${meaning.index}`);
    if (meaning.is === 'import') return this.#import(meaning);
    let place = this.declarations.indexOf(meaning.declaration);
    if (place < 0) place = this.declarations.push(meaning.declaration) - 1;
    this.#put(`@${place}.${meaning.index}`);
  }

  #import({ name, versioned }: { readonly name: string; readonly versioned: string }): void {
    this.imports.add(versioned);
    if (IMPURE_IMPORTS.has(name)) this.impure.add(name.slice(name.indexOf(':') + 1).replace('#', '.'));
    this.#put(`%${name}`);
  }

  #literal(node: Syntax): void {
    const { value, regex, bigint } = node as { value?: unknown; regex?: { pattern: string; flags: string }; bigint?: string };
    if (regex) return this.#put(`/${regex.pattern}/${regex.flags}`);
    if (bigint) return this.#put(`${bigint}n`);
    if (typeof value !== 'string') return this.#put(String(value));
    const imported = this.#surroundings.specifier?.(value);
    if (imported) this.#import(imported);
    else this.#put(JSON.stringify(value));
  }

  #member(node: Syntax, scope: Scope): void {
    const [object, property] = [one(node, 'object')!, one(node, 'property')!];
    const key = keyOf(property, node.computed === true);
    this.#noteImpure(node, object, key, scope);
    this.#put(node.optional ? '(?.' : '(.');
    this.print(object, scope);
    if (key === undefined) this.print(property, scope);
    else this.#put(key);
    this.#put(')');
  }

  /** Remembers `Math.random` and the like where `Math` is the global one; `process.env` with the variable that is read. */
  #noteImpure(node: Syntax, object: Syntax, key: string | undefined, scope: Scope): void {
    const owner = this.#globalPath(object, scope);
    if (owner === undefined || this.#noted === node) return;
    const name = key === undefined || key.startsWith('#') ? undefined : String(JSON.parse(key));
    if (owner === 'process.env' && name !== undefined) {
      this.#noted = object;
      this.impure.add(`process.env.${name}`);
    } else if (IMPURE.has(`${owner}.${name}`)) this.impure.add(`${owner}.${name}`);
  }

  #globalPath(node: Syntax, scope: Scope): string | undefined {
    if (node.type === 'Identifier') {
      const name = String(node.name);
      if (find(scope, name)) return undefined;
      const meaning = this.#surroundings.meaning(name);
      if (!meaning) return name;
      if (meaning.is === 'import' && /^node:(crypto|process)#(default|\*)$/.test(meaning.name))
        return meaning.name.slice(5, meaning.name.indexOf('#'));
      return undefined;
    }
    if (node.type !== 'MemberExpression') return undefined;
    const [object, key] = [one(node, 'object')!, keyOf(one(node, 'property')!, node.computed === true)];
    const path = this.#globalPath(object, scope);
    if (path === undefined || key === undefined || key.startsWith('#')) return undefined;
    return path === 'globalThis' ? String(JSON.parse(key)) : `${path}.${String(JSON.parse(key))}`;
  }

  #call(node: Syntax, scope: Scope): void {
    const callee = this.#globalPath(one(node, 'callee')!, scope);
    if (callee === 'Date' && (node.type === 'CallExpression' || many(node, 'arguments').length === 0)) this.impure.add('new Date()');
    if (callee === 'eval' || callee === 'Function') this.impure.add(callee);
    this.#fields(node, scope);
  }

  #keyed(node: Syntax, scope: Scope): void {
    const key = keyOf(one(node, 'key')!, node.computed === true);
    if (key === undefined) return this.#fields(node, scope);
    this.#put(key);
    this.#fields({ ...node, computed: undefined }, scope, 'key');
  }

  /** Parameters and body have scopes of their own, so that a default value never sees a variable of the body. */
  #function(node: Syntax, scope: Scope): void {
    if (node.type === 'FunctionDeclaration' && node.id) this.print(one(node, 'id')!, scope);
    const own = node.type === 'FunctionExpression' ? patternNames(one(node, 'id')) : [];
    const outer = inside(scope, [...own, ...many(node, 'params').flatMap((param) => patternNames(param))]);
    this.#put(`(${node.type} ${node.async ? 'async' : ''}${node.generator ? '*' : ''}`);
    this.#list(many(node, 'params'), outer);
    const body = one(node, 'body');
    if (body?.type === 'BlockStatement') {
      const statements = many(body, 'body');
      this.#list(statements, inside(outer, [...lexicalNames(statements), ...hoistedNames(statements)]));
    } else if (body) this.print(body, outer);
    this.#put(')');
  }

  #class(node: Syntax, scope: Scope): void {
    if (node.type === 'ClassDeclaration' && node.id) this.print(one(node, 'id')!, scope);
    const own = node.type === 'ClassExpression' ? patternNames(one(node, 'id')) : [];
    this.#fields(node, inside(scope, own), 'id');
  }

  #switch(node: Syntax, scope: Scope): void {
    this.#put('(switch');
    this.print(one(node, 'discriminant')!, scope);
    const statements = many(node, 'cases').flatMap((each) => many(each, 'consequent'));
    this.#list(many(node, 'cases'), inside(scope, lexicalNames(statements)));
    this.#put(')');
  }
}

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

function isSyntax(value: unknown): value is Syntax {
  return typeof value === 'object' && value !== null && typeof (value as { type?: unknown }).type === 'string';
}

/** The key of a property or member as JSON text; undefined when it is computed. */
export function keyOf(key: Syntax, computed: boolean): string | undefined {
  if (key.type === 'PrivateIdentifier') return `#${String(key.name)}`;
  if (key.type === 'Literal' && (typeof key.value === 'string' || (!computed && key.value !== undefined)))
    return JSON.stringify(String(key.value));
  return computed || key.type !== 'Identifier' ? undefined : JSON.stringify(key.name);
}

function find(scope: Scope | undefined, name: string): { id?: number } | undefined {
  for (let each = scope; each; each = each.parent) {
    const found = each.names.get(name);
    if (found) return found;
  }
  return undefined;
}

function inside(parent: Scope, names: readonly string[]): Scope {
  return names.length === 0 ? parent : { names: new Map(names.map((name) => [name, {}])), parent };
}

/** Names that a binding pattern declares, in source order. */
export function patternNames(pattern: Syntax | undefined): string[] {
  switch (pattern?.type) {
    case 'Identifier':
      return [String(pattern.name)];
    case 'ObjectPattern':
      return many(pattern, 'properties').flatMap((each) => patternNames(one(each, 'value') ?? one(each, 'argument')));
    case 'ArrayPattern':
      return many(pattern, 'elements').flatMap((each) => patternNames(each));
    case 'AssignmentPattern':
      return patternNames(one(pattern, 'left'));
    case 'RestElement':
      return patternNames(one(pattern, 'argument'));
    case 'TSParameterProperty':
      return patternNames(one(pattern, 'parameter'));
    default:
      return [];
  }
}

/** Names that statements of one block declare for that block: `let`, `const`, functions, classes. */
export function lexicalNames(statements: readonly (Syntax | undefined)[]): string[] {
  return statements.flatMap((statement) => {
    switch (statement?.type) {
      case 'VariableDeclaration':
        return statement.kind === 'var' ? [] : many(statement, 'declarations').flatMap((each) => patternNames(one(each, 'id')));
      case 'FunctionDeclaration':
      case 'ClassDeclaration':
      case 'TSEnumDeclaration':
        return patternNames(one(statement, 'id'));
      default:
        return [];
    }
  });
}

/** Names that `var` declares in statements and in the statements inside them; never in functions or classes. */
export function hoistedNames(nodes: readonly Syntax[]): string[] {
  return nodes.flatMap((node) => {
    if (node.type === 'VariableDeclaration') {
      return node.kind === 'var' ? many(node, 'declarations').flatMap((each) => patternNames(one(each, 'id'))) : [];
    }
    return NESTING.test(node.type) ? hoistedNames(children(node)) : [];
  });
}
