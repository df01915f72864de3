// A node's code → a digest, with the names of its parts. Works on one flat, tree-shaken chunk of the whole pipeline, parsed once: every
// top-level declaration gets a Merkle digest, a node's digest is that of its `run` and `summarise`. Reads no files and runs nothing.
import { attachEffects } from './slice-effects.ts';
import { digestOf, merkle, reached, type Vertex } from './slice-graph.ts';
import type { Meaning } from './slice-meaning.ts';
import { normalise, type Normal } from './slice-syntax.ts';
import { hoistedNames, patternNames } from './syntax-scope.ts';
import { children, many, one, propertyName, type Syntax } from './syntax-tree.ts';

/** Raised when digests change their meaning. */
export const SLICE_SCHEMA = 'kith-code-1';

/** How imports from packages are spelt in the chunk: `kith-npm:sharp@0.35.5/subpath`. */
export const PACKAGE_PREFIX = 'kith-npm:';

/** The chunk, and what only the bundler knows of it. */
export interface Chunk {
  readonly program: Syntax;
  /** Which part of the chunk comes from which module. */
  readonly regions: readonly { readonly module: string; readonly start: number; readonly end: number }[];
  /** The module that declares `defineNode`. */
  readonly definer: string;
  /** Modules and packages that a module imports for their effects alone (`import './setup.ts'`). */
  readonly bare: ReadonlyMap<string, { readonly modules: readonly string[]; readonly packages: readonly string[] }>;
  /** `sharp@0.35.5` → the packages that it needs in turn, `semver@7.8.1`, …. */
  readonly needs: ReadonlyMap<string, readonly string[]>;
  /** Name and version of the bundler, part of every digest. */
  readonly bundler: string;
  /** A module's name for people, e.g. `lib/loss.ts`. */
  readonly label: (module: string) => string;
  /** Whether impurities in a module are the user's to mend. */
  readonly isProject: (module: string) => boolean;
}

/** The code of one kind of node. */
export interface KindCode {
  readonly digest: string;
  /** `lib/loss.ts#scanLoss` → digest of that declaration alone; `npm:sharp` → version. */
  readonly parts: { readonly [part: string]: string };
}

export interface Slices {
  readonly code: { readonly [kind: string]: KindCode };
  /** Where each definition stands, to find two of one kind. */
  readonly definitions: readonly { readonly kind: string; readonly module: string }[];
  readonly warnings: readonly string[];
}

/** One top-level declaration, one top-level statement, or what counts of one call of `defineNode`. */
export interface Declaration {
  readonly module: string;
  readonly name: string;
  readonly binds: readonly string[];
  readonly nodes: readonly Syntax[];
  readonly sort: 'function' | 'variable' | 'class' | 'statement' | 'package' | 'node';
  /** Of a node: its kind and the environment variables it declares. */
  readonly node?: { readonly kind: string; readonly env: readonly string[] };
  /** Whether a call of `defineNode` stands in it. */
  readonly defines?: boolean;
  /** Whether its names are bound once and for all. */
  readonly constant?: boolean;
}

/** Digests of all kinds of nodes that the chunk defines. */
export function sliceCode(chunk: Chunk): Slices {
  const declarations = collect(chunk);
  const normals = normaliseAll(chunk, declarations);
  const effects = attachEffects(chunk, declarations, normals);
  const vertices = normals.map((normal, index): Vertex => ({
    own: digestOf([normal.text, ...normal.imports, ...normal.imports.flatMap((each) => needsOf(chunk, each))]),
    refers: [...normal.declarations, ...(effects.get(index) ?? [])],
  }));
  const digests = merkle(vertices);
  const alone = normals.map(({ text }) => digestOf([text]));
  const code: Record<string, KindCode> = {};
  const impurities = new Map<string, Set<string>>();
  for (const [index, { node }] of declarations.entries()) {
    if (!node) continue;
    const reach = [...reached(vertices, index)];
    code[node.kind] = {
      digest: digestOf([SLICE_SCHEMA, chunk.bundler, digests[index]!]),
      parts: parts(chunk, declarations, normals, alone, reach),
    };
    for (const each of reach) noteImpurities(impurities, chunk, declarations[each]!, normals[each]!, node);
  }
  return {
    code,
    definitions: declarations.flatMap(({ node, module }) => (node ? [{ kind: node.kind, module }] : [])),
    warnings: [...impurities]
      .map(([what, kinds]) => `${what}, so the cached result of ${[...kinds].join(', ')} may be out of date without notice${remedy(what)}`)
      .sort(),
  };
}

