import { existsSync, readdirSync } from 'node:fs';
import { afterEach, beforeEach, describe, expect, test, vi } from 'vitest';
import { DEVICES } from '../../../nodes/tensor/choose.ts';
import { diagnose, type Diagnosis, examine, type Measurements, type Report, type Working } from '../../../nodes/tensor/doctor.ts';
import { measuredHere, rememberMeasured, thisMachine } from '../../../nodes/tensor/measured.ts';
import { distanceOfGradients } from '../../../nodes/training/agreement.ts';
import { temporaryFolder, testProject } from '../../rig.ts';

let cache: string;
beforeEach(() => {
  cache = temporaryFolder();
  vi.stubEnv('XDG_CACHE_HOME', cache);
});
afterEach(() => vi.unstubAllEnvs());

const given = (images: number): Measurements => ({ pace: async () => images, distance: async () => 1e-6 });
const onnxIn = ({ devices }: Report): Diagnosis => devices.find(({ device }) => device === 'onnx')!;

function positive(figures: readonly number[]): void {
  for (const figure of figures) {
    expect(Number.isFinite(figure)).toBe(true);
    expect(figure).toBeGreaterThan(0);
  }
}

test('the ONNX executor works, with the speeds of this moment, which are remembered', async () => {
  const onnx = (await diagnose('onnx', 2, given(1000))) as Working;
  expect(onnx).toMatchObject({ works: true, device: 'onnx', images: 1000 });
  expect(onnx.version).toMatch(/^onnxruntime-node \d+\.\d+/);
  expect(onnx.how).toMatch(/^(blocks of (8|16) channels|plain)/);
  expect(existsSync(onnx.found)).toBe(true);
  expect(onnx.distance).toBeUndefined();
  positive([onnx.gigaflops, onnx.gigabytes]);
  expect(measuredHere()).toMatchObject([{ device: 'onnx', images: 1000, stamp: onnx.version }]);
});

test('what fails in the middle is a row with the reason, and what was remembered of it is forgotten', async () => {
  rememberMeasured({ machine: thisMachine(), device: 'onnx', stamp: '', images: 1000 });
  const failing: Measurements = {
    pace: async () => {
      throw new Error('out of luck');
    },
    distance: async () => 0,
  };
  expect(await diagnose('onnx', 1, failing)).toEqual({ works: false, device: 'onnx', reasons: ['out of luck'] });
  expect(measuredHere()).toEqual([]);
});

test('the report has a row for every device; what is absent is not measured, and has its reasons', async () => {
  const measured: string[] = [];
  const report = await examine(2, async (device) => {
    measured.push(device);
    return { works: true, device, version: 'v', found: '/', how: '', gigaflops: 1, gigabytes: 1, images: 1 };
  });
  expect(report.devices.map(({ device }) => device)).toEqual([...DEVICES]);
  expect(measured).toContain('onnx');
  for (const row of report.devices) expect(row.works || row.reasons.length > 0).toBe(true);
  expect(report.auto.device).toBe('onnx');
  positive([report.memory, report.threads]);
});

describe('gradients', () => {
  test('of one device are the same twice', async () => {
    expect(await distanceOfGradients({ device: 'onnx', threads: 1 }, { device: 'onnx', threads: 1 })).toBe(0);
  });
});

describe.skipIf(!process.env['KITH_TENSORFLOW'])('where KITH_TENSORFLOW names a library (skipped where it is not set)', () => {
  test('both libraries live in one process, and their gradients agree', async () => {
    expect(await distanceOfGradients({ device: 'tensorflow', threads: 1 }, { device: 'onnx', threads: 1 })).toBeLessThan(1e-5);
  });

  test('a device whose gradients are wrong does not work', async () => {
    expect(await diagnose('tensorflow', 1, { ...given(1000), distance: async () => 0.5 })).toEqual({
      works: false,
      device: 'tensorflow',
      reasons: ["its gradients are wrong: they differ from onnx's by 5.0e-1"],
    });
    expect(measuredHere()).toEqual([]);
  });
});

test('kith doctor --json prints the report, images a second of the default encoder included, without a pipeline; auto remembers', async () => {
  const project = testProject({}, { XDG_CACHE_HOME: cache, KITH_TENSORFLOW: '', PATH: '' });
  const { stdout, code } = await project.kith('doctor', '--json');
  expect(code).toBe(0);
  const report = JSON.parse(stdout) as Report;
  const { images, gigaflops, gigabytes } = onnxIn(report) as Working;
  positive([images, gigaflops, gigabytes]);
  expect(report.auto.deviceReason).not.toContain('not measured');
  // ONNX Runtime's telemetry would leave its own folder.
  expect(readdirSync(cache)).toEqual(['kith']);
});

test('kith doctor --device measures one; an unknown one ends with exit code 2', async () => {
  const project = testProject({}, { XDG_CACHE_HOME: cache });
  expect(await project.kith('doctor', '--device', 'onxx')).toMatchObject({
    code: 2,
    stderr: expect.stringContaining('Did you mean "onnx"?') as string,
  });
});
