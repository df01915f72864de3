// Scripts that V8 keeps compiled.
import { copyFileSync, mkdirSync, readdirSync, readFileSync, renameSync, rmSync, statSync, utimesSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { expect, test } from 'vitest';
import { loadScript } from '../../engine/script.ts';
import { temporaryFolder, testProject } from '../rig.ts';

const scriptOf = (text: string) => {
  const file = join(temporaryFolder(), 'script.cjs');
  writeFileSync(file, text);
  const kept = (): string[] => readdirSync(join(file, '..', 'compiled'));
  return { file, kept, load: () => loadScript(file, 'test') };
};

test('a script exports what it exports, requires by its own place, and imports by the function that it is handed', async () => {
  const { load } = scriptOf(`module.exports = { sep: require('node:path').sep, here: __dirname, later: () => dynamicImport('x') };`);
  const { sep, here, later } = load().run(async (specifier) => `${specifier} was imported`) as {
    sep: string;
    here: string;
    later: () => Promise<string>;
  };
  expect([sep, readdirSync(here), await later()]).toEqual(['/', ['script.cjs'], 'x was imported']);
});

test('a script that was kept runs as it did, and is not kept twice', () => {
  const { load, kept, file } = scriptOf(`module.exports = [1, 2, 3].map((value) => value * 2);`);
  const first = load();
  expect(first.run()).toEqual([2, 4, 6]);
  first.keep();
  const [name] = kept();
  const bytes = readFileSync(join(file, '..', 'compiled', name!));
  const second = load();
  expect(second.run()).toEqual([2, 4, 6]);
  second.keep();
  expect(kept()).toEqual([name]);
  expect(readFileSync(join(file, '..', 'compiled', name!))).toEqual(bytes);
});

test('what was kept of another file of the same length is not run', () => {
  const { load, file } = scriptOf('module.exports = 1;');
  const first = load();
  first.run();
  first.keep();
  writeFileSync(file, 'module.exports = 2;');
  utimesSync(file, 1, 1);
  expect(load().run()).toBe(2);
});

test('a kept form that is damaged or foreign, or a folder that cannot be made, costs time only', () => {
  const { load, kept, file } = scriptOf('module.exports = 1;');
  const first = load();
  first.run();
  first.keep();
  const [name] = kept();
  const sound = readFileSync(join(file, '..', 'compiled', name!));
  const flipped = Array.from({ length: 50 }, (_, at) => Buffer.from(sound).fill(sound[at * 7]! ^ 4, at * 7, at * 7 + 1));
  for (const bytes of [Buffer.alloc(0), Buffer.alloc(100), sound.subarray(0, 60), ...flipped]) {
    writeFileSync(join(file, '..', 'compiled', name!), bytes);
    expect(load().run()).toBe(1);
  }
  const { load: other, file: otherFile } = scriptOf('module.exports = 3;');
  writeFileSync(join(otherFile, '..', 'compiled'), 'no folder');
  const script = other();
  expect(script.run()).toBe(3);
  expect(() => script.keep()).not.toThrow();
});

test('where a folder stands in the place of the kept form, nothing is left beside it', () => {
  const { load, kept, file } = scriptOf('module.exports = 4;');
  const first = load();
  first.run();
  first.keep();
  const [name] = kept();
  const place = join(file, '..', 'compiled', name!);
  rmSync(place);
  mkdirSync(join(place, 'inside'), { recursive: true });
  const script = load();
  expect(script.run()).toBe(4);
  script.keep();
  expect(kept()).toEqual([name]);
});

test('one flipped bit anywhere in a kept form is noticed, and so is a form that came with a copy of the script', () => {
  const { load, kept, file } = scriptOf('module.exports = [1, 2, 3].map((value) => value * 2).join();');
  const first = load();
  first.run();
  first.keep();
  const path = join(file, '..', 'compiled', kept()[0]!);
  const form = readFileSync(path);
  for (let at = 0; at < form.length; at += 5) {
    const flipped = Buffer.from(form);
    flipped[at]! ^= 1 << (at % 8);
    writeFileSync(path, flipped);
    expect(load().run()).toBe('2,4,6');
    load().keep();
    expect(readFileSync(path).equals(flipped), `byte ${at}`).toBe(false);
  }
  writeFileSync(path, form);
  const { mtime } = statSync(file);
  copyFileSync(file, `${file}.copy`);
  renameSync(`${file}.copy`, file);
  utimesSync(file, mtime, mtime);
  const copied = load();
  copied.keep();
  expect(readFileSync(path).equals(form)).toBe(false);
});

test('a pipeline that awaits at its top stays a module; another is kept compiled', async () => {
  const nodes = `import { defineNode, pipeline, z } from 'kith';
export const one = defineNode({ kind: 'one', inputs: {}, params: z.object({ value: z.number() }), run: async ({ params }) => ({ ...params }) });`;
  const project = testProject({
    'plain.ts': `${nodes}\nexport default pipeline({ one: one({}, { value: 1 }) });`,
    'awaiting.ts': `${nodes}\nexport default pipeline({ one: one({}, { value: await Promise.resolve(2) }) });`,
  });
  mkdirSync(join(project.folder, '.kith'));
  for (const file of ['plain.ts', 'awaiting.ts'])
    for (const state of ['executed', 'cached']) {
      const events = await project.events(file);
      expect(events.at(-1)!['nodes'], file).toMatchObject({ one: { state } });
    }
  const compiled = readdirSync(join(project.folder, '.kith', 'compiled'), { recursive: true, encoding: 'utf8' });
  expect(compiled.filter((name) => name.endsWith('plan.mjs'))).toHaveLength(2);
  expect(compiled.filter((name) => name.endsWith('plan.cjs'))).toHaveLength(1);
  expect(compiled.filter((name) => /compiled\/plan-v/.test(name))).toHaveLength(1);
});
