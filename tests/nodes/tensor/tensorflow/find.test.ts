import { chmodSync, mkdirSync, utimesSync, writeFileSync } from 'node:fs';
import { dirname, join } from 'node:path';
import { describe, expect, test } from 'vitest';
import { findTensorflow, setUp } from '../../../../nodes/tensor/tensorflow/find.ts';
import { librariesIn, libraryNames } from '../../../../nodes/tensor/tensorflow/library-files.ts';
import { userCacheFolder } from '../../../../nodes/tensor/user-cache.ts';
import { temporaryFolder } from '../../../rig.ts';

const { framework, libraries } = libraryNames();
const [wheelLibrary, packageLibrary] = [libraries[0]!, libraries.at(-1)!];

/** A file of an empty object with all folders above it. */
function touch(...parts: string[]): string {
  const path = join(...parts);
  mkdirSync(dirname(path), { recursive: true });
  writeFileSync(path, '{}');
  return path;
}

function libraryAt(folder: string, library = wheelLibrary): string {
  touch(folder, framework);
  touch(folder, library);
  return folder;
}

/** A machine with nothing on it: no Python, an empty cache, a project without packages. */
function bareMachine() {
  const folder = temporaryFolder();
  const [bin, cache, project] = ['bin', 'cache', 'project'].map((name) => join(folder, name)) as [string, string, string];
  for (const made of [bin, cache, project]) mkdirSync(made);
  return { environment: { PATH: bin, XDG_CACHE_HOME: cache } as NodeJS.ProcessEnv, bin, setup: join(cache, 'kith', 'tensorflow'), project };
}

/** A Python that knows a module tensorflow in `folder` (none where it is empty), and that fails where it is asked to import it. */
function fakePython(bin: string, folder: string): void {
  const path = join(bin, 'python3');
  writeFileSync(path, `#!/bin/sh\ncase "$2" in *"import tensorflow"*) exit 1;; *find_spec*) echo "${folder}";; esac\n`);
  chmodSync(path, 0o755);
}

const reasonsOf = async (environment: NodeJS.ProcessEnv, project: string): Promise<readonly string[]> =>
  findTensorflow(environment, [project]).then(
    () => [],
    (error: { detail: { facts: readonly string[] } }) => error.detail.facts,
  );

describe('TensorFlow is looked for', () => {
  test('in the folder that KITH_TENSORFLOW names, before everything else', async () => {
    const { environment, setup, project } = bareMachine();
    libraryAt(join(setup, '2.21.0-cpu', 'tensorflow'));
    const folder = libraryAt(join(project, 'mine'));
    expect(await findTensorflow({ ...environment, KITH_TENSORFLOW: folder }, [project])).toEqual({
      source: 'KITH_TENSORFLOW',
      folder,
      framework: join(folder, framework),
      library: join(folder, wheelLibrary),
    });
  });

  test('in the folder that kith setup filled, before node_modules; the last that was set up is used', async () => {
    const { environment, setup, project } = bareMachine();
    libraryAt(join(project, 'node_modules', '@tensorflow', 'tfjs-node', 'deps', 'lib'), packageLibrary);
    const older = libraryAt(join(setup, '2.21.0-cpu', 'tensorflow'));
    const newer = libraryAt(join(setup, '2.20.0-cpu', 'tensorflow'));
    libraryAt(join(setup, '.2.22.0-cpu.part', 'tensorflow'));
    utimesSync(dirname(older), 1, 1);
    expect(await findTensorflow(environment, [project])).toMatchObject({ source: 'kith setup', folder: newer });
    expect(setUp(environment).map(({ name }) => name)).toEqual(['2.20.0-cpu', '2.21.0-cpu']);
  });

  test.each(['@tensorflow/tfjs-node-gpu', '@tensorflow/tfjs-node'])('in deps/lib of %s', async (name) => {
    const { environment, project } = bareMachine();
    touch(project, 'node_modules', name, 'package.json');
    const folder = libraryAt(join(project, 'node_modules', name, 'deps', 'lib'), packageLibrary);
    expect(await findTensorflow(environment, [project])).toEqual({
      source: 'tfjs-node',
      folder,
      framework: join(folder, framework),
      library: join(folder, packageLibrary),
    });
  });

  test("in the user's Python, which is asked for the module's folder and imports nothing", async () => {
    const { environment, bin, project } = bareMachine();
    const folder = libraryAt(join(project, 'site-packages', 'tensorflow'));
    fakePython(bin, folder);
    expect(await findTensorflow(environment, [project])).toMatchObject({ source: 'Python', folder });
  });
});

