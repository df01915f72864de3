// What is done while modules are loaded, and for which declarations it counts. Errs on the side of running too much.
import type { Chunk, Declaration } from './code-slice.ts';
import { reached, type Vertex } from './slice-graph.ts';
import type { Normal } from './slice-syntax.ts';
import { acts } from './slice-writes.ts';
import { many, one, type Syntax } from './syntax-tree.ts';

/**
 * Which top-level statements each declaration depends on besides what it names. A statement counts for everything in its module, for
 * modules that import its module for effect, for what it names, and for the variables that it could change by calling what it names.
 * Statements that make handles (`for (const k of [5, 10]) mine({ … }, { k })`) wire nodes: they count only for what they could change.
 * An initialiser (`const a = fill(b)`) counts for the variables that it could change where it reaches code that changes anything.
 * Not seen: an initialiser that makes handles and changes a variable that nodes read.
 */
export function attachEffects(chunk: Chunk, declarations: readonly Declaration[], normals: readonly Normal[]): Map<number, number[]> {
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
  for (const [index, { sort, nodes, defines }] of declarations.entries()) {
    if ((sort !== 'variable' && sort !== 'class') || defines || !nodes.some(acts)) continue;
    const reach = [...reached(named, index)];
    if (reach.some((each) => declarations[each]!.defines) || !reach.some((each) => normals[each]!.writes)) continue;
    for (const each of reach) if (changeable(declarations[each]!)) attach(each, index);
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

/** Whether code elsewhere may give it another value or another content: a class through what is static in it. */
function changeable({ sort, nodes, defines, constant }: Declaration): boolean {
  const [node] = nodes;
  if (defines || !node) return false;
  const value = sort === 'class' ? node : sort === 'variable' ? one(node, 'init') : undefined;
  if (value && /^Class/.test(value.type))
    return many(one(value, 'body')!, 'body').some((member) => member.type === 'PropertyDefinition' && member.static === true);
  return (
    sort === 'variable' && !(constant && /^(Literal|TemplateLiteral|ArrowFunctionExpression|FunctionExpression)$/.test(value?.type ?? ''))
  );
}
