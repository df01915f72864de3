import { describe, expect, it } from 'vitest';
import type { Compiled } from '../../engine/compile.ts';
import { DEFINE, edited, FILES, fixture, PIPELINE } from './fixtures-code/project.ts';

const original = fixture().compile();

/** The kinds whose digests an edit changes, and the names of the parts that changed. */
async function effectOf(files: { readonly [path: string]: string }): Promise<{ readonly kinds: string[]; readonly parts: string[] }> {
  const before = await original;
  const after = await fixture(files).compile();
  expect(Object.keys(after.code).sort()).toEqual(['evaluate', 'train']);
  const kinds = Object.keys(after.code).filter((kind) => after.code[kind]!.digest !== before.code[kind]!.digest);
  const parts = new Set(kinds.flatMap((kind) => changedParts(before, after, kind)));
  return { kinds: kinds.sort(), parts: [...parts].sort() };
}

function changedParts(before: Compiled, after: Compiled, kind: string): string[] {
  const [old, now] = [before.code[kind]!.parts, after.code[kind]!.parts];
  return [...new Set([...Object.keys(old), ...Object.keys(now)])].filter((part) => old[part] !== now[part]);
}

describe('what does not count', () => {
  const nothing = { kinds: [], parts: [] };
  it.each<[string, { [path: string]: string }]>([
    ['a comment', edited('lib/maths.ts', '/** Steps a training takes. */', '// How long a training takes.\n/* twice */')],
    ['a type', edited('lib/maths.ts', 'square(x: number): number {', 'square<N extends number>(x: N & {}): number {')],
    [
      'a new interface and a type import',
      edited(
        'lib/loss.ts',
        'export function',
        'import type { Meter } from "./maths.ts";\nexport interface Loss { readonly meter: Meter }\nexport function',
      ),
    ],
    ['a cast', edited('lib/loss.ts', 'square(x) / STEPS', '(square(x as number)! / (STEPS satisfies number))')],
    [
      'formatting',
      edited('lib/maths.ts', '{ const twice = x * x; return twice; }', '{\n  const twice =\n    (x * x)\n\n  return (twice)\n}'),
    ],
    ['quotes and number formats', edited('lib/maths.ts', 'export const STEPS = 20;', 'export const STEPS = 0x14')],
    ['the name of a local', edited('lib/maths.ts', /\btwice\b/, 'area')],
    [
      'the name of a parameter that hides nothing',
      edited('lib/loss.ts', 'loss(x: number): number { return square(x)', 'loss(error: number): number { return square(error)'),
    ],
    [
      'the name of a helper',
      { ...edited('lib/maths.ts', /\bsquare\b/, 'toTheSecond'), ...edited('lib/loss.ts', /\bsquare\b/, 'toTheSecond') },
    ],
    [
      'an import under another name',
      {
        'lib/loss.ts': `import { square as sq, STEPS as steps } from './maths.ts';\nexport function loss(x: number): number { return sq(x) / steps; }\n`,
      },
    ],
    [
      'a namespace import',
      {
        'lib/loss.ts': `import * as maths from './maths.ts';\nexport function loss(x: number): number { return maths.square(x) / maths.STEPS; }\n`,
      },
    ],
    [
      'the order of helpers',
      {
        'lib/maths.ts': FILES['lib/maths.ts']!.trim()
          .split('\n')
          .filter((line) => !line.startsWith('import'))
          .reverse()
          .concat(`import { round } from 'light';`)
          .join('\n'),
      },
    ],
    [
      'a helper moved to another file and re-exported',
      {
        'lib/area.ts': 'export function square(x: number): number { const twice = x * x; return twice; }\n',
        ...edited(
          'lib/maths.ts',
          'export function square(x: number): number { const twice = x * x; return twice; }',
          `import { square } from './area.ts';\nexport { square };`,
        ),
      },
    ],
    ['a star re-export', { 'lib/all.ts': `export * from './maths.ts';\n`, ...edited('lib/loss.ts', './maths.ts', './all.ts') }],
    ['a helper that no node of the pipeline reaches', edited('lib/maths.ts', 'x * square(x)', 'x ** 3')],
    ['a definition that the pipeline does not use', edited('lib/nodes.ts', 'heavy.measure(1)', 'heavy.measure(2)')],
    ['a schema: resolved params are in the key themselves', edited('lib/nodes.ts', 'min(0).default(0.1)', 'min(0).max(2).default(0.2)')],
    [
      'resources, files and pictures',
      edited('lib/nodes.ts', 'seeded: true,', `seeded: true, resources: { cpu: 'all' }, files: () => ['a.txt'], draw: async () => [],`),
    ],
    [
      'the order of properties',
      edited(
        'lib/nodes.ts',
        `kind: 'evaluate',\n  inputs: { model: input<{ weight: number }>() },`,
        `inputs: { model: input<{ weight: number }>() },\n  kind: 'evaluate',`,
      ),
    ],
    ['the wiring and its params', edited('pipeline.ts', 'rate: 0.5', 'rate: 0.25')],
  ])('%s', async (_, files) => expect(await effectOf(files)).toEqual(nothing));

  it('the place of the project, even where import.meta.url is used', async () => {
    const files = { 'lib/loss.ts': 'export const loss = (x: number): number => x + new URL("./x", import.meta.url).href.length;\n' };
    const [a, b] = [await fixture(files).compile(), await fixture(files).compile()];
    expect(a.code).toEqual(b.code);
    expect(a.planFile).not.toBe(b.planFile);
  });
});

