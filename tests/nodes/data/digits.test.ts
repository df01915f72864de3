import { mkdtemp, readFile, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { gunzipSync, gzipSync } from 'node:zlib';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { digits } from '../../../nodes/data/digits.ts';
import { runNode } from '../run-node.ts';

const FILE = 'examples/data/digits.csv.gz';
let folder = '';
beforeAll(async () => void (folder = await mkdtemp(join(tmpdir(), 'kith-digits-'))));
afterAll(() => rm(folder, { recursive: true }));

const read = async (content: Uint8Array): Promise<unknown> => {
  await writeFile(join(folder, 'digits.gz'), content);
  return runNode(digits, {}, { path: join(folder, 'digits.gz') });
};
const LINE = `${new Array(64).fill(16).join(',')},7`;

describe('the reader of digits', () => {
  it('reads the 1,797 digits that come with the package', async () => {
    const { artifact } = await runNode(digits, {}, {});
    expect(artifact.pixels.shape).toEqual([1797, 8, 8, 1]);
    const sizes = new Int32Array(10);
    for (const label of artifact.labels!.data) sizes[label]!++;
    expect([...sizes]).toEqual([178, 182, 177, 183, 181, 182, 181, 179, 174, 180]);
    expect(artifact.classes).toEqual(['0', '1', '2', '3', '4', '5', '6', '7', '8', '9']);
    expect(digits.definition.summarise!(artifact)).toEqual({ metrics: { images: 1797 }, line: '1,797 images of 8×8, grey, 10 classes' });
  });

  it('scales pixels to 0–255 so that every value of the file comes back exactly', async () => {
    const { artifact } = await runNode(digits, {}, {});
    const lines = gunzipSync(await readFile(FILE))
      .toString()
      .trim()
      .split('\n');
    const back = Array.from(artifact.pixels.data, (pixel) => Math.round((pixel * 16) / 255));
    expect(back).toEqual(lines.flatMap((line) => line.split(',').slice(0, 64).map(Number)));
    expect(Math.max(...artifact.pixels.data)).toBe(255);
  });

  it('declares the file, so that the engine hashes it', () => {
    expect(digits.definition.files!(digits.definition.params.parse({}))).toEqual(['kith:examples/data/digits.csv.gz']);
  });

  it('says that a truncated file ends too early', async () => {
    const whole = await readFile(FILE);
    await expect(read(whole.subarray(0, 30_000))).rejects.toMatchObject({
      headline: expect.stringMatching(/cannot be read: the file ends too early/),
    });
  });

  it('says that a damaged file is damaged', async () => {
    const damaged = Buffer.from(await readFile(FILE));
    damaged.fill(0x55, 20_000, 20_100);
    await expect(read(damaged)).rejects.toMatchObject({ headline: expect.stringMatching(/is damaged or not gzipped/) });
    await expect(read(Buffer.from('plain text'))).rejects.toMatchObject({ name: 'KithError' });
  });

  it('names the line that has too few columns', async () => {
    await expect(read(gzipSync(`${LINE}\n1,2,3\n`))).rejects.toMatchObject({ detail: { facts: ['Line 2 has 3 values, not 65.'] } });
  });

  it('names the value that is out of range', async () => {
    const line = LINE.replace('16', '17');
    await expect(read(gzipSync(`${LINE}\n${line}\n`))).rejects.toMatchObject({
      detail: { facts: ['Line 2, value 1: "17" is not an integer of 0–16.'] },
    });
    await expect(read(gzipSync(LINE.replace(/7$/, 'x')))).rejects.toMatchObject({
      detail: { facts: ['Line 1, value 65: "x" is not an integer of 0–9.'] },
    });
  });

  it('says that a file is empty or missing', async () => {
    await expect(read(gzipSync(''))).rejects.toMatchObject({ headline: expect.stringMatching(/no digits/) });
    await expect(runNode(digits, {}, { path: join(folder, 'nowhere') })).rejects.toMatchObject({
      headline: expect.stringMatching(/is not there/),
    });
  });
});
