import { execFileSync } from 'node:child_process';
import { readdirSync, readFileSync, rmSync, statSync, symlinkSync, unlinkSync, utimesSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { pathToFileURL } from 'node:url';
import { beforeEach, describe, expect, it, vi } from 'vitest';
import type * as Bundle from '../../engine/compile-bundle.ts';
import { compile } from '../../engine/compile.ts';
import { KithError } from '../../engine/errors.ts';
import { DEFINE, edited, FILES, fixture, KITH, PIPELINE } from './fixtures-code/project.ts';

const bundled = vi.hoisted(() => ({ times: 0 }));
vi.mock('../../engine/compile-bundle.ts', async (importOriginal) => {
  const original = await importOriginal<typeof Bundle>();
  return {
    ...original,
    bundlePipeline: (places: never) => {
      bundled.times++;
      return original.bundlePipeline(places);
    },
  };
});
beforeEach(() => void (bundled.times = 0));

/** Evaluates an expression over the module `m` in a fresh Node, where `heavyWasLoaded` is the fake package's mark. */
function inNode(file: string, expression: string): unknown {
  const script = `const m = await import(${JSON.stringify(pathToFileURL(file).href)}); console.log(JSON.stringify(await (${expression})));`;
  return JSON.parse(execFileSync(process.execPath, ['--input-type=module', '-e', script], { encoding: 'utf8' }));
}

async function refusal(files: { readonly [path: string]: string }): Promise<KithError> {
  const error = await fixture(files)
    .compile()
    .then(() => undefined)
    .catch((thrown: unknown) => thrown);
  expect(error).toBeInstanceOf(KithError);
  expect((error as KithError).detail.exitCode).toBe(2);
  return error as KithError;
}

describe('the plan bundle', () => {
  it('declares the nodes and their params without loading a package', async () => {
    const { planFile } = await fixture({}, { zod: true }).compile();
    expect(readFileSync(planFile, 'utf8')).not.toMatch(/heavy|light|STEPS|\bimport\b/);
    const seen = inNode(
      planFile,
      `{ names: Object.keys(m.default.nodes), definition: m.default.nodes.model.definition, loaded: globalThis.heavyWasLoaded ?? false,
      params: m.default.nodes.model.definition.params.parse({}), wrong: m.default.nodes.model.definition.params.safeParse({ rate: -1 }).success }`,
    );
    expect(seen).toMatchObject({
      names: ['model', 'scores'],
      loaded: false,
      params: { rate: 0.1 },
      wrong: false,
      definition: { kind: 'train', seeded: true },
    });
  });

  it('keeps what planning asks for, and drops run, summarise and draw however they are written', async () => {
    const { planFile } = await fixture(
      edited(
        'lib/nodes.ts',
        `run: async ({ params }) => ({ weight: heavy.train(loss(params.rate)) }),`,
        `
        resources: { cpu: 2 }, env: ['HOME'], files: ({ rate }) => ['data/' + rate + '.bin'],
        async run({ params }) { return { weight: heavy.train(loss(params.rate)) }; },
        'summarise': () => ({ figures: { v: heavy.train(1) } }), async draw() { return heavy.train(2) as never; },`,
      ),
    ).compile();
    expect(readFileSync(planFile, 'utf8')).not.toContain('heavy');
    expect(inNode(planFile, '((d) => ({ ...d, files: d.files({ rate: 3 }) }))(m.default.nodes.model.definition)')).toMatchObject({
      kind: 'train',
      resources: { cpu: 2 },
      env: ['HOME'],
      files: ['data/3.bin'],
    });
  });

  it('runs modules that were imported for their effect', async () => {
    const { planFile } = await fixture({
      'lib/effect.ts': 'export const unused = 1;\n(globalThis as { effect?: number }).effect = 7;\n',
      'pipeline.ts': `import './lib/effect.ts';\n${FILES['pipeline.ts']!}`,
    }).compile();
    expect(inNode(planFile, 'globalThis.effect')).toBe(7);
  });
});

describe('the work bundle', () => {
  it('runs the nodes with their packages', async () => {
    const { workFile } = await fixture().compile();
    expect(inNode(workFile, 'm.default.nodes.model.definition.run({ params: { rate: 10 } })')).toEqual({ weight: 15 });
  });

  it('loads a lazily imported module, and the packages of that module, only when it is asked for', async () => {
    const { workFile } = await fixture({
      'lib/lazy.ts': `import * as heavy from 'heavy';\nexport const go = (x: number) => heavy.train(x);\n`,
      ...edited('lib/nodes.ts', `import * as heavy from 'heavy';`, ''),
      'pipeline.ts': `${DEFINE}${PIPELINE}
const lazy = defineNode({ kind: 'lazy', inputs: {}, params: z.object({}), run: async () => ({ v: (await import('./lib/lazy.ts')).go(2) }) });
export default pipeline({ lazy: lazy({}) });\n`,
    }).compile();
    const run = 'm.default.nodes.lazy.definition.run({})';
    expect(inNode(workFile, `(async () => [globalThis.heavyWasLoaded ?? false, await ${run}, globalThis.heavyWasLoaded])()`)).toEqual([
      false,
      { v: 6 },
      true,
    ]);
  });

  it('keeps import.meta.url at the place of the source, in both bundles', async () => {
    const made = fixture({
      'pipeline.ts': `${DEFINE}${PIPELINE}
const here = new URL('.', import.meta.url).pathname;
const place = defineNode({ kind: 'place', inputs: {}, params: z.object({ at: z.string() }), run: async () => ({ here, name: import.meta.filename }) });
export default pipeline({ place: place({}, { at: here }) });\n`,
    });
    const { planFile, workFile } = await made.compile();
    expect(inNode(planFile, 'm.default.nodes.place.params')).toEqual({ at: `${made.folder}/` });
    expect(inNode(workFile, 'm.default.nodes.place.definition.run({})')).toEqual({
      here: `${made.folder}/`,
      name: join(made.folder, 'pipeline.ts'),
    });
  });

  it('leaves a lazily imported package that is not installed to the program', async () => {
    const made = fixture({
      'pipeline.ts': `${DEFINE}${PIPELINE}
const one = defineNode({ kind: 'one', inputs: {}, params: z.object({}), run: async () => ({ v: await import('not-there' as string & 'not-there').then(() => 1, () => 0) }) });
export default pipeline({ one: one({}) });\n`,
    });
    const before = await made.compile();
    expect(inNode(before.workFile, 'm.default.nodes.one.definition.run({})')).toEqual({ v: 0 });
    made.write({
      'node_modules/not-there/package.json': '{ "name": "not-there", "version": "1.0.0", "type": "module", "exports": "./main.js" }',
      'node_modules/not-there/main.js': '',
    });
    const after = await made.compile();
    expect(inNode(after.workFile, 'm.default.nodes.one.definition.run({})')).toEqual({ v: 1 });
    expect([before, after].map(({ code }) => code.one!.parts['npm:not-there'])).toEqual(['absent', '1.0.0']);
  });
});

describe('what is inlined and what stays outside', () => {
  it('inlines this package, whose parts are named after it', async () => {
    const { code, sources, workFile } = await fixture({
      'pipeline.ts': `import { defineNode, ndarray, pipeline, z } from 'kith';
const one = defineNode({ kind: 'one', inputs: {}, params: z.object({}), run: async () => ({ v: ndarray('float32', [1], Float32Array.of(3)) }) });
export default pipeline({ one: one({}) });\n`,
    }).compile();
    expect(Object.keys(code.one!.parts)).toEqual(['kith/cache/array.ts#ndarray', 'pipeline.ts#one', 'rolldown']);
    expect(sources).toContain(join(KITH, 'cache', 'array.ts'));
    expect(inNode(workFile, 'm.default.nodes.one.definition.run({}).then(({ v }) => v.data[0])')).toBe(3);
  });

  it('inlines a package that is linked from elsewhere, and notices edits of it', async () => {
    const linked = (factor: number): { [path: string]: string } => ({
      'packages/linked/package.json': '{ "name": "linked", "version": "1.0.0", "type": "module", "exports": "./main.ts" }',
      'packages/linked/main.ts': `export const square = (x: number): number => x * x * ${factor};\nexport const STEPS = 1;\n`,
    });
    const made = fixture({ ...linked(1), ...edited('lib/loss.ts', './maths.ts', 'linked') });
    symlinkSync(join(made.folder, 'packages/linked'), join(made.folder, 'node_modules/linked'));
    const before = await made.compile();
    made.write(linked(2));
    const after = await made.compile();
    expect(Object.keys(before.code.train!.parts)).toContain('packages/linked/main.ts#square');
    expect(after.code.train!.digest).not.toBe(before.code.train!.digest);
    expect(after.code.evaluate).toEqual(before.code.evaluate);
  });

  it('does not count the version of a lazily imported package that the project calls optional', async () => {
    const lazily = edited('lib/nodes.ts', 'heavy.train(loss(params.rate))', `(await import('heavy')).train(loss(params.rate))`);
    const optional = { 'package.json': '{ "name": "fixture", "type": "module", "optionalDependencies": { "heavy": "*" } }', ...lazily };
    const newer = { 'node_modules/heavy/package.json': FILES['node_modules/heavy/package.json']!.replace('1.2.3', '2.0.0') };
    const [before, after] = [await fixture(optional).compile(), await fixture({ ...optional, ...newer }).compile()];
    expect(before.code.train!.parts['npm:heavy']).toBe('optional');
    expect(after.code).toEqual(before.code);
    const [strict, stricter] = [await fixture(lazily).compile(), await fixture({ ...lazily, ...newer }).compile()];
    expect(stricter.code.train!.digest).not.toBe(strict.code.train!.digest);
  });
});

describe('compiling again', () => {
  it('loads no bundler when nothing changed', async () => {
    const made = fixture();
    const first = await made.compile();
    expect(await made.compile()).toEqual(first);
    expect(bundled.times).toBe(1);
  });

  it('reads the sources again only where stats differ, and then remembers the new stats', async () => {
    vi.useFakeTimers({ toFake: ['Date'], now: Date.now() + 60_000 });
    const made = fixture();
    const read: string[] = [];
    const digestFile = (path: string): string => {
      read.push(path);
      return readFileSync(path, 'utf8');
    };
    const again = async (): Promise<string[]> => {
      read.length = 0;
      await compile(join(made.folder, 'pipeline.ts'), { cacheFolder: made.cacheFolder, digestFile });
      return [...read];
    };
    try {
      await again();
      expect(await again()).toEqual([]);
      const file = join(made.folder, 'lib/loss.ts');
      utimesSync(file, new Date(1e12), new Date(1e12));
      expect(await again()).toEqual([file]);
      expect(await again()).toEqual([]);
      expect(bundled.times).toBe(1);
    } finally {
      vi.useRealTimers();
    }
  });

  it('does not trust the time stamp of a file that was written just now', async () => {
    vi.useFakeTimers({ toFake: ['Date'], now: Date.now() - 60_000 });
    const made = fixture();
    const read: string[] = [];
    const digestFile = (path: string): string => {
      read.push(path);
      return readFileSync(path, 'utf8');
    };
    try {
      for (let call = 0; call < 2; call++) await compile(join(made.folder, 'pipeline.ts'), { cacheFolder: made.cacheFolder, digestFile });
      expect(read.filter((path) => path.endsWith('loss.ts')).length).toBe(2);
      expect(bundled.times).toBe(1);
    } finally {
      vi.useRealTimers();
    }
  });

  it('sees an edit that keeps the size and puts the time stamp back', async () => {
    const made = fixture();
    const before = await made.compile();
    const file = join(made.folder, 'lib/maths.ts');
    const { atime, mtime } = statSync(file);
    made.write(edited('lib/maths.ts', 'STEPS = 20', 'STEPS = 30'));
    utimesSync(file, atime, mtime);
    const after = await made.compile();
    expect(after.code.train!.digest).not.toBe(before.code.train!.digest);
    expect(after.planFile).not.toBe(before.planFile);
  });

  it('sees a new version of a package, and a package.json that changed otherwise is the same package', async () => {
    const made = fixture();
    const before = await made.compile();
    made.write({ 'node_modules/heavy/package.json': FILES['node_modules/heavy/package.json']!.replace('{', '{ "license": "MIT",') });
    expect(await made.compile()).toEqual(before);
    expect(bundled.times).toBe(1);
    made.write({ 'node_modules/heavy/package.json': FILES['node_modules/heavy/package.json']!.replace('1.2.3', '1.3.0') });
    expect((await made.compile()).code.train!.parts['npm:heavy']).toBe('1.3.0');
  });

  it.each<[string, (folder: string) => void]>([
    ['its folder was emptied', (folder) => compiledFolders(folder).forEach((each) => unlinkSync(join(folder, each, 'work.mjs')))],
    ['its index is damaged', (folder) => indexFiles(folder).forEach((each) => writeFileSync(join(folder, each), '{"folder":'))],
    ['everything was deleted', (folder) => rmSync(folder, { recursive: true })],
  ])('makes it again when %s', async (_, damage) => {
    const made = fixture();
    const before = await made.compile();
    damage(join(made.cacheFolder, 'compiled'));
    expect(await made.compile()).toEqual(before);
    expect(bundled.times).toBe(2);
    expect(inNode(before.workFile, 'Object.keys(m.default.nodes)')).toEqual(['model', 'scores']);
  });

  it('leaves one complete folder when several start at once', async () => {
    const made = fixture();
    const all = await Promise.all([made.compile(), made.compile(), made.compile()]);
    expect(new Set(all.map(({ planFile }) => planFile)).size).toBe(1);
    expect(readdirSync(join(made.cacheFolder, 'compiled')).length).toBe(2);
  });

  it('lists the modules it was made of', async () => {
    const made = fixture();
    const { sources } = await made.compile();
    expect(sources).toEqual(
      expect.arrayContaining(
        ['lib/loss.ts', 'lib/maths.ts', 'lib/nodes.ts', 'lib/score.ts', 'pipeline.ts'].map((path) => join(made.folder, path)),
      ),
    );
    expect(sources.filter((path) => path.includes('node_modules'))).toEqual([]);
  });
});

function compiledFolders(folder: string): string[] {
  return readdirSync(folder).filter((each) => !each.endsWith('.json'));
}

function indexFiles(folder: string): string[] {
  return readdirSync(folder).filter((each) => each.endsWith('.json'));
}

describe('refusals, each with exit code 2', () => {
  it('a syntax error, with file, line, column and the line of code', async () => {
    const error = await refusal(edited('lib/loss.ts', 'square(x) / STEPS', 'square(x) / / STEPS'));
    expect(error.headline).toContain('lib/loss.ts has a syntax error');
    expect(error.detail.facts).toEqual([
      expect.stringMatching(/^lib\/loss\.ts:3:\d+ {2}export function loss\(x: number\): number \{ return square\(x\) \/ \/ STEPS; \}$/),
    ]);
  });

  it('a syntax error in the pipeline file itself', async () => {
    const error = await refusal({ 'pipeline.ts': 'const x = ;\n' });
    expect(error.headline).toContain('pipeline.ts has a syntax error');
    expect(error.detail.facts).toEqual(['pipeline.ts:1:11  const x = ;']);
  });

  it('a module that is not there', async () => {
    const error = await refusal(edited('lib/loss.ts', './maths.ts', './math.ts'));
    expect(error.headline).toBe('lib/loss.ts imports ./math.ts, which cannot be found.');
    expect(error.detail.facts![0]).toMatch(/^lib\/loss\.ts:2:31 /);
  });

  it('a lazily imported module that is not there, at its place', async () => {
    const error = await refusal(edited('lib/loss.ts', 'return square', `void import('./lazy.ts'); return square`));
    expect(error.headline).toBe('lib/loss.ts imports ./lazy.ts, which cannot be found.');
    expect(error.detail.facts![0]).toMatch(/^lib\/loss\.ts:3:\d+ .*import\('\.\/lazy\.ts'\)/);
  });

  it('a package that is not there, with the command that installs it', async () => {
    const error = await refusal(edited('lib/maths.ts', `'light'`, `'lite'`));
    expect(error.headline).toBe('lib/maths.ts imports lite, which cannot be found.');
    expect(error.detail.hint).toBe('Install it: npm install lite');
  });

  it('an import of a name that a module does not export', async () => {
    const error = await refusal({
      'lib/loss.ts': `\nimport { square, triangle } from './maths.ts';\nexport const loss = (x: number) => square(x) + triangle(x);\n`,
    });
    expect(error.headline).toContain('"triangle" is not exported by "lib/maths.ts"');
    expect(error.detail.facts![0]).toMatch(/^lib\/loss\.ts:2:\d+ /);
  });

  it('a definition inside a function, with the values it closes over', async () => {
    const error = await refusal({
      'pipeline.ts': `${DEFINE}${PIPELINE}
const offset = 1;
function adder(amount: number, { scale } = { scale: 2 }) {
  const label = String(amount);
  return defineNode({ kind: 'add', inputs: {}, params: z.object({}), run: async ({ params }) => ({ v: offset + amount * scale, params, label }) });
}
export default pipeline({ add: adder(2)({}) });\n`,
    });
    expect(error.headline).toBe('pipeline.ts calls defineNode inside a function (kind "add").');
    expect(error.detail.facts![0]).toMatch(/^pipeline\.ts:8:10 {2}return defineNode/);
    expect(error.detail.facts![1]).toContain('It closes over amount, scale, label,');
    expect(error.detail.hint).toContain('pass amount, scale, label as params');
  });

  it('a definition in a loop', async () => {
    const error = await refusal({
      'pipeline.ts': `${DEFINE}${PIPELINE}\nfor (const n of [1]) pipeline({ n: defineNode({ kind: 'n', inputs: {}, params: z.object({}), run: async () => ({ n }) })({}) });\nexport default 1;\n`,
    });
    expect(error.headline).toContain('inside a block');
    expect(error.detail.facts![1]).toContain('It closes over n,');
  });

  it('two definitions of one kind, with both places', async () => {
    const error = await refusal(edited('lib/nodes.ts', `kind: 'evaluate'`, `kind: 'train'`));
    expect(error.headline).toBe('Two nodes are of kind "train".');
    expect(error.detail.facts).toEqual(['They are defined at lib/nodes.ts:7 and lib/nodes.ts:14.']);
  });

  it.each(['KIND', '`tr${1}`', `'tr' + 'ain'`])('a kind that is not a literal: %s', async (kind) => {
    const error = await refusal(edited('lib/nodes.ts', `kind: 'train'`, `kind: ${kind}`));
    expect(error.headline).toBe(`A node's kind must be a string literal.`);
    expect(error.detail.facts![0]).toMatch(/^lib\/nodes\.ts:8:9 /);
  });

  it('a definition that is not written in the call', async () => {
    const error = await refusal(
      edited(
        'lib/nodes.ts',
        'export const unused = defineNode({',
        'const unusedDefinition = { kind: "x" } as never;\nexport const other = defineNode(unusedDefinition);\nexport const unused = defineNode({',
      ),
    );
    expect(error.headline).toContain('something other than an object literal');
  });
});