describe('what counts, and only for those who reach it', () => {
  it.each<[string, { [path: string]: string }, string[], string[]]>([
    [
      'a helper two files away',
      edited('lib/maths.ts', 'const twice = x * x', 'const twice = x * x * 2'),
      ['train'],
      ['lib/maths.ts#square'],
    ],
    ['a constant', edited('lib/maths.ts', 'STEPS = 20', 'STEPS = 21'), ['train'], ['lib/maths.ts#STEPS']],
    [
      'a constant of the other node',
      edited('lib/maths.ts', 'DIGITS: number = 3', 'DIGITS: number = 4'),
      ['evaluate'],
      ['lib/maths.ts#DIGITS'],
    ],
    ['a class', edited('lib/maths.ts', '+= x', '-= x'), ['evaluate'], ['lib/maths.ts#Meter']],
    [
      'one of two functions that call each other',
      edited('lib/maths.ts', '? false : even', '? true : even'),
      ['evaluate'],
      ['lib/maths.ts#odd'],
    ],
    ['the run function', edited('lib/nodes.ts', 'heavy.train(loss', '2 * heavy.train(loss'), ['train'], ['lib/nodes.ts#train']],
    [
      'a summary',
      edited('lib/nodes.ts', 'seeded: true,', `seeded: true, summarise: () => ({ figures: {} }),`),
      ['train'],
      ['lib/nodes.ts#train'],
    ],
    ['another export of a package', edited('lib/nodes.ts', 'heavy.train(loss', 'heavy.measure(loss'), ['train'], ['lib/nodes.ts#train']],
    ['a string', edited('lib/score.ts', '? 1 : 0', '? 1 : Number("7")'), ['evaluate'], ['lib/score.ts#score']],
    ['the version of a package', edited('node_modules/light/package.json', '2.0.0', '2.0.1'), ['evaluate'], ['npm:light']],
  ])('%s', async (_, files, kinds, parts) => expect(await effectOf(files)).toEqual({ kinds, parts }));

  it('another helper of the same shape in its place', async () => {
    const swapped = edited('lib/loss.ts', /square/, 'cube');
    expect((await effectOf(swapped)).kinds).toEqual(['train']);
  });

  it('which of two helpers is called with what', async () => {
    const pair = (a: string, b: string): { [path: string]: string } => ({
      'lib/loss.ts': `const f = (x: number) => x + 1;\nconst g = (x: number) => x + 2;\nexport const loss = (x: number) => ${a}(x) / ${b}(x * x);\n`,
    });
    const [one, other] = [await fixture(pair('f', 'g')).compile(), await fixture(pair('g', 'f')).compile()];
    expect(one.code.train!.digest).not.toBe(other.code.train!.digest);
  });

  it('a default value that names a helper although the body declares a variable of that name', async () => {
    const code = (value: number): { [path: string]: string } => ({
      'lib/loss.ts': `const scale = ${value};\nexport function loss(x: number, get = () => scale): number { var scale = 1; return x * scale * get(); }\n`,
    });
    const [one, other] = [await fixture(code(2)).compile(), await fixture(code(3)).compile()];
    expect(one.code.train!.digest).not.toBe(other.code.train!.digest);
  });

  it('statements at the top level of a module, for what comes from it', async () => {
    const code = (value: number): { [path: string]: string } => ({
      'lib/loss.ts': `const table: number[] = [];\ntable.push(${value});\nexport const loss = (x: number) => x * table[0]!;\n`,
    });
    const [one, other] = [await fixture(code(2)).compile(), await fixture(code(3)).compile()];
    expect(changedParts(one, other, 'train')).toEqual(['lib/loss.ts#top level']);
    expect(one.code.train!.digest).not.toBe(other.code.train!.digest);
    expect(one.code.evaluate).toEqual(other.code.evaluate);
  });

  it('a statement elsewhere that changes a table, for the readers of the table', async () => {
    const code = (value: number): { [path: string]: string } => ({
      'lib/loss.ts': `export const table: number[] = [];\nexport const loss = (x: number) => x * table[0]!;\n`,
      'lib/fill.ts': `import { table } from './loss.ts';\nfunction fill() { table.push(${value}); }\nfill();\n`,
      'pipeline.ts': `import './lib/fill.ts';\n${FILES['pipeline.ts']!}`,
    });
    const [one, other] = [await fixture(code(2)).compile(), await fixture(code(3)).compile()];
    expect(one.code.train!.digest).not.toBe(other.code.train!.digest);
    expect(one.code.evaluate!.digest).toBe(other.code.evaluate!.digest);
  });

  it.each<[string, (value: number) => string]>([
    ['calls a function that does', (value) => `const put = (x: number) => table.push(x);\nexport const length = put(${value});`],
    ['changes it itself', (value) => `export const last = (table[0] = ${value});`],
    [
      'passes it to a function that does',
      (value) => `const put = (to: number[], x: number) => to.push(x);\nexport const length = put(table, ${value});`,
    ],
    ['makes an object that does', (value) => `class Shelf { constructor() { table.push(${value}); } }\nexport const length = new Shelf();`],
  ])('an initialiser elsewhere that changes a table, for the readers of the table: it %s', async (_, code) => {
    const files = (value: number): { [path: string]: string } => ({
      'lib/table.ts': `export const table: number[] = [];\n${code(value)}\n`,
      'lib/loss.ts': `import { table } from './table.ts';\nexport const loss = (x: number) => x * table[0]!;\n`,
      ...edited('lib/score.ts', 'import {', `import * as filled from './table.ts';\nimport {`),
    });
    const withRead = (value: number): { [path: string]: string } => {
      const made = files(value);
      const read = Object.keys({ length: 1, last: 1 }).find((name) => made['lib/table.ts']!.includes(`export const ${name}`))!;
      return { ...made, 'lib/score.ts': made['lib/score.ts']!.replace('? 1 : 0', `? 1 : filled.${read} as number`) };
    };
    const [one, other] = [await fixture(withRead(2)).compile(), await fixture(withRead(3)).compile()];
    expect(one.code.train!.digest).not.toBe(other.code.train!.digest);
    expect(one.code.evaluate!.digest).not.toBe(other.code.evaluate!.digest);
  });

  it('an initialiser that changes only what it makes, for nobody but those who read it', async () => {
    const files = (value: number): { [path: string]: string } => ({
      'lib/table.ts': `export const sizes = [1, 2];
function build(): number[] { const rows = sizes.map((size) => size * ${value}); rows.push(7); const box: { n?: number } = {}; box.n = 1; return rows; }
class Box { size: number; constructor(size: number) { this.size = size; } }
export const length = build().length + new Box(sizes[0]!).size;\n`,
      'lib/loss.ts': `import { sizes } from './table.ts';\nexport const loss = (x: number) => x * sizes[0]!;\n`,
      ...edited('lib/score.ts', 'import {', `import { length } from './table.ts';\nimport {`),
    });
    const read = (value: number): { [path: string]: string } => {
      const made = files(value);
      return { ...made, 'lib/score.ts': made['lib/score.ts']!.replace('? 1 : 0', '? 1 : length') };
    };
    const [one, other] = [await fixture(read(2)).compile(), await fixture(read(3)).compile()];
    expect(one.code.train).toEqual(other.code.train);
    expect(one.code.evaluate!.digest).not.toBe(other.code.evaluate!.digest);
  });

  it('a package that a package needs, however far away, but no optional one', async () => {
    const packages = (version: string, optional: string): { [path: string]: string } => ({
      'node_modules/heavy/package.json': FILES['node_modules/heavy/package.json']!.replace(
        '{',
        '{ "dependencies": { "middle": "*", "@types/node": "*" }, "optionalDependencies": { "native": "*" },',
      ),
      'node_modules/middle/package.json': '{ "name": "middle", "version": "4.0.0", "dependencies": { "deep": "*", "heavy": "*" } }',
      'node_modules/middle/node_modules/deep/package.json': `{ "name": "deep", "version": "${version}" }`,
      'node_modules/deep/package.json': '{ "name": "deep", "version": "9.9.9" }',
      'node_modules/native/package.json': `{ "name": "native", "version": "${optional}" }`,
      'node_modules/@types/node/package.json': `{ "name": "@types/node", "version": "${optional}" }`,
    });
    const made = fixture(packages('1.0.0', '1.0.0'));
    const before = await made.compile();
    made.write(packages('1.0.0', '2.0.0'));
    expect(await made.compile()).toEqual(before);
    made.write(packages('1.0.1', '2.0.0'));
    const after = await made.compile();
    expect(changedParts(before, after, 'train')).toEqual(['npm:deep']);
    expect([before.code.train!.parts['npm:deep'], after.code.train!.parts['npm:deep']]).toEqual(['1.0.0', '1.0.1']);
    expect(after.code.train!.digest).not.toBe(before.code.train!.digest);
    expect(after.code.evaluate).toEqual(before.code.evaluate);
  });

  it('a module imported for its effect', async () => {
    const code = (value: number): { [path: string]: string } => ({
      'lib/patch.ts': `(globalThis as { patch?: number }).patch = ${value};\n`,
      'lib/loss.ts': `import './patch.ts';\n${FILES['lib/loss.ts']!}`,
    });
    const [one, other] = [await fixture(code(2)).compile(), await fixture(code(3)).compile()];
    expect(changedParts(one, other, 'train')).toEqual(['lib/patch.ts#top level']);
    expect(one.code.evaluate).toEqual(other.code.evaluate);
  });

  it('a module that run imports lazily', async () => {
    const code = (value: number): { [path: string]: string } => ({
      'lib/lazy.ts': `const factor = ${value};\nexport const lazy = (x: number) => x * factor;\n`,
      'lib/loss.ts': `export const loss = (x: number) => x;\nexport const slow = async () => (await import('./lazy.ts')).lazy(3);\n`,
      ...edited('lib/nodes.ts', 'loss(params.rate)', 'loss(params.rate) + (await slow())'),
    });
    const withImport = (value: number): { [path: string]: string } => ({
      ...code(value),
      'lib/nodes.ts': code(value)['lib/nodes.ts']!.replace('import { loss }', 'import { loss, slow }'),
    });
    const [one, other] = [await fixture(withImport(2)).compile(), await fixture(withImport(3)).compile()];
    expect(changedParts(one, other, 'train')).toEqual(['lib/lazy.ts#factor']);
    expect(one.code.train!.digest).not.toBe(other.code.train!.digest);
  });

  it.each([
    ['a member of it', `(await import('./lazy.ts')).used(3)`],
    ['names taken out of it', `(async () => { const { used: go } = await import('./lazy.ts'); return go(3); })()`],
    ['names taken out of it when it is there', `import('./lazy.ts').then(({ used }) => used(3))`],
  ])('of a lazily imported module what is asked for: %s', async (_, call) => {
    const code = (used: number, unused: number): { [path: string]: string } => ({
      'lib/lazy.ts': `export const used = (x: number) => x * ${used};\nexport const unused = (x: number) => x * ${unused};\n`,
      'lib/loss.ts': `export const loss = (x: number) => x;\nexport const slow = async () => ${call};\n`,
      'lib/nodes.ts': FILES['lib/nodes.ts']!.replace('import { loss }', 'import { loss, slow }').replace(
        'loss(params.rate)',
        'loss(params.rate) + (await slow())',
      ),
    });
    const [one, same, other] = [
      await fixture(code(2, 3)).compile(),
      await fixture(code(2, 4)).compile(),
      await fixture(code(3, 3)).compile(),
    ];
    expect(same.code).toEqual(one.code);
    expect(changedParts(one, other, 'train')).toEqual(['lib/lazy.ts#used']);
    expect(other.code.train!.digest).not.toBe(one.code.train!.digest);
  });

  it('loops that wire nodes do not count for the nodes of their module', async () => {
    const wired = (rates: string): { [path: string]: string } => ({
      'pipeline.ts': `${DEFINE}${PIPELINE}
import { train } from './lib/nodes.ts';
export const sum = defineNode({ kind: 'sum', inputs: { a: input<{ weight: number }>() }, params: z.object({}), run: async ({ inputs }) => ({ v: inputs.a.weight }) });
const nodes: Record<string, ReturnType<typeof train> | ReturnType<typeof sum>> = {};
for (const rate of ${rates}) nodes['train' + rate] = train({}, { rate });
nodes.sum = sum({ a: nodes.train1 as never });
export default pipeline(nodes);
`,
    });
    const [one, other] = [await fixture(wired('[1, 2]')).compile(), await fixture(wired('[1, 2, 3]')).compile()];
    expect(other.code.sum).toEqual(one.code.sum);
    expect(Object.keys(one.code).sort()).toEqual(['sum', 'train']);
  });
});

