// Which names a scope declares, and which scope a name belongs to.
import { children, many, one, type Syntax } from './syntax-tree.ts';

/** A name inside a piece of code. */
export interface Local {
  /** Its number, once it has been met. */
  id?: number;
  /** Whether it holds something that was made in the same piece, so that nobody else sees what becomes of it. */
  fresh?: boolean;
}

export interface Scope {
  readonly names: ReadonlyMap<string, Local>;
  readonly parent?: Scope;
}

/** Statements that hold statements. */
const NESTING = /^(Block|If|For|ForIn|ForOf|While|DoWhile|Switch|Try|Labeled|With)Statement$|^SwitchCase$|^CatchClause$/;

/** What the nearest scope says of a name; undefined where none declares it. */
export function find(scope: Scope | undefined, name: string): Local | undefined {
  for (let each = scope; each; each = each.parent) {
    const found = each.names.get(name);
    if (found) return found;
  }
  return undefined;
}

/** A scope that declares these names. */
export function inside(parent: Scope, names: readonly string[]): Scope {
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
