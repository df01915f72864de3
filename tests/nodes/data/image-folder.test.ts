import { mkdir, mkdtemp, readFile, rm, symlink, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { dirname, join } from 'node:path';
import sharp, { type Sharp } from 'sharp';
import { afterEach, beforeEach, describe, expect, it } from 'vitest';
import { imageFolder } from '../../../nodes/data/image-folder.ts';
import { runNode, type Ran } from '../run-node.ts';
import type { Images } from '../../../nodes/artifacts.ts';

let folder = '';
beforeEach(async () => void (folder = await mkdtemp(join(tmpdir(), 'kith-folder-'))));
afterEach(() => rm(folder, { recursive: true }));

type Colour = { readonly r: number; readonly g: number; readonly b: number; readonly alpha?: number };
const RED = { r: 200, g: 10, b: 30 };
const plain = (background: Colour, width = 16, height = 16): Sharp =>
  sharp({ create: { width, height, channels: background.alpha === undefined ? 3 : 4, background } });
const put = async (name: string, image: Sharp | Uint8Array): Promise<void> => {
  const path = join(folder, name);
  await mkdir(dirname(path), { recursive: true });
  if (image instanceof Uint8Array) await writeFile(path, image);
  else await image.toFile(path);
};
const read = (params: Omit<Parameters<typeof imageFolder>[1] & object, 'path'> = {}): Promise<Ran<Images>> =>
  runNode(imageFolder, {}, { path: folder, size: 8, ...params });
const pixel = ({ pixels }: Images, image: number, y: number, x: number): number[] => {
  const [, height = 0, width = 0, channels = 0] = pixels.shape;
  const at = ((image * height + y) * width + x) * channels;
  return [...pixels.data.subarray(at, at + channels)];
};

describe('a folder of images', () => {
  it('is read in the order of its paths, whatever the formats', async () => {
    await put('b.png', plain(RED));
    await put('a.webp', plain(RED).webp({ lossless: true }));
    await put('c.jpg', plain(RED).jpeg({ quality: 100, chromaSubsampling: '4:4:4' }));
    await put('d.gif', plain(RED));
    await put('e.tiff', plain(RED));
    await put('f.avif', plain(RED).avif({ lossless: true }));
    await put('notes.txt', Buffer.from('not an image'));
    const { artifact, progress } = await read();
    expect(artifact.names).toEqual(['a.webp', 'b.png', 'c.jpg', 'd.gif', 'e.tiff', 'f.avif']);
    expect(artifact.pixels.shape).toEqual([6, 8, 8, 3]);
    expect(artifact.labels).toBeUndefined();
    expect(artifact.unread).toEqual([]);
    for (let i = 0; i < 6; i++)
      pixel(artifact, i, 4, 4).forEach((value, c) => expect(Math.abs(value - [200, 10, 30][c]!)).toBeLessThanOrEqual(4));
    expect(progress.at(-1)).toEqual({ done: 6, total: 6, unit: 'image' });
  });

  it('gives labels from class folders, sorted by name', async () => {
    for (const name of ['dog/1.png', 'cat/2.png', 'cat/deep/1.png', 'dog/3.png']) await put(name, plain(RED));
    const { artifact } = await read();
    expect(artifact.names).toEqual(['cat/2.png', 'cat/deep/1.png', 'dog/1.png', 'dog/3.png']);
    expect(artifact.classes).toEqual(['cat', 'dog']);
    expect([...artifact.labels!.data]).toEqual([0, 0, 1, 1]);
    expect((await read({ labels: 'none' })).artifact.labels).toBeUndefined();
  });

  it('has no labels where images lie beside the folders, unless folders were asked for', async () => {
    for (const name of ['cat/1.png', 'dog/1.png', 'loose.png']) await put(name, plain(RED));
    const { artifact, log } = await read();
    expect(artifact.labels).toBeUndefined();
    expect(log).toEqual(['1 image lies outside of folders: reading without labels.']);
    await expect(read({ labels: 'folders' })).rejects.toMatchObject({
      headline: 'The images do not all lie in class folders.',
      detail: { facts: ['1 image lies outside, e.g. loose.png.'] },
    });
  });

  it('lists a broken file and leaves it out', async () => {
    await put('cat/1.png', plain(RED));
    await put('dog/2.png', plain(RED));
    await put('dog/text.jpg', Buffer.from('this is no image'));
    const noise = Buffer.from(Array.from({ length: 64 * 64 * 3 }, (_, i) => (i * i * 31) % 251));
    const whole = await sharp(noise, { raw: { width: 64, height: 64, channels: 3 } })
      .jpeg()
      .toBuffer();
    await put('dog/half.jpg', whole.subarray(0, whole.length / 2));
    await put('old.bmp', Buffer.from('BM'));
    const { artifact } = await read();
    expect(artifact.names).toEqual(['cat/1.png', 'dog/2.png']);
    expect([...artifact.labels!.data]).toEqual([0, 1]);
    expect(artifact.unread).toHaveLength(3);
    expect(artifact.unread[0]).toMatch(/^dog\/half\.jpg: .*\.$/);
    expect(artifact.unread[1]).toMatch(/^dog\/text\.jpg: .*unsupported image format\.$/);
    expect(artifact.unread[2]).toBe('old.bmp: this format is not read; convert it to PNG or JPEG.');
    expect(imageFolder.definition.summarise!(artifact)).toMatchObject({
      line: '2 images of 8×8, colour, 2 classes',
      warnings: [expect.stringMatching(/^3 files were left out\. dog\/half\.jpg/)],
    });
  });

  it('fails where no image can be read, and where there is none', async () => {
    await put('a.jpg', Buffer.from('nothing'));
    await expect(read()).rejects.toMatchObject({
      headline: expect.stringMatching(/^None of the 1 image in/),
      detail: { facts: [expect.stringMatching(/^a\.jpg/)] },
    });
    await rm(join(folder, 'a.jpg'));
    await put('a.txt', Buffer.from('nothing'));
    await expect(read()).rejects.toMatchObject({
      headline: expect.stringMatching(/^There are no readable images/),
      detail: { facts: ['It holds 0 images of other formats and 1 other file.'] },
    });
    await expect(read({ split: 'nowhere' })).rejects.toMatchObject({ headline: expect.stringMatching(/nowhere is not there/) });
  });

  it('scales until the square is covered and cuts the centre out', async () => {
    const stripes = Buffer.alloc(48 * 16 * 3);
    for (let y = 0; y < 16; y++) for (let x = 16; x < 32; x++) stripes.fill(255, (y * 48 + x) * 3, (y * 48 + x) * 3 + 3);
    await put('wide.png', sharp(stripes, { raw: { width: 48, height: 16, channels: 3 } }));
    const { artifact } = await read({ size: 16 });
    expect(artifact.pixels.data.every((value) => value === 255)).toBe(true);
  });

  it('turns images as their EXIF data says', async () => {
    const left = Buffer.alloc(16 * 16 * 3);
    for (let y = 0; y < 16; y++) left.fill(255, y * 48, y * 48 + 24);
    await put('turned.png', sharp(left, { raw: { width: 16, height: 16, channels: 3 } }).withMetadata({ orientation: 6 }));
    const { artifact } = await read({ size: 16, channels: 1 });
    expect([pixel(artifact, 0, 1, 1), pixel(artifact, 0, 1, 14), pixel(artifact, 0, 14, 1)]).toEqual([[255], [255], [0]]);
  });

  it('puts transparent parts on white, turns 16 bits into 8, grey into colour and colour into grey', async () => {
    await put('1-clear.png', plain({ ...RED, alpha: 0 }));
    const grey16 = Uint16Array.from({ length: 256 }, () => 0x8080);
    await put('2-deep.png', sharp(grey16, { raw: { width: 16, height: 16, channels: 1 } }).toColourspace('grey16'));
    const rgb16 = Uint16Array.from({ length: 768 }, (_, i) => [0xffff, 0x8080, 0][i % 3]!);
    await put('3-deep.png', sharp(rgb16, { raw: { width: 16, height: 16, channels: 3 } }).toColourspace('rgb16'));
    await put('4-grey.png', plain({ r: 90, g: 90, b: 90 }).toColourspace('b-w'));
    expect((await sharp(await readFile(join(folder, '2-deep.png'))).metadata()).depth).toBe('ushort');
    const { artifact } = await read();
    expect(pixel(artifact, 0, 3, 3)).toEqual([255, 255, 255]);
    expect(pixel(artifact, 1, 3, 3)).toEqual([128, 128, 128]);
    expect(pixel(artifact, 2, 3, 3)).toEqual([255, 128, 0]);
    expect(pixel(artifact, 3, 3, 3)).toEqual([90, 90, 90]);
    const grey = (await read({ channels: 1 })).artifact;
    expect(grey.pixels.shape).toEqual([4, 8, 8, 1]);
    expect(pixel(grey, 3, 3, 3)).toEqual([90]);
    expect(pixel(grey, 1, 3, 3)).toEqual([128]);
  });

  it('takes an even sample, the same each time', async () => {
    for (const [name, count] of [
      ['a', 9],
      ['b', 3],
      ['c', 6],
    ] as const)
      for (let i = 0; i < count; i++) await put(`${name}/${i}.png`, plain(RED, 8, 8));
    const { artifact } = await read({ limit: 9 });
    expect(artifact.names).toEqual(['a/0.png', 'a/3.png', 'a/6.png', 'b/0.png', 'b/1.png', 'b/2.png', 'c/0.png', 'c/2.png', 'c/4.png']);
  });

  it('reads the training part of a divided folder, and another part where it is asked for', async () => {
    for (const name of ['train/cat/1.png', 'train/dog/1.png', 'test/cat/2.png', 'test/dog/2.png']) await put(name, plain(RED));
    const { artifact, log } = await read();
    expect(artifact.names).toEqual(['cat/1.png', 'dog/1.png']);
    expect(log[0]).toMatch(/is divided into test, train: reading train/);
    expect((await read({ split: 'test' })).artifact.names).toEqual(['cat/2.png', 'dog/2.png']);
    expect(imageFolder.definition.files!(imageFolder.definition.params.parse({ path: 'photos', split: 'test' }))).toEqual(['photos/test']);
  });

  it('skips hidden names and does not follow links in circles', async () => {
    for (const name of ['a/1.png', 'b/1.png', '.git/x.png', '__MACOSX/y.png', 'a/._1.png']) await put(name, plain(RED));
    await symlink(folder, join(folder, 'a', 'loop'));
    expect((await read()).artifact.names).toEqual(['a/1.png', 'b/1.png']);
  });

  it('stops when it is cancelled', async () => {
    await put('a.png', plain(RED));
    const signal = AbortSignal.abort(new Error('stop'));
    await expect(runNode(imageFolder, {}, { path: folder }, { signal })).rejects.toThrow('stop');
  });
});