describe('parts', () => {
  it('name every declaration and package that a node reaches, and nothing else', async () => {
    const { code } = await original;
    expect(Object.keys(code.train!.parts)).toEqual([
      'lib/loss.ts#loss',
      'lib/maths.ts#STEPS',
      'lib/maths.ts#square',
      'lib/nodes.ts#train',
      'npm:heavy',
      'rolldown',
    ]);
    expect(code.train!.parts['npm:heavy']).toBe('1.2.3');
    expect(Object.keys(code.evaluate!.parts)).toEqual([
      ...['DIGITS', 'Meter', 'even', 'odd', 'rounded'].map((name) => `lib/maths.ts#${name}`),
      'lib/nodes.ts#evaluate',
      'lib/score.ts#score',
      'npm:light',
      'rolldown',
    ]);
  });

  it('call two helpers of one name by the names their authors gave them', async () => {
    const files = {
      'lib/other.ts': 'export const rate = (x: number) => helper(x);\nfunction helper(x: number): number { return x + 7; }\n',
      'lib/loss.ts': `import { rate } from './other.ts';\nfunction helper(x: number): number { return x + 8; }\nexport const loss = (x: number) => helper(rate(x));\n`,
    };
    const { code } = await fixture(files).compile();
    expect(Object.keys(code.train!.parts)).toEqual(expect.arrayContaining(['lib/loss.ts#helper', 'lib/other.ts#helper']));
  });
});

