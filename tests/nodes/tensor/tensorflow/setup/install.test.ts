import { existsSync, mkdirSync, readdirSync, readFileSync, rmSync, symlinkSync, truncateSync, writeFileSync } from 'node:fs';
import { dirname, join } from 'node:path';
import { describe, expect, test } from 'vitest';
import { setUp } from '../../../../../nodes/tensor/tensorflow/find.ts';
import { libraryNames } from '../../../../../nodes/tensor/tensorflow/library-files.ts';
import { downloads, listInstalled, prefer, removeInstalled } from '../../../../../nodes/tensor/tensorflow/setup/installed.ts';
import { installFrom, installOffer } from '../../../../../nodes/tensor/tensorflow/setup/install.ts';
import { findPip } from '../../../../../nodes/tensor/tensorflow/setup/pip.ts';
import type { Offer } from '../../../../../nodes/tensor/tensorflow/setup/wheels.ts';
import { fakeLibrary, fakePip, machine, type Machine, pin, program, serve, sha256, tensorflowFiles, wheelOf } from './fakes.ts';

const { framework, libraries } = libraryNames();
const FILE = 'tensorflow_cpu-2.21.0-cp311-cp311-manylinux_2_27_x86_64.whl';
const CUDA = 'nvidia_cublas_cu12-12.9.3.13-py3-none-manylinux_2_27_x86_64.whl';
const WHEEL = wheelOf(tensorflowFiles());
const CUDA_WHEEL = wheelOf({
  'nvidia/cublas/lib/libcublas.so.12': Buffer.from('cublas'),
  'nvidia/cublas/include/cublas.h': Buffer.from('/**/'),
});

const offer: Offer = { name: '2.21.0-cpu', title: 'TensorFlow 2.21.0 for the CPU', wheels: [pin(FILE, WHEEL)] };
const install = (on: Machine, what = offer): Promise<string> => installOffer(what, () => findPip(on.environment, what.wheels[0]!), on);
const installed = (on: Machine, name = '2.21.0-cpu'): string[] =>
  readdirSync(join(on.root, name), { recursive: true, encoding: 'utf8' }).filter((file) => /lib|\.(py|h)$/.test(file.split('/').at(-1)!));
const onDisk = (content: Uint8Array, on: Machine, file = FILE): string => {
  const path = join(dirname(on.bin), 'wheels', file);
  mkdirSync(dirname(path), { recursive: true });
  writeFileSync(path, content);
  return path;
};

describe('from the index', () => {
  test('pip says where the wheel is; the two libraries are taken out of it, and nothing else stays', async () => {
    const on = machine();
    const { url } = await serve({ [FILE]: WHEEL });
    fakePip(on, { links: [`${url}/simple/other.whl`, `${url}/files/${FILE}`] });
    expect(await install(on)).toBe('2.21.0-cpu');
    expect(installed(on).sort()).toEqual([join('tensorflow', libraries[0]!), join('tensorflow', framework)].sort());
    expect(readFileSync(join(on.root, '2.21.0-cpu', 'tensorflow', libraries[0]!))).toEqual(fakeLibrary('library'));
    expect(readdirSync(downloads(on.root))).toEqual([]);
    expect(on.steps.filter(({ doing }) => doing === 'Downloading').at(-1)).toMatchObject({ done: WHEEL.length, total: WHEEL.length });
    expect(on.calls()[1]).toMatch(
      /--no-deps .*--python-version 3.11 --abi cp311 --platform manylinux_2_27_x86_64 .*tensorflow-cpu==2.21.0/,
    );
  });

  test('half a download is gone on with', async () => {
    const on = machine();
    const { url, asked } = await serve({ [FILE]: WHEEL });
    fakePip(on, { links: [`${url}/${FILE}`] });
    mkdirSync(downloads(on.root), { recursive: true });
    writeFileSync(join(downloads(on.root), `${FILE}.part`), WHEEL.subarray(0, 100));
    await install(on);
    expect(asked).toEqual(['bytes=100-']);
  });

  test.each([
    ['says no link', [], {}],
    ['names a file of this machine', [`file:///opt/wheels/${FILE}`], {}],
    ['alone knows the password', [`http://user:****@127.0.0.1:1/${FILE}`], {}],
    ['alone knows the proxy', [`http://127.0.0.1:1/${FILE}`], { HTTPS_PROXY: 'http://proxy' }],
  ])('where pip %s, pip fetches the wheel', async (_, links, environment) => {
    const on = machine();
    fakePip(on, { links, wheels: dirname(onDisk(WHEEL, on)) });
    expect(await install({ ...on, environment: { ...on.environment, ...environment } })).toBe('2.21.0-cpu');
    expect(installed(on)).toHaveLength(2);
  });

  test('of several wheels those that were taken are not fetched again, and CUDA comes beside TensorFlow', async () => {
    const on = machine();
    const both: Offer = { name: '2.21.0-cuda', title: '', wheels: [pin(FILE, WHEEL), pin(CUDA, CUDA_WHEEL)] };
    const first = await serve({ [FILE]: WHEEL });
    fakePip(on, { links: [`${first.url}/${FILE}`] });
    await expect(install(on, both)).rejects.toThrow(`pip could not download ${CUDA}`);
    const second = await serve({ [CUDA]: CUDA_WHEEL });
    fakePip(on, { links: [`${second.url}/${CUDA}`] });
    expect(await install(on, both)).toBe('2.21.0-cuda');
    expect(installed(on, '2.21.0-cuda')).toContain(join('nvidia', 'cublas', 'lib', 'libcublas.so.12'));
    expect(installed(on, '2.21.0-cuda').join()).not.toContain('cublas.h');
    expect(second.asked).toHaveLength(1);
  });
});