function collect(chunk: Chunk): Declaration[] {
  const found: Declaration[] = [];
  for (const statement of many(chunk.program, 'body')) {
    const module = chunk.regions.find(({ start, end }) => start <= statement.start && statement.start < end)?.module ?? '';
    found.push(...declarationsOf(statement, module));
  }
  for (const [module, { packages }] of chunk.bare) {
    for (const name of packages) found.push({ module, name: 'top level', binds: [], nodes: [literal(name)], sort: 'package' });
  }
  const definer = found.find(({ module, binds }) => module === chunk.definer && binds.some((name) => plain(name) === 'defineNode'))
    ?.binds[0];
  if (definer === undefined) return found;
  const calls = found.map(({ nodes, module }) => (module === chunk.definer ? [] : nodes.flatMap((node) => callsOf(node, definer))));
  const nodes = found.flatMap((declaration, index) => calls[index]!.flatMap((call) => nodeOf(call, declaration, calls[index]!.length > 1)));
  return [...found.map((declaration, index) => ({ ...declaration, defines: calls[index]!.length > 0 })), ...nodes];
}

function declarationsOf(statement: Syntax, module: string): Declaration[] {
  const declare = (
    sort: Declaration['sort'],
    node: Syntax,
    binds: readonly string[],
    name = binds.map(plain).join(',') || 'top level',
  ): Declaration[] => [{ module, name, binds, nodes: [node], sort, constant: statement.kind === 'const' }];
  switch (statement.type) {
    case 'ImportDeclaration':
    case 'ExportNamedDeclaration':
    case 'ExportAllDeclaration':
      return [];
    case 'FunctionDeclaration':
      return declare('function', statement, patternNames(one(statement, 'id')));
    case 'ClassDeclaration':
      return declare('class', statement, patternNames(one(statement, 'id')));
    case 'VariableDeclaration':
      return many(statement, 'declarations').flatMap((each) => declare('variable', each, patternNames(one(each, 'id'))));
    default:
      return declare('statement', statement, hoistedNames([statement]), 'top level');
  }
}

/** A deconflicted name as its author wrote it. */
function plain(name: string): string {
  return name.replace(/\$\d+$/, '') || name;
}

function literal(value: string): Syntax {
  return { type: 'Literal', value, start: 0, end: 0 };
}

function callsOf(node: Syntax, callee: string): Syntax[] {
  const below = children(node).flatMap((child) => callsOf(child, callee));
  return node.type === 'CallExpression' && one(node, 'callee')?.name === callee ? [node, ...below] : below;
}

/** What counts of `defineNode({…})`: `kind`, `run`, `summarise`, and what is spread into the literal. */
function nodeOf(call: Syntax, { module, name }: Declaration, several: boolean): Declaration[] {
  const properties = many(call, 'arguments').flatMap((argument) => many(argument, 'properties'));
  const named = new Map(properties.map((property) => [propertyName(property), property]));
  const kind = one(named.get('kind') ?? call, 'value')?.value;
  if (typeof kind !== 'string') return [];
  const counted = ['kind', 'run', 'summarise'].flatMap((each) => named.get(each) ?? []);
  const spread = properties.filter(({ type }) => type === 'SpreadElement');
  const env = many(one(named.get('env') ?? call, 'value') ?? call, 'elements').map((element) => String(element.value));
  return [
    { module, name: several ? kind : name, binds: [], nodes: [...counted, ...spread], sort: 'node', node: { kind, env }, defines: true },
  ];
}