describe('warnings', () => {
  it('name what a node reaches that its digest cannot cover', async () => {
    const files = {
      'lib/noise.ts': `
import { randomUUID } from 'node:crypto';
export const noise = () => Math.random();
export function stamp() { return [Date.now(), new Date(), new Date(7), randomUUID(), process.env.HOME, process.env.SECRET]; }
export const calm = (Math: { random(): number }) => Math.random();
export const quiet = () => Date.now();
`,
      'lib/loss.ts': `import { calm, noise, stamp } from './noise.ts';\nexport const loss = (x: number) => x + noise() + stamp().length + calm({ random: () => 1 });\n`,
      ...edited('lib/nodes.ts', 'seeded: true,', `seeded: true, env: ['HOME'],`),
    };
    const { warnings } = await fixture(files).compile();
    expect(warnings.map((text) => text.split(',')[0])).toEqual([
      'lib/noise.ts: noise uses Math.random',
      'lib/noise.ts: stamp uses Date.now',
      'lib/noise.ts: stamp uses crypto.randomUUID',
      'lib/noise.ts: stamp uses new Date()',
      'lib/noise.ts: stamp uses process.env.SECRET',
    ]);
    expect(warnings[0]).toContain('train');
  });

  it('are silent for a project without impurities', async () => expect((await original).warnings).toEqual([]));
});

