// Edits that change what code does: another number in the place of one. Every number of the sample shows in the result of each node that
// reaches its declaration, so that the plain run of the project sees all of them.
import ts from 'typescript';
import { ancestors, descendants, pick, replaced, sources, type Edit } from './syntax.ts';

type Place = 'constant' | 'function' | 'class' | 'default' | 'closure' | 'run' | 'schema';

/** Where a number stands. */
export function placeOf(number: ts.Node): Place {
  const around = ancestors(number);
  if (around.some((node) => ts.isCallExpression(node) && /^z\b/.test(node.getText()))) return 'schema';
  if (around.some((node) => ts.isPropertyAssignment(node) && /^(run|summarise)$/.test(node.name.getText()))) return 'run';
  if (around.some(ts.isClassDeclaration)) return 'class';
  if (around.some((node) => ts.isParameter(node))) return 'default';
  const functions = around.filter((node) => ts.isFunctionLike(node));
  if (functions.length > 1) return 'closure';
  const calls = around.some((node) => ts.isCallExpression(node) && ts.isIdentifier(node.expression));
  if (functions.length === 0) return calls ? 'closure' : 'constant';
  return 'function';
}

/** Another number in the place of one. */
export function changeNumber(where: (place: Place, path: string) => boolean): Edit {
  return (files, draw) => {
    const numbers = sources(files).flatMap((source) =>
      descendants(source)
        .filter((node): node is ts.NumericLiteral => ts.isNumericLiteral(node) && where(placeOf(node), source.fileName))
        .filter((node) => placeOf(node) !== 'schema' && isFree(node)),
    );
    const number = pick(numbers, draw);
    if (!number) return undefined;
    const value = Number(number.text);
    const other = Number.isInteger(value) ? value + 1 : Number((value + (draw(9) + 1) / 16).toFixed(4));
    return replaced(number.getSourceFile(), number.getStart(), number.getEnd(), String(other));
  };
}

/** Whether any number may stand there and shows: an index may not, and a bound does not. */
export function isFree(number: ts.Node): boolean {
  const [parent, outer] = ancestors(number);
  if (ts.isElementAccessExpression(parent!) || ts.isArrayLiteralExpression(parent!)) return false;
  return ![parent!, outer!].some((node) => /^(count (===|-)|value >|safely\(|.*\?\? [07]$)|^place \+ 1$/.test(node.getText()));
}
