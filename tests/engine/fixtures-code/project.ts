// A small project in a temporary folder, to be edited and compiled: two nodes, helpers two files away, a fake heavy package.
import { mkdirSync, mkdtempSync, realpathSync, rmSync, symlinkSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { dirname, join } from 'node:path';
import { fileURLToPath } from 'node:url';
import { afterAll } from 'vitest';
import { compile, type Compiled } from '../../../engine/compile.ts';

export const KITH = fileURLToPath(new URL('../../..', import.meta.url)).replace(/\/$/, '');
const ENGINE = join(KITH, 'engine');

/** The import that every definition starts with. */
export const DEFINE = `import { z } from 'zod';\nimport { defineNode, input } from '${ENGINE}/define-node.ts';\n`;
export const PIPELINE = `import { pipeline } from '${ENGINE}/pipeline.ts';\n`;

export const FILES: { readonly [path: string]: string } = {
  'package.json': '{ "name": "fixture", "type": "module" }',
  'node_modules/heavy/package.json': '{ "name": "heavy", "version": "1.2.3", "type": "module", "exports": "./main.js" }',
  'node_modules/heavy/main.js':
    'globalThis.heavyWasLoaded = true;\nexport const train = (x) => x * 3;\nexport const measure = (x) => x + 1;\n',
  // In zod's place where no schema is asked anything: bundling the real one takes ten times longer than the rest.
  'node_modules/zod/package.json': '{ "name": "zod", "version": "0.0.0", "type": "module", "exports": "./main.js" }',
  'node_modules/zod/main.js': 'export const z = new Proxy(() => {}, { get: () => z, apply: () => z });\n',
  'node_modules/light/package.json': '{ "name": "light", "version": "2.0.0", "type": "module", "exports": "./main.js" }',
  'node_modules/light/main.js': 'export const round = (x) => Math.round(x);\n',
  'lib/maths.ts': `
import { round } from 'light';
/** Steps a training takes. */
export const STEPS = 20;
export const DIGITS: number = 3;
export function square(x: number): number { const twice = x * x; return twice; }
export function cube(x: number): number { return x * square(x); }
export function rounded(x: number): number { return round(x * 10 ** DIGITS) / 10 ** DIGITS; }
export function even(n: number): boolean { return n === 0 ? true : odd(n - 1); }
function odd(n: number): boolean { return n === 0 ? false : even(n - 1); }
export class Meter { #total = 0; add(x: number): this { this.#total += x; return this; } get total(): number { return this.#total; } }
`,
  'lib/loss.ts': `
import { square, STEPS } from './maths.ts';
export function loss(x: number): number { return square(x) / STEPS; }
`,
  'lib/score.ts': `
import { even, Meter, rounded } from './maths.ts';
export const score = (x: number): number => rounded(new Meter().add(x).total) + (even(4) ? 1 : 0);
`,
  'lib/nodes.ts': `${DEFINE}
import * as heavy from 'heavy';
import { loss } from './loss.ts';
import { score } from './score.ts';
export const train = defineNode({
  kind: 'train',
  inputs: {},
  params: z.object({ rate: z.number().min(0).default(0.1) }),
  seeded: true,
  run: async ({ params }) => ({ weight: heavy.train(loss(params.rate)) }),
});
export const evaluate = defineNode({
  kind: 'evaluate',
  inputs: { model: input<{ weight: number }>() },
  params: z.object({}),
  run: async ({ inputs }) => ({ score: score(inputs.model.weight) }),
});
export const unused = defineNode({ kind: 'unused', inputs: {}, params: z.object({ k: z.number().int().default(3) }), run: async () => ({ v: heavy.measure(1) }) });
`,
  'pipeline.ts': `${PIPELINE}
import { evaluate, train } from './lib/nodes.ts';
const model = train({}, { rate: 0.5 });
const scores = evaluate({ model });
export default pipeline({ model, scores });
`,
};

/** A project on disk. */
export interface Fixture {
  readonly folder: string;
  readonly cacheFolder: string;
  write(files: { readonly [path: string]: string }): void;
  compile(file?: string): Promise<Compiled>;
}

const made: string[] = [];
afterAll(() => made.splice(0).forEach((folder) => rmSync(folder, { recursive: true, force: true })));

/** Writes the fixture with some files replaced. */
export function fixture(changed: { readonly [path: string]: string } = {}, { zod = false }: { readonly zod?: boolean } = {}): Fixture {
  const folder = realpathSync(mkdtempSync(join(tmpdir(), 'kith-code-')));
  made.push(folder);
  const cacheFolder = join(folder, '.kith');
  const write = (files: { readonly [path: string]: string }): void => {
    for (const [path, text] of Object.entries(files)) {
      mkdirSync(dirname(join(folder, path)), { recursive: true });
      writeFileSync(join(folder, path), text);
    }
  };
  write({ ...FILES, ...changed });
  if (zod) rmSync(join(folder, 'node_modules', 'zod'), { recursive: true });
  if (zod) symlinkSync(join(KITH, 'node_modules', 'zod'), join(folder, 'node_modules', 'zod'));
  return { folder, cacheFolder, write, compile: (file = 'pipeline.ts') => compile(join(folder, file), { cacheFolder }) };
}

/** The fixture's file with a piece of it replaced; the piece must be there. */
export function edited(path: string, from: string | RegExp, to: string): { [path: string]: string } {
  const before = FILES[path]!;
  const after = before.replaceAll(from instanceof RegExp ? new RegExp(from, 'g') : from, to);
  if (after === before) throw new Error(`${path} holds no ${String(from)}`);
  return { [path]: after };
}
