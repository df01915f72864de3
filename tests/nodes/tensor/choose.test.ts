import { existsSync, mkdirSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { afterEach, beforeEach, describe, expect, test, vi } from 'vitest';
import { chooseDevice, chooseExecutor, DEVICES, lookAt } from '../../../nodes/tensor/choose.ts';
import { fastestOf, measuredHere, rememberMeasured, thisMachine } from '../../../nodes/tensor/measured.ts';
import { temporaryFolder } from '../../rig.ts';

let cache: string;
beforeEach(() => {
  cache = temporaryFolder();
  vi.stubEnv('XDG_CACHE_HOME', cache);
});
afterEach(() => vi.unstubAllEnvs());

const machine = thisMachine();
const { stamp } = await lookAt('onnx');
/** Whether TensorFlow's addon is installed here. */
const hasAddon = await lookAt('tfjs').then(
  () => true,
  () => false,
);

describe('auto', () => {
  test('is what every machine has, until something was measured', async () => {
    expect(await chooseDevice()).toEqual({ device: 'onnx', deviceReason: 'not measured yet; kith doctor does' });
    expect((await chooseExecutor('auto')).name).toBe('onnx');
  });

  test('is the fastest of what was measured on this machine and is as it was', async () => {
    rememberMeasured({ machine, device: 'onnx', stamp, images: 1000 });
    expect(await chooseDevice('auto')).toEqual({ device: 'onnx', deviceReason: 'the only one that kith doctor found' });
    rememberMeasured({ machine: 'another, 64 threads', device: 'tfjs', stamp: 'any', images: 1e6 });
    rememberMeasured({ machine, device: 'abacus', stamp: 'any', images: 1e6 });
    expect(await chooseDevice('auto')).toMatchObject({ device: 'onnx', deviceReason: 'the only one that kith doctor found' });
  });

  test('passes over a faster one that is gone or has changed, and says so', async () => {
    rememberMeasured({ machine, device: 'onnx', stamp, images: 1000 });
    rememberMeasured({ machine, device: 'tfjs', stamp: '@tensorflow/tfjs-node-gpu 0.0.0', images: 2000 });
    expect(await chooseDevice('auto')).toEqual({ device: 'onnx', deviceReason: 'tfjs changed since kith doctor measured' });
  });

  test('is the first of the ladder among those that are about as fast: figures are of a moment', () => {
    const speeds = (onnx: number, tfjs: number) =>
      Object.entries({ tfjs, onnx }).map(([device, images]) => ({ machine, device, stamp: '', images }));
    expect(fastestOf(speeds(1000, 1040), DEVICES)).toBe('onnx');
    expect(fastestOf(speeds(1000, 1060), DEVICES)).toBe('tfjs');
    expect(fastestOf([], DEVICES)).toBeUndefined();
  });

  test('is never a GPU that the processor imitates', async () => {
    rememberMeasured({ machine, device: 'onnx', stamp, images: 1000, software: true });
    expect((await chooseDevice('auto')).deviceReason).toBe('not measured yet; kith doctor does');
  });
});

describe('a device that was asked for', () => {
  test('is looked at, not loaded', async () => {
    expect(await chooseDevice('onnx')).toEqual({ device: 'onnx' });
  });

  test.skipIf(hasAddon)(
    'is never replaced: where it is not here, it is a sentence and exit code 2 (skipped where the addon is installed)',
    async () => {
      rememberMeasured({ machine, device: 'onnx', stamp, images: 1000 });
      await expect(chooseDevice('tfjs')).rejects.toMatchObject({
        headline: 'The device "tfjs" is not here.',
        detail: {
          facts: ['neither @tensorflow/tfjs-node-gpu nor @tensorflow/tfjs-node is installed'],
          hint: 'npm install @tensorflow/tfjs-node-gpu',
          exitCode: 2,
        },
      });
    },
  );

  test('is loaded by its name', async () => {
    const { name, version } = await chooseExecutor('onnx');
    expect(name).toBe('onnx');
    expect(version).toMatch(/^onnxruntime-node \d/);
    const tfjs = await chooseExecutor('tfjs').then(({ name }) => name, (error: Error) => error.message); // prettier-ignore
    expect(tfjs).toMatch(/^tfjs$|"tfjs" does not work here/);
  });

  test('that is unknown is told what there is', async () => {
    await expect(chooseDevice('onxx')).rejects.toMatchObject({
      headline: 'There is no device "onxx".',
      detail: { hint: 'Did you mean "onnx"?', exitCode: 2 },
    });
    await expect(chooseDevice('cuda')).rejects.toThrow(
      /auto +the fastest that kith doctor measured here\nonnx +ONNX Runtime on the processor/,
    );
    await expect(chooseExecutor('toString')).rejects.toThrow(/no device/);
    expect(DEVICES).not.toContain('auto');
  });
});

describe('what was measured', () => {
  test('is forgotten where the device does not work any more', () => {
    rememberMeasured({ machine, device: 'onnx', stamp, images: 1000 });
    rememberMeasured({ machine, device: 'tfjs', stamp: 'x', images: 2000 });
    expect(measuredHere().map(({ device }) => device)).toEqual(['tfjs', 'onnx']);
    rememberMeasured({ machine, device: 'tfjs' });
    expect(measuredHere().map(({ device }) => device)).toEqual(['onnx']);
  });

  test('counts for nothing where the file is damaged or of another Kith, and is then written anew', () => {
    mkdirSync(join(cache, 'kith'));
    for (const content of ['{', '{ "schema": 2, "measured": [{}] }']) {
      writeFileSync(join(cache, 'kith', 'speeds.json'), content);
      expect(measuredHere()).toEqual([]);
    }
    rememberMeasured({ machine, device: 'onnx', stamp, images: 1000 });
    expect(measuredHere()).toHaveLength(1);
  });

  test('is not kept, and no error, where the cache cannot be written', () => {
    vi.stubEnv('XDG_CACHE_HOME', '/dev/null');
    rememberMeasured({ machine, device: 'onnx', stamp, images: 1000 });
    expect(measuredHere()).toEqual([]);
    expect(existsSync('/dev/null/kith')).toBe(false);
  });
});
