// A node's code → a digest, with the names of its parts. Works on one flat, tree-shaken chunk of the whole pipeline, parsed once: every
// top-level declaration gets a Merkle digest, a node's digest is that of its `run` and `summarise`. Reads no files and runs nothing.
import { digestOf, merkle, reached, type Vertex } from './slice-graph.ts';
import {
  children,
  hoistedNames,
  keyOf,
  many,
  normalise,
  one,
  patternNames,
  type Meaning,
  type Normal,
  type Syntax,
} from './slice-syntax.ts';

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
interface Declaration {
  readonly module: string;
  readonly name: string;
  readonly binds: readonly string[];
  readonly nodes: readonly Syntax[];
  readonly sort: 'function' | 'variable' | 'class' | 'statement' | 'package' | 'node';
  /** Of a node: its kind and the environment variables it declares. */
  readonly node?: { readonly kind: string; readonly env: readonly string[] };
  /** Whether a call of `defineNode` stands in it. */
  readonly defines?: boolean;
}

/** Digests of all kinds of nodes that the chunk defines. */
export function sliceCode(chunk: Chunk): Slices {
  const declarations = collect(chunk);
  const normals = normaliseAll(chunk, declarations);
  const effects = attachEffects(chunk, declarations, normals);
  const vertices = normals.map((normal, index): Vertex => ({
    own: digestOf([normal.text, ...normal.imports]),
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
      .map(([what, kinds]) => `${what}, so the cached result of ${[...kinds].join(', ')} may be out of date without notice`)
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
  ): Declaration[] => [{ module, name, binds, nodes: [node], sort }];
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

/** The name of a property of an object literal; undefined when it is computed or spread. */
export function propertyName(property: Syntax): string | undefined {
  const key = one(property, 'key');
  const text = key && keyOf(key, property.computed === true);
  return text === undefined || text.startsWith('#') ? undefined : String(JSON.parse(text));
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

/**
 * Which top-level statements each declaration depends on besides what it names. A statement counts for everything in its module, for
 * modules that import its module for effect, for what it names, and for the variables that it could change by calling what it names.
 * Statements that make handles (`for (const k of [5, 10]) mine({ … }, { k })`) wire nodes: they count only for what they could change.
 * Not seen: an initialiser (`const a = fill(b)`) that changes another variable.
 */
function attachEffects(chunk: Chunk, declarations: readonly Declaration[], normals: readonly Normal[]): Map<number, number[]> {
  const attached = new Map<number, number[]>();
  const attach = (to: number, effect: number): void => {
    const list = attached.get(to) ?? [];
    if (to !== effect && !list.includes(effect)) attached.set(to, [...list, effect]);
  };
  const importers = effectImporters(chunk);
  const named: readonly Vertex[] = normals.map(({ declarations: refers }) => ({ own: '', refers }));
  const wired: readonly Vertex[] = named.map((vertex, index) => (declarations[index]!.defines ? { own: '', refers: [] } : vertex));
  for (const effect of effectsOf(chunk, declarations, normals)) {
    const { module } = declarations[effect]!;
    if (![...reached(named, effect)].some((each) => declarations[each]!.defines)) {
      const modules = importers(module);
      for (const [index, declaration] of declarations.entries()) if (modules.has(declaration.module)) attach(index, effect);
    }
    for (const each of named[effect]!.refers) if (!declarations[each]!.defines) attach(each, effect);
    for (const each of reached(wired, effect)) if (changeable(declarations[each]!)) attach(each, effect);
  }
  return attached;
}

/** Top-level statements, and variables that nobody names: the bundler kept those for what their initialisers do. */
function effectsOf(chunk: Chunk, declarations: readonly Declaration[], normals: readonly Normal[]): number[] {
  const used = new Set(normals.flatMap(({ declarations: refers }) => refers));
  const exported = exportedNames(chunk.program);
  return [...declarations.keys()].filter((index) => {
    const { sort, binds, defines } = declarations[index]!;
    if (sort === 'statement' || sort === 'package') return true;
    return (sort === 'variable' || sort === 'class') && !defines && !used.has(index) && !binds.some((name) => exported.has(name));
  });
}

function exportedNames(program: Syntax): Set<string> {
  const specifiers = many(program, 'body').flatMap((statement) =>
    statement.type === 'ExportNamedDeclaration' ? many(statement, 'specifiers') : [],
  );
  return new Set(specifiers.map((specifier) => String(one(specifier, 'local')?.name)));
}

/** A module and those that import it for its effects, directly or through others. */
function effectImporters(chunk: Chunk): (module: string) => Set<string> {
  return (module) => {
    const found = new Set([module]);
    for (const each of found) for (const [importer, { modules }] of chunk.bare) if (modules.includes(each)) found.add(importer);
    return found;
  };
}

function changeable({ sort, nodes, defines }: Declaration): boolean {
  const init = nodes[0] && one(nodes[0], 'init');
  return (
    sort === 'variable' &&
    !defines &&
    !['Literal', 'ArrowFunctionExpression', 'FunctionExpression', 'ClassExpression', 'TemplateLiteral'].includes(init?.type ?? 'Literal')
  );
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
    }
    if (module !== '' && !module.startsWith('\0')) add(`${chunk.label(module)}#${name}`, alone[index]!);
  }
  const combined = [...found].map(([part, values]): [string, string] => [part, combine(part, [...values].sort())]);
  return Object.fromEntries(combined.sort(([a], [b]) => (a < b ? -1 : 1)));
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