describe('what goes wrong is a sentence', () => {
  test('no pip', async () => {
    const on = machine();
    program(on, 'python3', 'echo "No module named pip" >&2; exit 1');
    await expect(install(on)).rejects.toMatchObject({
      headline: 'There is no pip here, and pip is what downloads TensorFlow.',
      detail: {
        facts: ['python3 -m pip: No module named pip', 'python -m pip: not found', 'pip3: not found', 'pip: not found'],
        hint: expect.stringContaining(`kith setup --from ${FILE}`) as string,
      },
    });
  });

  test('an index without the wheel, in the words of pip', async () => {
    const on = machine();
    fakePip(on, {});
    await expect(install(on)).rejects.toThrow(/pip could not download .*\nERROR: No matching distribution found\n.*pip config list/);
  });

  test('a wrong checksum; the file does not stay', async () => {
    const on = machine();
    const other = Buffer.from(WHEEL).fill(7, 100, 110);
    const { url } = await serve({ [FILE]: other });
    fakePip(on, { links: [`${url}/${FILE}`] });
    await expect(install(on)).rejects.toThrow(
      new RegExp(`its checksum is wrong[^]*expected SHA-256 ${sha256(WHEEL)}\nfound ${sha256(other)}`),
    );
    expect(readdirSync(downloads(on.root))).toEqual([]);
    expect(listInstalled(on.root).installed).toEqual([]);
  });

  test('no space, before anything is asked or fetched', async () => {
    const on = machine();
    fakePip(on, {});
    await expect(install({ ...on, free: async () => 100 })).rejects.toThrow(
      /^There is no room for TensorFlow: \S+ kB are needed, 100 B are free\./,
    );
    expect(on.calls()).toEqual(['']);
    expect(existsSync(on.root)).toBe(false);
  });
});