function normaliseAll(chunk: Chunk, declarations: readonly Declaration[]): Normal[] {
  const bound = new Map<string, { readonly declaration: number; readonly index: number }>();
  for (const [declaration, { binds }] of declarations.entries()) binds.forEach((name, index) => bound.set(name, { declaration, index }));
  const imports = importsOf(chunk.program);
  return declarations.map(({ nodes }, current) => {
    const meaning = (name: string): Meaning | undefined => {
      const found = bound.get(name);
      if (!found) return imports.get(name);
      return found.declaration === current ? { is: 'self', index: found.index } : { is: 'declaration', ...found };
    };
    return normalise(nodes, { meaning, specifier: (text) => (text.startsWith(PACKAGE_PREFIX) ? spell(text, '') : undefined) });
  });
}

function importsOf(program: Syntax): Map<string, Meaning> {
  const found = new Map<string, Meaning>();
  for (const statement of many(program, 'body')) {
    if (statement.type !== 'ImportDeclaration') continue;
    const source = String(one(statement, 'source')?.value);
    for (const specifier of many(statement, 'specifiers')) {
      const imported = one(specifier, 'imported');
      const what = imported ? String(imported.name ?? imported.value) : specifier.type === 'ImportDefaultSpecifier' ? 'default' : '*';
      found.set(String(one(specifier, 'local')?.name), { is: 'import', ...spell(source, `#${what}`) });
    }
  }
  return found;
}

/** `kith-npm:sharp@0.35.5/sub` without and with its version. */
function spell(source: string, what: string): { readonly name: string; readonly versioned: string } {
  const { name, subpath } = packageOf(source) ?? { name: source, subpath: '' };
  return { name: `${name}${subpath}${what}`, versioned: `${source}${what}` };
}

function packageOf(source: string): { readonly name: string; readonly version: string; readonly subpath: string } | undefined {
  const found = /^kith-npm:((?:@[^/]+\/)?[^/@]+)@([^/#]*)([^#]*)/.exec(source);
  return found ? { name: found[1]!, version: found[2]!, subpath: found[3]! } : undefined;
}

function parts(
  chunk: Chunk,
  declarations: readonly Declaration[],
  normals: readonly Normal[],
  alone: readonly string[],
  reach: readonly number[],
): Record<string, string> {
  const found = new Map<string, Set<string>>([['rolldown', new Set([chunk.bundler])]]);
  const add = (part: string, value: string): void => void found.set(part, (found.get(part) ?? new Set()).add(value));
  for (const index of reach) {
    const { module, name } = declarations[index]!;
    for (const each of normals[index]!.imports) {
      const from = packageOf(each);
      if (from) add(`npm:${from.name}`, from.version);
      for (const need of needsOf(chunk, each)) add(`npm:${need.slice(0, need.lastIndexOf('@'))}`, need.slice(need.lastIndexOf('@') + 1));
    }
    if (module !== '' && !module.startsWith('\0')) add(`${chunk.label(module)}#${name}`, alone[index]!);
  }
  const combined = [...found].map(([part, values]): [string, string] => [part, combine(part, [...values].sort())]);
  return Object.fromEntries(combined.sort(([a], [b]) => (a < b ? -1 : 1)));
}

/** What the package of an import needs in turn. */
function needsOf({ needs }: Chunk, imported: string): readonly string[] {
  const from = packageOf(imported);
  return (from && needs.get(`${from.name}@${from.version}`)) ?? [];
}

/** What to do about an impurity, where there is a way. */
function remedy(what: string): string {
  const variable = /process\.env\.(\w+)$/.exec(what)?.[1];
  if (variable !== undefined) return `; declare it: env: ['${variable}']`;
  return what.endsWith('Math.random') ? '; use the seed that run is given' : '';
}

function combine(part: string, values: readonly string[]): string {
  if (values.length === 1) return values[0]!;
  return part.startsWith('npm:') ? values.join(', ') : digestOf(values);
}

function noteImpurities(
  found: Map<string, Set<string>>,
  chunk: Chunk,
  { module, name }: Declaration,
  { impure }: Normal,
  { kind, env }: { readonly kind: string; readonly env: readonly string[] },
): void {
  if (!chunk.isProject(module)) return;
  for (const what of impure) {
    if (what.startsWith('process.env.') && env.includes(what.slice('process.env.'.length))) continue;
    const text = `${chunk.label(module)}: ${name === 'top level' ? 'the top level' : name} uses ${what}`;
    found.set(text, (found.get(text) ?? new Set()).add(kind));
  }
}
