// The project that the corpus of edits is made on: ten nodes over a dozen modules, each number in which shows in some result. It has what
// real code has (barrels, classes, closures, recursion, tables filled at the top level, a lazy module, packages) and no two ways to one sum.
import { DEFINE, PIPELINE } from '../fixtures-code/project.ts';

/** A zod for planning: it knows objects and defaults, and bundles in no time. */
const ZOD = `const type = (fallback) => new Proxy({ fallback }, { get: (made, name) => name === 'default' ? (value) => type(value) : name in made ? made[name] : () => type(fallback) });
export const z = { number: () => type(undefined), object: (shape) => ({ shape, safeParse: (given) => ({ success: true,
  data: { ...Object.fromEntries(Object.entries(shape).flatMap(([name, each]) => each.fallback === undefined ? [] : [[name, each.fallback]])), ...given } }) }) };
`;

const manifest = (name: string): string =>
  `{ "name": "${name}", "version": "1.0.0", "type": "module", "exports": { ".": "./main.js", "./more": "./more.js" } }`;

/** Files by path. What is in `node_modules` is edited by a new version only. */
export const SAMPLE: { readonly [path: string]: string } = {
  'package.json': '{ "name": "sample", "type": "module" }',
  'node_modules/zod/package.json': manifest('zod'),
  'node_modules/zod/main.js': ZOD,
  'node_modules/light/package.json': manifest('light'),
  'node_modules/light/main.js':
    'const VERSION = 1;\nexport const lift = (x) => x + 1.5 * VERSION;\nexport const lower = (x) => x - VERSION;\n',
  'node_modules/light/more.js': 'const VERSION = 1;\nexport const sink = (x) => x * 0.75 + VERSION;\n',
  'node_modules/heavy/package.json': manifest('heavy').replace('{', '{ "dependencies": { "deep": "*" },'),
  'node_modules/heavy/main.js':
    'import { sunk } from "deep";\nconst VERSION = 1;\nexport default { press: (x) => x * 1.125 + VERSION + sunk(x) };\nexport const weigh = (x) => sunk(x) + 2.25 * VERSION;\n',
  'node_modules/deep/package.json': manifest('deep'),
  'node_modules/deep/main.js': 'const VERSION = 1;\nexport const sunk = (x) => x / (1 + VERSION);\n',
  'node_modules/idle/package.json': manifest('idle'),
  'node_modules/idle/main.js': 'const VERSION = 1;\nexport const rest = (x) => x + VERSION;\n',

  'lib/constants.ts': `
// Numbers that several modules share.
export const SCALE = 1.75;
export const STEPS = 4;
const WARMUP = 2;
export const TOTAL = STEPS * 3 + WARMUP;
export const RATES = [0.5, 0.25, 0.125] as const;
export const SETTINGS = { decay: 0.9, nested: { gain: 1.1, bias: -0.3 } };
export const settle = (value: number): number => value * SETTINGS.decay * SETTINGS.nested.gain + SETTINGS.nested.bias;
export enum Mode { Slow = 3, Fast = 5 }
export const UNUSED = 12;
export type Rates = typeof RATES;
`,
  'lib/maths.ts': `
import { lift } from 'light';
import { RATES, SCALE, STEPS } from './constants.ts';
export interface Point { readonly x: number; readonly y: number }
type Fold = (sum: number, value: number) => number;

/** Steps of a descent. */
export function descend(start: number, factor = 0.5): number {
  let height = start;
  for (let step = 0; step < STEPS; step++) {
    const slope = height * factor;
    height -= slope / (step + 2);
  }
  return height;
}
export function square(value: number): number { const area = value * value; return area; }
const add: Fold = (sum, value) => sum + value;
export const total = (values: readonly number[]): number => values.reduce(add, 0.25);
export const scaled = (value: number): number => lift(value * SCALE);
export function even(count: number): number { return count === 0 ? 1.5 : odd(count - 1) + 0.1; }
function odd(count: number): number { return count === 0 ? 2.5 : even(count - 1) + 0.2; }
export function* ladder(from: number, rungs = 3): Generator<number> {
  for (let rung = 0; rung < rungs; rung++) yield from + rung * 0.3;
}
export const weighted = ({ x, y }: Point, [first, ...others]: readonly number[] = RATES): number => {
  const rest = others.map((rate, place) => rate * (place + 1.2));
  return x * (first ?? 7) + y * rest.reduce((sum, each) => sum + each);
};
export function idleHelper(value: number): number { return value * 8.5; }
`,
  'lib/shapes.ts': `
import { settle } from './constants.ts';
export abstract class Shape {
  static made = 0.75;
  static { Shape.made += 0.5; }
  protected readonly margin = 0.4;
  constructor(protected readonly size: number) {}
  abstract area(): number;
  outer(border = 0.6): number { return this.area() + border * this.margin + Shape.made; }
}
export class Box extends Shape {
  #depth = 1.25;
  area(): number { return this.size * this.#depth; }
  get volume(): number { return this.area() * 1.05; }
}
export class Disc extends Shape {
  area(): number { return this.size * this.size * 3.14; }
  override outer(border = 0.8): number { return super.outer() + super.outer(border) + Disc.#rim(this.size); }
  static #rim(size: number): number { return settle(size); }
}
export class Forgotten { value(): number { return 6.5; } }
`,
  'lib/closures.ts': `
import { settle } from './constants.ts';
type Change = (value: number) => number;
export function makeScaler(factor: number, shift = 0.15): Change {
  const twice = factor * 2;
  return (value) => value * twice + shift;
}
export const stretch = makeScaler(1.3);
export const shrink = makeScaler(0.4, 0.05);
export const compose = (...changes: readonly Change[]): Change => (value) => changes.reduce((at, change) => change(at), value);
export const shaped = compose(stretch, (value) => value + 0.7, shrink);
export function counter(): () => number {
  let count = 0.1;
  return () => { count += 1.6; return count; };
}
export const gained = ((gain) => (value: number) => settle(value * gain))(2.4);
`,
  'lib/blend.ts': `
import { SCALE } from './constants.ts';
const SHARE = 0.35;
export default function blend(left: number, right: number, share = SHARE): number {
  return left * share + right * (1 - share) + SCALE * 0.01;
}
export const PARTS = 2;
`,
  'lib/table.ts': `
// Filled at the top level: by a loop, by a call, by assignment.
import { square } from './maths.ts';
export const squares: number[] = [];
for (let row = 0; row < 5; row++) squares.push(square(row + 0.5));
const named = new Map<string, number>();
const register = (name: string, value: number): void => void named.set(name, value);
register('mean', 4.5);
register('mode', 5.5);
export const options: { limit?: number } = {};
options.limit = 9.5;
export const lookUp = (name: string): number => named.get(name) ?? 0;
export const rows = (): number => squares.reduce((sum, row) => sum + row);
`,
  'lib/stock.ts': `
// Initialisers that change what others read.
class Stock { static left = 10.5; static take(amount: number): number { const part = amount * 0.1; Stock.left -= part; return Stock.left; } }
export const taken = Stock.take(1.5);
export const stock = (): number => Stock.left;
let turns = 0.5;
function turn(): number { turns += 0.25; return turns; }
export const turned = turn();
export const turnsSoFar = (): number => turns;
const shelf = new Map<string, number>();
const put = (name: string, value: number): number => shelf.set(name, value).size + value;
export const places = put('top', 6.5);
export const onTop = (): number => shelf.get('top') ?? 0;
`,
  'lib/text.ts': `
const VOWELS = /[aeiou]/g;
const title = 'a sample of text';
export const vowels = (text = title): number => (text.match(VOWELS) ?? []).length + 0.2;
const marked = (parts: TemplateStringsArray, ...values: readonly number[]): number => parts.join('').length + values.reduce((sum, value) => sum + value, 0);
export const measured = (value: number): number => marked\`from \${value} to \${value + 1.4} of \${2.6}\`;
export function named(mode: 'low' | 'high' | 'none'): number {
  switch (mode) {
    case 'low':
      return 0.45;
    case 'high': {
      const high = 1.45;
      return high;
    }
    default:
      return 2.45;
  }
}
export function safely(value: number): number {
  try {
    if (value > -1) throw new RangeError('too much');
    return 0;
  } catch (error) {
    return (error as Error).message.length + 0.65;
  } finally {
    void 0;
  }
}
`,
  'lib/data.json': '{ "weight": 3.5 }',
  'lib/lazy.ts': `
import { sink } from 'light/more';
const FACTOR = 2.2;
export const late = (value: number): number => sink(value * FACTOR);
export const never = (value: number): number => value / 3.3;
`,
  'lib/extra.ts': `
const EXTRA = 0.55;
export const extra = (): number => EXTRA;
export const spare = (): number => 1.85;
export function surplus(value: number): number { return value * 1.95; }
`,
  'lib/unrelated.ts': `
import { rest } from 'idle';
import { descend } from './maths.ts';
export function unrelated(value: number): number { return rest(value) * 4.4 + descend(value); }
export const alsoUnrelated = (value: number, by = 5.6): number => unrelated(value) + by;
export class Unrelated { size = 7.7; }
`,
  'lib/index.ts': `
export * from './maths.ts';
export { makeScaler, shaped as shape, stretch } from './closures.ts';
export { default as blend } from './blend.ts';
export * as shapes from './shapes.ts';
export { alsoUnrelated } from './unrelated.ts';
`,
  'nodes/make.ts': `${DEFINE}
import { RATES, TOTAL } from '../lib/constants.ts';
import { ladder, total } from '../lib/maths.ts';
export const make = defineNode({
  kind: 'make', inputs: {}, params: z.object({ size: z.number().default(3) }),
  run: async ({ params }) => ({ value: total([...ladder(params.size)]) + TOTAL * 0.02 + RATES[1] }),
});
export const text = defineNode({
  kind: 'text', inputs: {}, params: z.object({}),
  run: async () => ({ value: await textOf() }),
});
import { measured, named, safely, vowels } from '../lib/text.ts';
async function textOf(): Promise<number> {
  const modes = ['low', 'high', 'none'] as const;
  return vowels() + measured(0.9) + safely(1) + safely(-3) + modes.reduce((sum, mode, place) => sum + named(mode) * (place + 1), 0);
}
`,
  'nodes/change.ts': `${DEFINE}
import heavy from 'heavy';
import { weigh } from 'heavy';
import { counter, gained, shape, stretch } from './change-parts.ts';
import * as maths from '../lib/maths.ts';
import { blend, descend, shapes } from '../lib/index.ts';
export interface Value { readonly value: number }
export const shrunk = defineNode({
  kind: 'shrunk', inputs: { of: input<Value>() }, params: z.object({ by: z.number().default(0.5) }),
  run: async ({ inputs, params }) => ({ value: descend(inputs.of.value, params.by) + descend(params.by) + maths.scaled(inputs.of.value) }),
});
export const boxed = defineNode({
  kind: 'boxed', inputs: { of: input<Value>() }, params: z.object({}),
  run: async ({ inputs }) => { const box = new shapes.Box(inputs.of.value); return { value: box.volume + box.outer() }; },
});
export const round = defineNode({
  kind: 'round', inputs: { of: input<Value>() }, params: z.object({}),
  run: async ({ inputs: { of } }) => ({ value: new shapes.Disc(of.value).outer() + heavy.press(of.value) }),
});
export const bent = defineNode({
  kind: 'bent', inputs: { of: input<Value>() }, params: z.object({}),
  run: async ({ inputs }) => {
    const next = counter();
    return { value: shape(inputs.of.value) + gained(inputs.of.value) + next() + next() };
  },
  summarise: ({ value }) => ({ metrics: { value: value + 0.85 } }),
});
export const mixed = defineNode({
  kind: 'mixed', inputs: { left: input<Value>(), right: input<Value>() }, params: z.object({}),
  run: async ({ inputs: { left, right } }) => ({ value: blend(left.value, weigh(right.value)) + stretch(left.value) }),
});
`,
  'nodes/change-parts.ts': `
export { shape, stretch } from '../lib/index.ts';
export { counter, gained } from '../lib/closures.ts';
`,
  'nodes/judge.ts': `${DEFINE}
import { even, weighted } from '../lib/maths.ts';
import { onTop, places, stock, taken, turned, turnsSoFar } from '../lib/stock.ts';
import { lookUp, options, rows } from '../lib/table.ts';
import data from '../lib/data.json' with { type: 'json' };
import { Mode } from '../lib/constants.ts';
import type { Value } from './change.ts';
export const judged = defineNode({
  kind: 'judged', inputs: { a: input<Value>(), b: input<Value>() }, params: z.object({}),
  run: async ({ inputs: { a, b } }) => ({ value: weighted({ x: a.value, y: b.value }) + Mode.Slow * Mode.Fast + even(5) + places + taken + turned + data.weight }),
});
export const tabled = defineNode({
  kind: 'tabled', inputs: { of: input<Value>() }, params: z.object({}),
  run: async ({ inputs }) => ({
    value: inputs.of.value + lookUp('mean') * lookUp('mode') + (options.limit ?? 0) + rows() + stock() + turnsSoFar() + onTop(),
  }),
});
export const late = defineNode({
  kind: 'late', inputs: { of: input<Value>() }, params: z.object({}),
  run: async ({ inputs }) => { const { late: run } = await import('../lib/lazy.ts'); return { value: run(inputs.of.value) }; },
});
`,
  'pipeline.ts': `${PIPELINE}
import { bent, boxed, mixed, round, shrunk } from './nodes/change.ts';
import { judged, late, tabled } from './nodes/judge.ts';
import { make, text } from './nodes/make.ts';
const source = make({}, { size: 2.5 });
const words = text();
const small = shrunk({ of: source }, { by: 0.45 });
const box = boxed({ of: small });
const disc = round({ of: small });
const curve = bent({ of: words });
const mix = mixed({ left: box, right: curve });
const verdict = judged({ a: mix, b: disc });
const table = tabled({ of: words });
const end = late({ of: table });
export default pipeline({ source, words, small, box, disc, curve, mix, verdict, table, end });
`,
};
