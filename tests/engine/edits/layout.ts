// Edits that change how code is written and not what it does: comments, types, layout, order.
import ts from 'typescript';
import { isFree, placeOf } from './numbers.ts';
import type { Files } from './oracle.ts';
import { added, descendants, pick, replaced, sources, statementStarts, type Draw, type Edit } from './syntax.ts';

/** A new statement between others. */
export function addStatement(text: (number: number) => string): Edit {
  return (files, draw) => {
    const source = pick(sources(files), draw)!;
    const at = pick(statementStarts(source), draw)!;
    return replaced(source, at, at, `\n${text(draw(1e9))}\n`);
  };
}

export function addComment(files: Files, draw: Draw): Files {
  const source = pick(sources(files), draw)!;
  if (draw(2) === 0) {
    const at = pick(statementStarts(source), draw)!;
    return replaced(source, at, at, pick(['// Why, and why not.\n', '/** What it\n * stands for. */\n'], draw)!);
  }
  const node = pick(
    descendants(source).filter((each) => ts.isNumericLiteral(each) || ts.isIdentifier(each)),
    draw,
  )!;
  return replaced(source, node.getStart(), node.getStart(), `/* ${draw(1000)} */ `);
}

export function addType(files: Files, draw: Draw): Files | undefined {
  const source = pick(sources(files), draw)!;
  const number = pick(
    descendants(source).filter((node) => ts.isNumericLiteral(node) && isFree(node) && placeOf(node) !== 'schema'),
    draw,
  );
  const name = pick(
    descendants(source)
      .filter((node) => ts.isFunctionDeclaration(node))
      .flatMap(({ name: own }) => own ?? []),
    draw,
  );
  const at = pick(statementStarts(source), draw)!;
  switch (draw(4)) {
    case 0:
      return replaced(source, at, at, `\nexport interface ${added('Extra', draw)} { readonly of: number; readonly more?: string }\n`);
    case 1:
      return replaced(source, at, at, `\nexport type ${added('Pair', draw)}<A> = readonly [A, A];\n`);
    case 2:
      return (
        number &&
        replaced(source, number.getStart(), number.getEnd(), `(${number.getText()} ${pick(['as number', 'satisfies number'], draw)!})`)
      );
    default:
      return (
        name &&
        replaced(source, name.getEnd(), name.getEnd(), /^\s*</.test(source.text.slice(name.getEnd())) ? '' : `<${added('T', draw)}>`)
      );
  }
}

/** Layout alone: printed anew, or torn apart where a line may break. */
export function reformat(files: Files, draw: Draw): Files {
  const source = pick(sources(files), draw)!;
  if (draw(2) === 0) return { [source.fileName]: ts.createPrinter().printFile(source) };
  const ends = tokens(source)
    .filter((token) =>
      [ts.SyntaxKind.OpenBraceToken, ts.SyntaxKind.OpenParenToken, ts.SyntaxKind.CommaToken, ts.SyntaxKind.EqualsToken].includes(
        token.kind,
      ),
    )
    .map((token) => token.getEnd());
  const chosen = ends.filter(() => draw(4) === 0).sort((a, b) => b - a);
  return { [source.fileName]: chosen.reduce((text, end) => `${text.slice(0, end)}\n    ${text.slice(end)}`, source.text) };
}

function tokens(node: ts.Node): ts.Node[] {
  return node.getChildren().flatMap((child) => (child.getChildCount() === 0 ? [child] : tokens(child)));
}

/** Moves a declaration that nothing at the top level needs when the module is loaded. */
export function moveStatement(files: Files, draw: Draw): Files | undefined {
  const source = pick(
    sources(files).filter(({ fileName }) => fileName.startsWith('lib/')),
    draw,
  )!;
  const { statements } = source;
  const loading = statements.filter((statement) => !isLazy(statement)).flatMap((statement) => descendants(statement));
  const needed = new Set(loading.filter(ts.isIdentifier).map(({ text }) => text));
  const movable = statements.filter(
    (statement) => isLazy(statement) && (!ts.isVariableStatement(statement) || !namesOf(statement).some((name) => needed.has(name))),
  );
  const statement = pick(movable, draw);
  const before = pick(
    statements.filter((each) => each !== statement && !ts.isImportDeclaration(each)),
    draw,
  );
  if (!statement || !before) return undefined;
  const text = source.text.slice(statement.getFullStart(), statement.getEnd());
  const rest = (from: number, to: number): string =>
    to <= statement.getFullStart() || from >= statement.getEnd()
      ? source.text.slice(from, to)
      : source.text.slice(from, statement.getFullStart()) + source.text.slice(statement.getEnd(), to);
  return { [source.fileName]: `${rest(0, before.getFullStart())}${text}${rest(before.getFullStart(), source.getEnd())}` };
}

/** A function, a type, or a constant that is a function. */
function isLazy(statement: ts.Statement): boolean {
  if (ts.isFunctionDeclaration(statement) || ts.isInterfaceDeclaration(statement) || ts.isTypeAliasDeclaration(statement)) return true;
  return (
    ts.isVariableStatement(statement) &&
    statement.declarationList.declarations.every(({ initializer }) => initializer && ts.isArrowFunction(initializer))
  );
}

function namesOf(statement: ts.VariableStatement): string[] {
  return statement.declarationList.declarations.map(({ name }) => name.getText());
}
