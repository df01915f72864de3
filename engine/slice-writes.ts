// Whether code may change something that it did not make itself: then a call of it, while a module is loaded, counts for what it may change.
// Goes by syntax and is careful. Not seen: what a package does to what it is given, and changes through another name for the same thing.
import { globalPath, type LookUp } from './slice-meaning.ts';
import { find, type Scope } from './syntax-scope.ts';
import { children, FUNCTIONS, keyOf, many, one, type Syntax } from './syntax-tree.ts';

const CHANGING = new Set(
  (
    'push pop shift unshift splice sort reverse fill copyWithin set add delete clear append ' +
    'Object.assign Object.defineProperty Object.defineProperties Object.setPrototypeOf Reflect.set Reflect.deleteProperty'
  ).split(' '),
);
/** Methods that return something new. */
const MAKING = new Set('map filter slice concat flat flatMap from of fromEntries keys values entries split toSorted toReversed'.split(' '));
const ACTS = new Set([
  'CallExpression',
  'NewExpression',
  'TaggedTemplateExpression',
  'AssignmentExpression',
  'UpdateExpression',
  'AwaitExpression',
]);

/** Whether this one piece of syntax (not those in it) changes something foreign. `constructing`: `this` is new. */
export function changes(node: Syntax, scope: Scope, lookUp: LookUp, constructing: boolean): boolean {
  const foreign = (target: Syntax | undefined): boolean => target !== undefined && isForeign(target, scope, constructing);
  switch (node.type) {
    case 'AssignmentExpression':
      return assigns(one(node, 'left')!, scope) ?? foreign(one(node, 'left'));
    case 'UpdateExpression':
      return assigns(one(node, 'argument')!, scope) ?? foreign(one(node, 'argument'));
    case 'UnaryExpression':
      return node.operator === 'delete' && foreign(one(node, 'argument'));
    case 'CallExpression': {
      const callee = one(node, 'callee')!;
      if (callee.type !== 'MemberExpression') return false;
      const path = globalPath(callee, scope, lookUp);
      return CHANGING.has(path ?? '')
        ? foreign(many(node, 'arguments')[0])
        : CHANGING.has(methodOf(callee)) && foreign(one(callee, 'object'));
    }
    default:
      return false;
  }
}

/** Whether an expression makes what it returns. */
export function isFresh(node: Syntax | undefined): boolean {
  if (node?.type === 'CallExpression') return MAKING.has(methodOf(one(node, 'callee')!));
  return node !== undefined && /^(Array|Object|New|Literal|TemplateLiteral|ArrowFunction|Function|Class)(Expression)?$/.test(node.type);
}

/** Whether anything is called or assigned when the code is evaluated, outside of the functions that it only declares. */
export function acts(node: Syntax): boolean {
  return ACTS.has(node.type) || (!FUNCTIONS.has(node.type) && children(node).some(acts));
}

/** Of an assignment to a plain name: whether the name is foreign. Undefined for anything but a name. */
function assigns(target: Syntax, scope: Scope): boolean | undefined {
  return target.type === 'Identifier' ? find(scope, String(target.name)) === undefined : undefined;
}

/** Whether a thing, or what it is part of, was there before. */
function isForeign(node: Syntax, scope: Scope, constructing: boolean): boolean {
  if (node.type === 'MemberExpression') return isForeign(one(node, 'object')!, scope, constructing);
  if (node.type === 'ThisExpression') return !constructing;
  if (node.type === 'Identifier') return find(scope, String(node.name))?.fresh !== true;
  return !isFresh(node);
}

function methodOf(callee: Syntax): string {
  const key = callee.type === 'MemberExpression' ? keyOf(one(callee, 'property')!, callee.computed === true) : undefined;
  return key === undefined || key.startsWith('#') ? '' : String(JSON.parse(key));
}
