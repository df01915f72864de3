// Edits of where code comes from: re-exports, new imports, new versions of packages.
import ts from 'typescript';
import { isFree, placeOf } from './numbers.ts';
import type { Files } from './oracle.ts';
import { added, descendants, pick, replaced, sources, type Draw } from './syntax.ts';

/** Imports what comes from one module through another that re-exports it. */
export function reroute(files: Files, draw: Draw): Files | undefined {
  const imports = sources(files).flatMap((source) =>
    source.statements
      .filter((statement) => ts.isImportDeclaration(statement))
      .filter((statement) => {
        const bindings = statement.importClause?.namedBindings;
        return (
          /^\.\.?\//.test(specifierOf(statement)) &&
          bindings !== undefined &&
          ts.isNamedImports(bindings) &&
          !statement.importClause!.name &&
          !statement.importClause!.isTypeOnly
        );
      }),
  );
  const statement = pick(imports, draw);
  if (!statement) return undefined;
  const source = statement.getSourceFile();
  const way = `${source.fileName.slice(0, source.fileName.indexOf('/') + 1) || 'lib/'}${added('via', draw)}.ts`;
  const names = (statement.importClause!.namedBindings as ts.NamedImports).elements.map((each) => (each.propertyName ?? each.name).text);
  const target = relativeTo(way, absolute(source.fileName, specifierOf(statement)));
  const text =
    draw(2) === 0 ? `export * from '${target}';\n` : `import { ${names.join(', ')} } from '${target}';\nexport { ${names.join(', ')} };\n`;
  const literal = statement.moduleSpecifier;
  return { ...replaced(source, literal.getStart(), literal.getEnd(), `'${relativeTo(source.fileName, way)}'`), [way]: text };
}

function specifierOf({ moduleSpecifier }: ts.ImportDeclaration): string {
  return (moduleSpecifier as ts.StringLiteral).text;
}

function absolute(from: string, specifier: string): string {
  return new URL(specifier, `file:///${from}`).pathname.slice(1);
}

function relativeTo(from: string, path: string): string {
  const [folder = '', depth] = [from.includes('/') ? from.slice(0, from.lastIndexOf('/') + 1) : '', from.split('/').length - 1];
  return path.startsWith(folder) ? `./${path.slice(folder.length)}` : `${'../'.repeat(depth)}${path}`;
}

/** A new version of a package, which does something else. */
export function bumpPackage(files: Files, draw: Draw): Files {
  const name = pick(['light', 'heavy', 'deep', 'idle'], draw)!;
  const inside = Object.keys(files).filter((path) => path.startsWith(`node_modules/${name}/`));
  const next = (_: string, head: string, version: string): string => `${head}${Number(version) + 1}`;
  return Object.fromEntries(inside.map((path) => [path, files[path]!.replace(/("version": "|VERSION = )(\d+)/, next)]));
}

/** What an edit may import: names that nothing else defines. */
const SPARE = ['extra', 'spare', 'surplus'];

export function importUnused(files: Files, draw: Draw): Files {
  const source = pick(
    sources(files).filter(({ fileName }) => fileName !== 'lib/extra.ts'),
    draw,
  )!;
  const from = relativeTo(source.fileName, 'lib/extra.ts');
  return { [source.fileName]: `import { ${pick(SPARE, draw)!} as ${added('spare', draw)} } from '${from}';\n${source.text}` };
}

/** A number becomes a call of a helper that was not there before. */
export function importUsed(files: Files, draw: Draw): Files | undefined {
  const numbers = sources(files)
    .filter(({ fileName }) => /^lib\/(?!extra)/.test(fileName))
    .flatMap((source) => descendants(source))
    .filter((node) => ts.isNumericLiteral(node) && isFree(node) && ['function', 'closure', 'class'].includes(placeOf(node)));
  const number = pick(numbers, draw);
  if (!number) return undefined;
  const source = number.getSourceFile();
  const name = added('spare', draw);
  const call = pick(['extra', 'spare'], draw)!;
  const { [source.fileName]: text } = replaced(source, number.getStart(), number.getEnd(), `(${number.getText()} + ${name}())`);
  return { [source.fileName]: `import { ${call} as ${name} } from '${relativeTo(source.fileName, 'lib/extra.ts')}';\n${text}` };
}
