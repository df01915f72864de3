import { existsSync } from 'node:fs';
import { expect, test } from 'vitest';
import { chooseExecutor } from '../../../nodes/tensor/choose.ts';
import { examine, type Missing, type Report, type Working } from '../../../nodes/tensor/doctor.ts';
import { testProject } from '../../rig.ts';

const positive = (figures: readonly number[]): void => {
  for (const figure of figures) {
    expect(Number.isFinite(figure)).toBe(true);
    expect(figure).toBeGreaterThan(0);
  }
};

/** Whether TensorFlow's addon loads here. */
const hasAddon = await chooseExecutor('tfjs').then(
  () => true,
  () => false,
);

test('the ONNX executor works, with the speeds of this moment; names of one executor are one row', async () => {
  const report = await examine(2, async () => 1000);
  const onnx = report.executors.find(({ devices }) => devices.includes('onnx')) as Working;
  expect(onnx).toMatchObject({ works: true, devices: ['onnx', 'cpu'], images: 1000 });
  expect(onnx.version).toMatch(/^onnxruntime-node \d+\.\d+/);
  expect(onnx.lowering).toMatch(/^(blocks of (8|16) channels|plain)/);
  expect(existsSync(onnx.found)).toBe(true);
  positive([onnx.gigaflops, onnx.gigabytes, report.memory, report.threads]);
});

test.skipIf(hasAddon)("a missing device has its reasons, and a command that gets it (skipped where TensorFlow's addon is)", async () => {
  const { executors, auto, better } = await examine(1, async () => 1000);
  const tfjs = executors.find(({ devices }) => devices.includes('tfjs')) as Missing;
  expect(tfjs.works).toBe(false);
  expect(tfjs.reasons.join()).toContain('@tensorflow/tfjs-node-gpu: ');
  expect(auto).toEqual({ device: 'onnx', why: 'the only executor that works here' });
  expect(better!.command).toBe('npm install @tensorflow/tfjs-node-gpu');
});

test('an executor that fails in the middle is a row with the reason, not the end of the report', async () => {
  const { executors, auto } = await examine(1, async () => {
    throw new Error('out of luck');
  });
  expect(executors.find(({ devices }) => devices.includes('onnx'))).toEqual({
    works: false,
    devices: ['onnx', 'cpu'],
    reasons: ['out of luck'],
  });
  expect(auto.device).toBe('onnx');
});

test('kith doctor --json prints the report, images a second of the default encoder included, without a pipeline', async () => {
  const { stdout, code } = await testProject({}).kith('doctor', '--json');
  expect(code).toBe(0);
  const { executors } = JSON.parse(stdout) as Report;
  const { images, gigaflops, gigabytes } = executors.find(({ devices }) => devices.includes('onnx')) as Working;
  positive([images, gigaflops, gigabytes]);
});