/** A random project as data: what each function adds and calls, where it stands, what it is called. */
interface Random {
  readonly functions: readonly {
    readonly adds: number;
    readonly calls: readonly number[];
    readonly module: number;
    readonly name: string;
  }[];
  readonly kinds: readonly (readonly number[])[];
  readonly order: readonly number[];
  readonly remark: string;
}

const [FUNCTIONS, MODULES, KINDS] = [14, 4, 5];

/** Numbers in [0, below) from a linear congruential generator. */
function generator(seed: number): (below: number) => number {
  let state = seed;
  return (below) => {
    state = (state * 1664525 + 1013904223) % 2 ** 32;
    return Math.floor((state / 2 ** 32) * below);
  };
}

function randomProject(draw: (below: number) => number): Random {
  const some = (count: number): number[] => [...new Set(Array.from({ length: draw(count) }, () => draw(FUNCTIONS)))];
  return {
    functions: Array.from({ length: FUNCTIONS }, (_, index) => ({
      adds: draw(1000),
      calls: some(4),
      module: draw(MODULES),
      name: `f${index}`,
    })),
    kinds: Array.from({ length: KINDS }, () => some(4)),
    order: Array.from({ length: FUNCTIONS }, (_, index) => index),
    remark: '',
  };
}

/** Renames, reorders, moves and comments everything: the same code to a reader who looks at what it does. */
function disguise(project: Random, draw: (below: number) => number): Random {
  const order = project.order.map((index) => ({ index, at: draw(1000) })).sort((a, b) => a.at - b.at);
  return {
    functions: project.functions.map((each, index) => ({
      ...each,
      module: draw(MODULES),
      name: `${'abcdefgh'[draw(8)]!}${index}_${draw(9)}`,
    })),
    kinds: project.kinds,
    order: order.map(({ index }) => index),
    remark: `/* ${draw(1000)} */`,
  };
}

