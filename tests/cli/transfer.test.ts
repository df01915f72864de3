// `kith cache export` and `import`, and caches that are moved: results hit elsewhere, and a file that is not sound changes nothing.
import { cpSync, mkdirSync, readdirSync, readFileSync, renameSync, rmSync, statSync, symlinkSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { expect, test } from 'vitest';
import { sha256 } from '../../cache/digest.ts';
import { seal, unseal } from '../../cache/seal.ts';
import { DIAMOND_FILES, FILLER } from '../engine/puppets.ts';
import { executed, testProject, typed, type TestProject } from '../rig.ts';

/** Every file of the cache with its content; nothing where there is no cache. */
function snapshot({ folder }: TestProject): Record<string, string> {
  const cache = join(folder, '.kith');
  if (!statSync(cache, { throwIfNoEntry: false })) return {};
  const files = readdirSync(cache, { recursive: true, encoding: 'utf8' }).filter((name) => statSync(join(cache, name)).isFile());
  return Object.fromEntries(files.map((name) => [name, sha256(readFileSync(join(cache, name)))]));
}

/** A project that has run, and where it exported everything to. */
async function exported(
  files: { readonly [file: string]: string } = { 'pipeline.ts': FILLER },
): Promise<{ project: TestProject; file: string }> {
  const project = testProject(files);
  await typed(project, 'run');
  const file = join(project.folder, 'results.kith');
  expect(await typed(project, 'cache', 'export', file)).toMatchObject({ code: 0, stderr: '' });
  return { project, file };
}

test('what one project exports hits in another with an empty cache, also where a plan looked before; aliases come along', async () => {
  const { file } = await exported(DIAMOND_FILES);
  const other = testProject(DIAMOND_FILES);
  await other.kith('plan');
  const { stdout, code } = await other.kith('cache', 'import', file);
  expect(code).toBe(0);
  expect(stdout).toMatch(/^Imported 4 results, \d+ B\.\n$/);
  const events = await other.events();
  expect(executed(events)).toEqual([]);
  expect(events.filter(({ event }) => event === 'node-cached')).toHaveLength(4);
  expect((await typed(other, 'verify')).stdout).toContain('all of them are sound');
  expect(readdirSync(join(other.folder, '.kith', 'tmp'))).toEqual([]);
});

test('named nodes are exported with what they were made from, and nothing else', async () => {
  const project = testProject(DIAMOND_FILES);
  await typed(project, 'run');
  const { stdout } = await typed(project, 'cache', 'export', 'b.kith', 'b', '--json');
  expect(JSON.parse(stdout)).toMatchObject({ results: 2, missing: [] });
  const other = testProject(DIAMOND_FILES);
  await typed(other, 'cache', 'import', join(project.folder, 'b.kith'));
  expect(executed(await other.events()).sort()).toEqual(['c', 'd']);
});

test('what is there already stays: records, and a file of the same name; what is not there cannot be exported', async () => {
  const { project, file } = await exported();
  const before = snapshot(project);
  expect((await typed(project, 'cache', 'import', file)).stdout).toBe('Imported 0 results, 0 B; 2 were here already.\n');
  expect({ ...snapshot(project), size: '' }).toEqual({ ...before, size: '' });
  expect(await typed(project, 'cache', 'export', file)).toMatchObject({ code: 2, stderr: expect.stringContaining('is there already') });
  expect(await typed(project, 'cache', 'export', 'z', 'z')).toMatchObject({ code: 2 });
  const empty = testProject({ 'pipeline.ts': FILLER });
  expect(await typed(empty, 'cache', 'export', 'x')).toMatchObject({ code: 2, stderr: expect.stringContaining('There is no result') });
  expect(readdirSync(project.folder).filter((name) => name.endsWith('.partial'))).toEqual([]);
});

test('a damaged blob is not exported, and leaves no file', async () => {
  const project = testProject({ 'pipeline.ts': FILLER });
  await typed(project, 'run');
  const shelves = join(project.folder, '.kith', 'cas');
  const [largest] = readdirSync(shelves, { recursive: true, encoding: 'utf8' }).filter(
    (name) => statSync(join(shelves, name)).size === 200_000 && statSync(join(shelves, name)).isFile(),
  );
  const bytes = readFileSync(join(shelves, largest!));
  bytes[77]! ^= 1;
  writeFileSync(join(shelves, largest!), bytes);
  expect(await typed(project, 'cache', 'export', 'x.kith')).toMatchObject({ code: 2, stderr: expect.stringContaining('kith verify') });
  expect(readdirSync(project.folder).filter((name) => name.startsWith('x.kith'))).toEqual([]);
});

/** The file with another index, as somebody would forge it who knows the form. */
function forged(file: Buffer, change: (index: { records: Record<string, unknown>[]; aliases: unknown[] }) => void): Buffer {
  const head = file.subarray(0, file.indexOf('\n') + 1);
  const length = Number(/index of (\d+)/.exec(head.toString())![1]);
  const index = unseal('index', file.subarray(head.length, head.length + length)) as Parameters<typeof change>[0];
  change(index);
  const sealed = seal('index', index);
  return Buffer.concat([
    Buffer.from(head.toString().replace(/index of \d+/, `index of ${sealed.length}`)),
    sealed,
    file.subarray(head.length + length),
  ]);
}

test('a file that is foreign, newer, cut, longer, flipped anywhere or forged is refused with a sentence, and changes nothing', async () => {
  const { file } = await exported();
  const sound = readFileSync(file);
  const other = testProject({ 'pipeline.ts': FILLER });
  const bad = join(other.folder, 'bad.kith');
  const flipped = (at: number): Buffer => {
    const copy = Buffer.from(sound);
    copy[at]! ^= 4;
    return copy;
  };
  const blob = { digest: 'ab'.repeat(32), bytes: 1 };
  const cases: readonly (readonly [string, Buffer, RegExp])[] = [
    ['empty', Buffer.alloc(0), /none that kith cache export made/],
    ['foreign', Buffer.from('PK\u0003\u0004 something else\n'), /none that kith cache export made/],
    ['newer', Buffer.from(sound.toString('latin1').replace('format 1 (1)', 'format 2 (2)'), 'latin1'), /newer version of Kith \(format 2/],
    ['flipped format', Buffer.from(sound.toString('latin1').replace('format 1 (1)', 'format 3 (1)'), 'latin1'), /damaged/],
    ['huge index', Buffer.from(sound.toString('latin1').replace(/index of \d+/, 'index of 999999999'), 'latin1'), /index is longer/],
    ['cut', sound.subarray(0, -1), /damaged: it has/],
    ['longer', Buffer.concat([sound, Buffer.of(0)]), /damaged: it has/],
    ...[200, 900, sound.length - 100_000, sound.length - 1].map((at) => [`flipped at ${at}`, flipped(at), /damaged/] as const),
    ['key of a path', forged(sound, ({ records }) => void (records[0]!['key'] = '../../../../tmp/a')), /none of this version/],
    [
      'digest of a path',
      forged(sound, ({ records }) => void ((records[0]!['blobs'] as object[])[0] = { digest: '../x', bytes: 1 })),
      /none of this version/,
    ],
    ['huge blob', forged(sound, ({ records }) => void ((records[0]!['blobs'] as { bytes: number }[])[0]!.bytes = 2 ** 50)), /damaged/],
    ['one blob more', forged(sound, ({ records }) => void (records[0]!['blobs'] as object[]).push(blob)), /miscounts/],
    ['schema', forged(sound, ({ records }) => void (records[0]!['schema'] = 9)), /none of this version/],
    ['name that commands a terminal', forged(sound, ({ records }) => void (records[0]!['node'] = '\u001b[2J')), /none of this version/],
    ['alias to nowhere', forged(sound, ({ aliases }) => void aliases.push(['ab'.repeat(16), 'cd'.repeat(16)])), /alias/],
    ['alias of a path', forged(sound, ({ records, aliases }) => void aliases.push(['../a', records[0]!['key']])), /alias/],
    ['another artifact', forged(sound, ({ records }) => void (records[1]!['artifact'] = records[0]!['artifact'])), /damaged/],
    ['no index', forged(sound, (index) => void Object.assign(index, { records: 3 })), /cannot be read/],
  ];
  for (const [what, content, sentence] of cases) {
    writeFileSync(bad, content);
    const { code, stderr } = await typed(other, 'cache', 'import', bad);
    expect(code, what).toBe(2);
    expect(stderr, what).toMatch(sentence);
    expect(stderr, what).not.toMatch(/\n\s+at /);
    expect(snapshot(other), what).toEqual({});
  }
  writeFileSync(bad, sound);
  expect((await typed(other, 'cache', 'import', bad)).code).toBe(0);
});

test('a folder or nothing in the place of the file is refused; a cache that leads elsewhere takes nothing', async () => {
  const { file } = await exported();
  const other = testProject({ 'pipeline.ts': FILLER });
  for (const name of ['nothing', '.']) expect((await typed(other, 'cache', 'import', name)).code, name).toBe(2);
  mkdirSync(join(other.folder, '.kith'));
  mkdirSync(join(other.folder, 'elsewhere'));
  symlinkSync('../elsewhere', join(other.folder, '.kith', 'cas'));
  expect(await typed(other, 'cache', 'import', file)).toMatchObject({ code: 2, stderr: expect.stringContaining('symbolic link') });
  expect(readdirSync(join(other.folder, 'elsewhere'))).toEqual([]);
});

test('a cache that is copied to another folder still hits, and so does a project that is renamed', async () => {
  const project = testProject(DIAMOND_FILES);
  await typed(project, 'run');
  const copied = testProject(DIAMOND_FILES);
  cpSync(join(project.folder, '.kith'), join(copied.folder, '.kith'), { recursive: true });
  expect(executed(await copied.events())).toEqual([]);
  const [from, to] = [project.folder, `${project.folder}-moved`];
  renameSync(from, to);
  try {
    const { stdout } = await typed({ folder: to }, 'run', '--json');
    expect(JSON.parse(stdout.trim().split('\n').at(-1)!)).toMatchObject({ executed: 0, cached: 4 });
  } finally {
    rmSync(to, { recursive: true, force: true });
  }
});
