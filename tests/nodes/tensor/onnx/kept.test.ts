// Lowered traces and the self-test's outcome between processes: found again, made again where a file is damaged, never trusted blindly.
import { mkdtempSync, readdirSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import * as tf from '@tensorflow/tfjs-core';
import { afterEach, beforeEach, expect, test } from 'vitest';
import { keptIn } from '../../../../nodes/tensor/onnx/kept.ts';
import { lowerOnce } from '../../../../nodes/tensor/onnx/kept-lowering.ts';
import { lowerPlain } from '../../../../nodes/tensor/onnx/plain.ts';
import { onnxExecutor } from '../../../../nodes/tensor/onnx/session.ts';
import { traceStep } from '../../../../nodes/tensor/trace.ts';
import { compiled, farthest, numbers } from '../parity.ts';

let folder = '';
beforeEach(() => void (folder = mkdtempSync(join(tmpdir(), 'kith-kept-'))));
afterEach(() => rmSync(folder, { recursive: true }));

test('what was put is there for another process, under its name alone', () => {
  keptIn(folder, 4).put('a', Uint8Array.of(1, 2, 3));
  expect(keptIn(folder, 4).get('a')).toEqual(Buffer.of(1, 2, 3));
  expect(keptIn(folder, 4).get('b')).toBeUndefined();
  writeFileSync(join(folder, 'b'), readFileSync(join(folder, 'a')));
  expect(keptIn(folder, 4).get('b')).toBeUndefined();
});

test('a damaged file is a miss, and put anew', () => {
  const kept = keptIn(folder, 4);
  kept.put('a', Uint8Array.of(1, 2, 3));
  for (const damage of [readFileSync(join(folder, 'a')).subarray(0, 34), Buffer.alloc(35), Buffer.alloc(0)]) {
    writeFileSync(join(folder, 'a'), damage);
    expect(kept.get('a')).toBeUndefined();
    kept.put('a', Uint8Array.of(1, 2, 3));
    expect(kept.get('a')).toEqual(Buffer.of(1, 2, 3));
  }
});

test('only so many are kept, and a folder that cannot be written is no error', () => {
  const kept = keptIn(folder, 3);
  for (const name of ['a', 'b', 'c', 'd', 'e']) kept.put(name, Uint8Array.of(1));
  expect(readdirSync(folder)).toHaveLength(3);
  writeFileSync(join(folder, 'file'), '');
  const nowhere = keptIn(join(folder, 'file', 'below'), 3);
  nowhere.put('a', Uint8Array.of(1));
  expect(nowhere.get('a')).toBeUndefined();
});

const step = (factor: number) => (_: object, { x }: { readonly [name: string]: tf.Tensor }) => ({ state: {}, results: { y: tf.mul(x!, factor) } }); // prettier-ignore
const signatures = { state: {}, feeds: { x: { shape: [3], dtype: 'float32' as const } } };

test('a trace is lowered once; another constant, shape or manner is another', () => {
  const kept = keptIn(folder, 8);
  let count = 0;
  const lower = (factor: number, length: number, manner: string): unknown => {
    const trace = traceStep(step(factor), { state: {}, feeds: { x: { shape: [length], dtype: 'float32' } } });
    return lowerOnce(trace, manner, kept, () => {
      count += 1;
      return lowerPlain(trace);
    });
  };
  const first = lower(2, 3, 'plain');
  expect(lower(2, 3, 'plain')).toEqual(first);
  expect(count).toBe(1);
  lower(3, 3, 'plain');
  lower(2, 4, 'plain');
  lower(2, 3, 'blocked');
  lower(Infinity, 3, 'plain');
  lower(-Infinity, 3, 'plain');
  expect(count).toBe(6);
});

test('a program from a kept trace gives the same numbers, and from a damaged one too', async () => {
  const feeds = { x: numbers(1, signatures.feeds.x.shape) };
  const run = async () => (await compiled(step(2), {}, feeds, onnxExecutor('plain', folder))).results;
  const first = await run();
  const [file] = readdirSync(join(folder, 'lowered'));
  expect(farthest(await run(), first)).toBe(0);
  writeFileSync(join(folder, 'lowered', file!), 'nonsense');
  expect(farthest(await run(), first)).toBe(0);
});
