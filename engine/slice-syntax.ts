// Says a piece of JavaScript again without names, positions and formatting: two pieces that differ only in the names of locals, in comments
// or in layout give the same text. Knows scopes; knows nothing of modules, files or digests.
import { impureCall, impureImport, impureMember } from './slice-impure.ts';
import type { LookUp } from './slice-meaning.ts';
import { changes, isFresh } from './slice-writes.ts';
import { find, hoistedNames, inside, lexicalNames, patternNames, type Scope } from './syntax-scope.ts';
import { FUNCTIONS, isSyntax, keyOf, many, one, type Syntax } from './syntax-tree.ts';

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
  /** Whether it may change something that it did not make itself. */
  readonly writes: boolean;
}

/** How the analysis looks up what is not local. */
export interface Surroundings {
  readonly meaning: LookUp;
  /** The import that a module specifier in a string, as in a lazy import, stands for. */
  readonly specifier?: (text: string) => { readonly name: string; readonly versioned: string } | undefined;
}

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
const CLASSES = new Set(['ClassDeclaration', 'ClassExpression']);
const LOOPS = new Set(['ForStatement', 'ForInStatement', 'ForOfStatement']);

/** Says a list of nodes without names. */
export function normalise(nodes: readonly Syntax[], surroundings: Surroundings): Normal {
  const printer = new Printer(surroundings);
  for (const node of nodes) printer.print(node, { names: new Map() });
  const { text, declarations, imports, impure, writes } = printer;
  return { text: text.join(''), declarations, imports: [...imports], impure: [...impure], writes };
}

class Printer {
  readonly text: string[] = [];
  readonly declarations: number[] = [];
  readonly imports = new Set<string>();
  readonly impure = new Set<string>();
  writes = false;
  readonly #surroundings: Surroundings;
  readonly #labels: string[] = [];
  #locals = 0;
  /** The `process.env` inside a `process.env.HOME` that was noted already. */
  #noted: Syntax | undefined;
  /** Whether `this` is being made: in constructors and in the fields of an instance. */
  #constructing = false;

  constructor(surroundings: Surroundings) {
    this.#surroundings = surroundings;
  }

  print(node: Syntax, scope: Scope): void {
    this.writes ||= changes(node, scope, this.#surroundings.meaning, this.#constructing);
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
      case 'ImportExpression':
        this.#noteImpure(impureCall(node, scope, this.#surroundings.meaning));
        return this.#fields(node, scope);
      case 'VariableDeclarator':
      case 'AssignmentExpression':
        noteFresh(node, scope);
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
    this.#noteImpure(impureImport(name));
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
    if (this.#noted !== node) {
      const impure = impureMember(node, scope, this.#surroundings.meaning);
      if (impure?.startsWith('process.env.')) this.#noted = object;
      this.#noteImpure(impure);
    }
    const key = keyOf(property, node.computed === true);
    this.#put(node.optional ? '(?.' : '(.');
    this.print(object, scope);
    if (key === undefined) this.print(property, scope);
    else this.#put(key);
    this.#put(')');
  }

  #noteImpure(what: string | undefined): void {
    if (what !== undefined) this.impure.add(what);
  }

  #keyed(node: Syntax, scope: Scope): void {
    const key = keyOf(one(node, 'key')!, node.computed === true);
    const outer = this.#constructing;
    this.#constructing = node.kind === 'constructor' || (node.type === 'PropertyDefinition' && node.static !== true);
    if (key === undefined) this.#fields(node, scope);
    else {
      this.#put(key);
      this.#fields({ ...node, computed: undefined }, scope, 'key');
    }
    this.#constructing = outer;
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

/** Remembers of a local whether it now holds something that was made here. */
function noteFresh(node: Syntax, scope: Scope): void {
  const [target, value] = [one(node, 'id') ?? one(node, 'left'), one(node, 'init') ?? one(node, 'right')];
  const local = target?.type === 'Identifier' ? find(scope, String(target.name)) : undefined;
  if (local) local.fresh = isFresh(value);
}
