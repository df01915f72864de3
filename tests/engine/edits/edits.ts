// Random edits of a project, of every kind that people make. Their effect is not known here.
import { bumpPackage, importUnused, importUsed, reroute } from './imports.ts';
import { addComment, addStatement, addType, moveStatement, reformat } from './layout.ts';
import { rename } from './names.ts';
import { changeNumber } from './numbers.ts';
import type { Edit } from './syntax.ts';

/** The kinds of edits by name. */
export const EDITS: { readonly [kind: string]: Edit } = {
  helper: changeNumber((place) => place === 'function'),
  'unrelated helper': changeNumber((place, path) => place === 'function' && /unrelated|extra/.test(path)),
  'new helper': addStatement((number) => `export function added${number}(value: number): number { return value * ${number}.5; }`),
  constant: changeNumber((place) => place === 'constant'),
  'imported JSON': (_, draw) => ({ 'lib/data.json': JSON.stringify({ weight: (draw(1e6) + 1) / 64 }) }),
  class: changeNumber((place) => place === 'class'),
  'default param': changeNumber((place) => place === 'default'),
  closure: changeNumber((place) => place === 'closure'),
  'run function': changeNumber((place, path) => place === 'run' && path.startsWith('nodes/')),
  'param in the pipeline': changeNumber((_, path) => path === 'pipeline.ts'),
  comment: addComment,
  'rename of a local': rename('local'),
  'rename of a helper': rename('helper'),
  reorder: moveStatement,
  're-export': reroute,
  type: addType,
  formatting: reformat,
  'dependency version': bumpPackage,
  'new import': importUnused,
  'new import that is used': importUsed,
};