function render({ functions, kinds, order, remark }: Random): { [path: string]: string } {
  const files: Record<string, string> = {};
  const calls = (list: readonly number[]): string => list.map((index) => ` + ${functions[index]!.name}(x)`).join('');
  for (let module = 0; module < MODULES; module++) {
    const mine = order.filter((index) => functions[index]!.module === module);
    const needed = new Set(mine.flatMap((index) => functions[index]!.calls).filter((index) => functions[index]!.module !== module));
    const imports = [...needed].map((index) => `import { ${functions[index]!.name} } from './m${functions[index]!.module}.ts';`);
    const bodies = mine.map(
      (index) =>
        `${remark}\nexport function ${functions[index]!.name}(x: number): number { return ${functions[index]!.adds}${calls(functions[index]!.calls)}; }`,
    );
    files[`m${module}.ts`] = [...imports, ...bodies].join('\n');
  }
  const imports = functions.map(({ name, module }) => `import { ${name} } from './m${module}.ts';`).join('\n');
  const definitions = kinds.map(
    (list, kind) =>
      `const k${kind} = defineNode({ kind: 'k${kind}', inputs: {}, params: z.object({}), run: async () => { const x = 1; return { v: 0${calls(list)} }; } });`,
  );
  const handles = kinds.map((_, kind) => `k${kind}: k${kind}({})`).join(', ');
  files['pipeline.ts'] = `${DEFINE}${PIPELINE}${imports}\n${definitions.join('\n')}\nexport default pipeline({ ${handles} });\n`;
  return files;
}

/** The kinds that reach a function, by following calls. */
function kindsThatReach({ functions, kinds }: Random, target: number): string[] {
  return kinds.flatMap((list, kind) => {
    const seen = new Set(list);
    for (const index of seen) for (const next of functions[index]!.calls) seen.add(next);
    return seen.has(target) ? [`k${kind}`] : [];
  });
}

describe('random projects', () => {
  it.each([1, 2, 3, 4])('change exactly the kinds that reach the edited function, under any disguise (seed %i)', async (seed) => {
    const draw = generator(seed);
    const project = randomProject(draw);
    const digests = async (each: Random): Promise<string[]> => {
      const { code } = await fixture(render(each)).compile();
      return each.kinds.map((_, kind) => code[`k${kind}`]!.digest);
    };
    const before = await digests(project);
    expect(await digests(disguise(project, draw))).toEqual(before);
    const target = draw(FUNCTIONS);
    const edit = project.functions.map((each, index) => (index === target ? { ...each, adds: each.adds + 1 } : each));
    const after = await digests(disguise({ ...project, functions: edit }, draw));
    expect(after.flatMap((digest, kind) => (digest === before[kind] ? [] : [`k${kind}`]))).toEqual(kindsThatReach(project, target));
  });
});