describe('from what the user has', () => {
  test('a wheel', async () => {
    const on = machine();
    const path = onDisk(WHEEL, on, 'tensorflow-2.20.0-cp312-cp312-linux_x86_64.whl');
    expect(await installFrom(path, on)).toBe('2.20.0-own');
    expect(listInstalled(on.root).installed).toMatchObject([{ name: '2.20.0-own', title: 'TensorFlow 2.20.0', from: path, works: true }]);
    expect(existsSync(path)).toBe(true);
  });

  test('a wheel whose checksum Kith knows', async () => {
    const on = machine();
    await expect(installFrom(onDisk(WHEEL, on), on)).rejects.toThrow('its checksum is wrong');
  });

  test.each(['', 'lib'])('a folder with the libraries, at its /%s, which is linked to', async (inside) => {
    const on = machine();
    const folder = join(dirname(on.bin), 'mine');
    mkdirSync(join(folder, inside), { recursive: true });
    for (const file of [framework, `${libraries.at(-1)!}.real`]) writeFileSync(join(folder, inside, file), fakeLibrary());
    symlinkSync(`${libraries.at(-1)!}.real`, join(folder, inside, libraries.at(-1)!));
    expect(await installFrom(folder, on)).toBe('own');
    expect(listInstalled(on.root).installed).toMatchObject([{ title: 'TensorFlow of an unknown version', from: folder, works: true }]);
    rmSync(folder, { recursive: true });
    expect(listInstalled(on.root).installed).toMatchObject([{ works: false }]);
  });

  test('a Python environment, whose own Python is asked; the version is that of the package', async () => {
    const on = machine();
    const environment = join(dirname(on.bin), 'venv');
    const packages = join(environment, 'lib', 'python3.12', 'site-packages');
    for (const [file, bytes] of Object.entries(tensorflowFiles())) {
      mkdirSync(dirname(join(packages, file)), { recursive: true });
      writeFileSync(join(packages, file), bytes);
    }
    mkdirSync(join(packages, 'tensorflow_cpu-2.19.1.dist-info'));
    mkdirSync(join(environment, 'bin'));
    program({ ...on, bin: join(environment, 'bin') }, 'python3', `echo ${join(packages, 'tensorflow')}`);
    expect(await installFrom(environment, on)).toBe('2.19.1-own');
    expect(listInstalled(on.root).installed).toMatchObject([{ title: 'TensorFlow 2.19.1', works: true }]);
  });

  const otherArch = process.arch === 'x64' ? 'arm64' : 'x64';
  const library = `tensorflow/${libraries[0]!}`;

  test.each([
    ['that is too old', 'tensorflow_cpu-2.4.1-cp38-cp38-linux_x86_64.whl', WHEEL, 'TensorFlow 2.4.1 is too old: Kith needs 2.9 or newer.'],
    [
      'for another processor',
      'tensorflow-2.20.0-x.whl',
      wheelOf(tensorflowFiles(otherArch)),
      `is for another machine: ${process.platform}-${otherArch}; this is`,
    ],
    ['that is cut off', 'tensorflow-2.20.0-x.whl', WHEEL.subarray(0, 500), 'is damaged.'],
    [
      'with other bytes than it says',
      'tensorflow-2.20.0-x.whl',
      wheelOf(tensorflowFiles(), { [library]: 'AAAA' }),
      `${library} has not the digest`,
    ],
    [
      'of something else',
      'numpy-2.4.6-x.whl',
      wheelOf({ 'numpy/__init__.py': Buffer.alloc(1) }),
      'There is no TensorFlow library in numpy-2.4.6-x.whl',
    ],
  ])('not a wheel %s', async (_, file, content, sentence) => {
    const on = machine();
    await expect(installFrom(onDisk(content, on, file), on)).rejects.toThrow(sentence);
    expect(listInstalled(on.root).installed).toEqual([]);
  });

  test('not a folder without libraries, with those of another processor or with a text, nor what is not there', async () => {
    const on = machine();
    const folder = join(dirname(on.bin), 'mine');
    await expect(installFrom(folder, on)).rejects.toMatchObject({
      headline: `There is no ${folder} to take TensorFlow from.`,
      detail: { exitCode: 2 },
    });
    mkdirSync(folder);
    await expect(installFrom(folder, on)).rejects.toThrow(/There is no TensorFlow library in .*\nit is no Python environment/);
    for (const file of [framework, libraries[0]!]) writeFileSync(join(folder, file), fakeLibrary('', otherArch));
    await expect(installFrom(folder, on)).rejects.toThrow(`${framework} is for another machine`);
    writeFileSync(join(folder, framework), 'import tensorflow');
    await expect(installFrom(folder, on)).rejects.toThrow(`${framework} is no shared library.`);
  });
});

describe('what is there', () => {
  test('is the one that was set up last, or the one that was asked for again', async () => {
    const on = machine();
    const environment = { XDG_CACHE_HOME: dirname(dirname(on.root)) };
    const here = { ...on, root: join(dirname(dirname(on.root)), 'kith', 'tensorflow') };
    await installFrom(onDisk(WHEEL, on, 'tensorflow-2.20.0-x.whl'), here);
    await installFrom(onDisk(WHEEL, on, 'tensorflow-2.19.0-x.whl'), here);
    expect(setUp(environment).map(({ name }) => name)).toEqual(['2.19.0-own', '2.20.0-own']);
    prefer(here.root, '2.20.0-own');
    expect(setUp(environment)[0]!.name).toBe('2.20.0-own');
  });

  test('is replaced as a whole, and removed by name or altogether, half downloads included', async () => {
    const on = machine();
    const path = onDisk(WHEEL, on, 'tensorflow-2.20.0-x.whl');
    for (let i = 0; i < 2; i++) await installFrom(path, on);
    await installFrom(onDisk(WHEEL, on, 'tensorflow-2.19.0-x.whl'), on);
    mkdirSync(downloads(on.root));
    writeFileSync(join(downloads(on.root), 'half.whl.part'), 'half');
    truncateSync(join(downloads(on.root), 'half.whl.part'), 1000);
    expect(listInstalled(on.root)).toMatchObject({ unfinished: 1000 });
    expect(removeInstalled(on.root, '2.20.0-own')).toBeGreaterThan(100);
    expect(listInstalled(on.root).installed.map(({ name }) => name)).toEqual(['2.19.0-own']);
    expect(removeInstalled(on.root)).toBeGreaterThan(1000);
    expect(existsSync(on.root)).toBe(false);
  });
});
