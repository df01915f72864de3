// What a node reads without having declared it is said, with what to write; what it may read is not.
import { expect, test } from 'vitest';
import { testProject } from '../rig.ts';

const PIPELINE = `
import { createReadStream, readFileSync, rmSync, writeFileSync } from 'node:fs';
import * as fs from 'node:fs/promises';
import { execFileSync } from 'node:child_process';
import { defineNode, pipeline, z } from 'kith';
import { fromPackage } from './lib/package.ts';
const text = (path: string) => readFileSync(path, 'utf8');
const variable = (name: string) => process.env[name] ?? '';

const careful = defineNode({ kind: 'careful', inputs: {}, params: z.object({ path: z.string().default('data/declared.txt') }), env: ['DECLARED'],
  files: ({ path }) => [path, 'folder'],
  run: async ({ params, path }) => {
    writeFileSync('scratch.txt', 'mine');
    const own = text('scratch.txt');
    rmSync('scratch.txt');
    execFileSync(process.execPath, ['-e', ''], { env: { ...process.env, MORE: '1' } });
    process.env.SET_HERE_KITH_TEST = '1';
    return { own, all: [text(path(params.path)), text('folder/a/b.txt'), text('package.json'), variable('DECLARED'), variable('HOME'), fromPackage(), variable('SET_HERE_KITH_TEST')] };
  } });
const careless = defineNode({ kind: 'careless', inputs: {}, params: z.object({}), files: () => ['folder'],
  run: async () => {
    const parts: string[] = [text('data/sync.txt'), await fs.readFile('data/promise.txt', 'utf8'), text('folder/.hidden'), variable('SECRET_' + 'ONE')];
    for await (const part of createReadStream(new URL('data/stream.txt', import.meta.url))) parts.push(String(part));
    const handle = await fs.open('data/handle.txt');
    parts.push(await handle.readFile('utf8'));
    await handle.close();
    const { SECRET_TWO } = process.env;
    await fs.readFile('data/absent.txt').catch(() => {});
    return { all: [...parts, SECRET_TWO ?? ''] };
  },
  summarise: () => ({ line: 'read it all', warnings: ['one of its own'] }) });
export default pipeline({ careful: careful(), careless: careless() });
`;

test('undeclared files and variables are warnings of the result that name the node and the fix; what a node may read is silent', async () => {
  const project = testProject({
    'pipeline.ts': PIPELINE,
    'folder/a/b.txt': 'b',
    'folder/.hidden': 'h',
    'lib/package.ts': `export { fromPackage } from 'curious';`,
    'lib/node_modules/curious/package.json': '{ "name": "curious", "version": "1.0.0", "type": "module", "exports": "./main.js" }',
    'lib/node_modules/curious/data.json': '{}',
    'lib/node_modules/curious/main.js': `import { readFileSync } from 'node:fs';
      export const fromPackage = () => [process.env['CURIOUS_' + 'ONE'], readFileSync(new URL('data.json', import.meta.url), 'utf8')].join();`,
    ...Object.fromEntries(['declared', 'sync', 'promise', 'stream', 'handle'].map((name) => [`data/${name}.txt`, name])),
  });
  const first = await project.kith('run');
  for (const path of ['data/sync.txt', 'data/promise.txt', 'data/stream.txt', 'data/handle.txt', 'folder/.hidden'])
    expect(first.stdout).toContain(`! careless: reads ${path}, which its key does not know; declare it: files: () => ['${path}']`);
  for (const name of ['SECRET_ONE', 'SECRET_TWO'])
    expect(first.stdout).toContain(
      `! careless: reads the environment variable ${name}, which its key does not know; declare it: env: ['${name}']`,
    );
  expect(first.stdout).toContain('! careless: one of its own');
  expect(first.stdout.match(/^! .*/gm)).toHaveLength(8);
  const again = await project.kith('run');
  expect(again.stdout).toContain('0 executed, 2 cached');
  expect(again.stdout).toContain('! careless: reads data/sync.txt');
});