describe('where there is none', () => {
  test('each place says why', async () => {
    const { environment, setup, project } = bareMachine();
    await expect(findTensorflow(environment, [project])).rejects.toMatchObject({
      headline: 'No TensorFlow library was found.',
      detail: {
        facts: [
          'KITH_TENSORFLOW is not set',
          `kith setup: nothing in ${setup}`,
          'tfjs-node: neither @tensorflow/tfjs-node-gpu nor @tensorflow/tfjs-node is installed',
          'Python: there is no python3 on the PATH',
        ],
        hint: expect.stringContaining('kith setup') as string,
      },
    });
  });

  test('a KITH_TENSORFLOW without the libraries is not replaced by another', async () => {
    const { environment, setup, project } = bareMachine();
    libraryAt(join(setup, '2.21.0-cpu', 'tensorflow'));
    touch(project, 'mine', framework);
    const reasons = await reasonsOf({ ...environment, KITH_TENSORFLOW: join(project, 'mine') }, project);
    expect(reasons).toHaveLength(1);
    expect(reasons[0]).toMatch(/^KITH_TENSORFLOW is .*mine, which has no .*libtensorflow_cc/);
  });

  test('a tfjs-node whose download did not work is told from one that is not there', async () => {
    const { environment, project } = bareMachine();
    touch(project, 'node_modules', '@tensorflow', 'tfjs-node-gpu', 'package.json');
    expect((await reasonsOf(environment, project))[2]).toMatch(/tfjs-node-gpu.deps.lib; its download did not work$/);
  });

  test('a Python without the module, with a module without libraries, and one that fails are told apart', async () => {
    const { environment, bin, project } = bareMachine();
    fakePython(bin, '');
    expect((await reasonsOf(environment, project))[3]).toBe('Python: python3 has no module tensorflow');
    fakePython(bin, '/nowhere/tensorflow');
    expect((await reasonsOf(environment, project))[3]).toContain('no C API in /nowhere/tensorflow');
    writeFileSync(join(bin, 'python3'), '#!/bin/sh\nexit 3\n');
    expect((await reasonsOf(environment, project))[3]).toMatch(/^Python: python3 did not answer/);
  });
});

test('a folder may be the libraries’ own, or one that holds tensorflow/, lib/ or deps/lib/', () => {
  for (const inside of ['', 'tensorflow', 'lib', 'deps/lib']) {
    const folder = temporaryFolder();
    libraryAt(join(folder, inside), packageLibrary);
    expect(librariesIn(folder)?.library).toBe(join(folder, inside, packageLibrary));
  }
  const half = temporaryFolder();
  touch(half, packageLibrary);
  expect(librariesIn(half)).toBeUndefined();
});

test('the libraries have the names of their system', () => {
  expect(libraryNames('linux').libraries).toEqual(['libtensorflow_cc.so.2', 'libtensorflow.so.2']);
  expect(libraryNames('darwin')).toEqual({
    framework: 'libtensorflow_framework.2.dylib',
    libraries: ['libtensorflow_cc.2.dylib', 'libtensorflow.2.dylib'],
  });
  const folder = temporaryFolder();
  touch(folder, 'libtensorflow_framework.2.dylib');
  touch(folder, 'libtensorflow_cc.2.dylib');
  expect(librariesIn(folder, 'darwin')?.library).toBe(join(folder, 'libtensorflow_cc.2.dylib'));
  expect(librariesIn(folder, 'linux')).toBeUndefined();
});

test("the user's cache directory is the system's", () => {
  const home = { HOME: '/home/kim' };
  expect(userCacheFolder(home, 'linux')).toBe('/home/kim/.cache/kith');
  expect(userCacheFolder({ ...home, XDG_CACHE_HOME: '/big/cache' }, 'linux')).toBe('/big/cache/kith');
  expect(userCacheFolder({ ...home, XDG_CACHE_HOME: 'relative' }, 'linux')).toBe('/home/kim/.cache/kith');
  expect(userCacheFolder(home, 'darwin')).toBe('/home/kim/Library/Caches/kith');
  expect(userCacheFolder({ ...home, LOCALAPPDATA: '/home/kim/Local' }, 'win32')).toBe('/home/kim/Local/kith/Cache');
});
