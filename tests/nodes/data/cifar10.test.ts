import { mkdtemp, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { cifar10 } from '../../../nodes/data/cifar10.ts';
import { runNode } from '../run-node.ts';

const ROW = 3073;
let folder = '';

/** Images whose red, green and blue at pixel p are p, p+1, p+2 (mod 256). */
const batch = (labels: readonly number[]): Uint8Array => {
  const bytes = new Uint8Array(labels.length * ROW);
  labels.forEach((label, row) => {
    bytes[row * ROW] = label;
    for (let channel = 0; channel < 3; channel++)
      for (let p = 0; p < 1024; p++) bytes[row * ROW + 1 + channel * 1024 + p] = p + channel + row;
  });
  return bytes;
};

beforeAll(async () => {
  folder = await mkdtemp(join(tmpdir(), 'kith-cifar-'));
  for (let i = 1; i <= 5; i++) await writeFile(join(folder, `data_batch_${i}.bin`), batch([0, i, 0, 9]));
  await writeFile(join(folder, 'test_batch.bin'), batch([3]));
});
afterAll(() => rm(folder, { recursive: true }));

describe('the reader of CIFAR-10', () => {
  it('reads the five training files in order, and makes pixels of planes', async () => {
    const { artifact, progress } = await runNode(cifar10, {}, { path: folder });
    expect(artifact.pixels.shape).toEqual([20, 32, 32, 3]);
    expect([...artifact.labels!.data.subarray(0, 8)]).toEqual([0, 1, 0, 9, 0, 2, 0, 9]);
    expect([...artifact.pixels.data.subarray(0, 6)]).toEqual([0, 1, 2, 1, 2, 3]);
    expect([...artifact.pixels.data.subarray(3072, 3075)]).toEqual([1, 2, 3]);
    expect(artifact.classes![9]).toBe('truck');
    expect(progress.at(-1)).toMatchObject({ done: 5, total: 5 });
  });

  it('reads the test file where it is asked for, and declares just the files it reads', async () => {
    const { artifact } = await runNode(cifar10, {}, { path: folder, split: 'test' });
    expect([...artifact.labels!.data]).toEqual([3]);
    expect(cifar10.definition.files!(cifar10.definition.params.parse({ path: 'x', split: 'test' }))).toEqual(['x/test_batch.bin']);
  });

  it('takes an even sample of the classes', async () => {
    const { artifact } = await runNode(cifar10, {}, { path: folder, limit: 9 });
    expect(artifact.labels!.data).toHaveLength(9);
    expect([...artifact.labels!.data].filter((label) => label === 9)).toHaveLength(2);
  });

  it('says how much of a truncated file is there', async () => {
    await writeFile(join(folder, 'test_batch.bin'), batch([3, 4]).subarray(0, ROW + 10));
    await expect(runNode(cifar10, {}, { path: folder, split: 'test' })).rejects.toMatchObject({
      headline: expect.stringMatching(/test_batch.bin is not a whole CIFAR-10 file/),
      detail: { facts: ['It has 3,083 bytes: 1 image of 3,073 bytes and 10 bytes over.'] },
    });
  });

  it('refuses a file whose classes are no classes', async () => {
    await writeFile(join(folder, 'test_batch.bin'), batch([3, 77]));
    await expect(runNode(cifar10, {}, { path: folder, split: 'test' })).rejects.toMatchObject({
      detail: { facts: ['Image 1 has the class 77; classes are 0–9.'] },
    });
  });

  it('says where to get the files that are missing', async () => {
    await expect(runNode(cifar10, {}, { path: join(folder, 'none') })).rejects.toMatchObject({
      headline: expect.stringMatching(/is not there/),
      detail: { hint: expect.stringMatching(/cs\.toronto\.edu/) },
    });
  });
});
