// What `--device webgpu` says where it does not run; that it runs right is shown by `npm run test:webgpu`.
import { expect, test } from 'vitest';
import { lookAt } from '../../../../nodes/tensor/choose.ts';
import { adapterHere, findAdapter } from '../../../../nodes/tensor/onnx/adapter.ts';
import { webgpuExecutor } from '../../../../nodes/tensor/onnx/webgpu.ts';

const imitated = { name: 'SwiftShader', software: true, memory: 2 ** 31 };

test('an adapter is found with its name and memory, or there is a reason', async () => {
  const found = findAdapter();
  if (typeof found !== 'string') {
    expect(found).toEqual({ name: expect.stringMatching(/./), software: expect.any(Boolean), memory: expect.any(Number) });
  } else {
    await expect(lookAt('webgpu')).rejects.toMatchObject({ headline: 'The device "webgpu" is not here.', detail: { facts: [found] } });
  }
  expect(findAdapter('linux', 'arm64')).toBe('onnxruntime-node has no WebGPU kernels for linux on arm64');
});

test('a software adapter is refused by name, unless it was asked for', () => {
  expect(() => adapterHere({}, imitated)).toThrow(/adapter, SwiftShader, computes on the processor[^]*KITH_WEBGPU_SOFTWARE=1/);
  expect(adapterHere({ KITH_WEBGPU_SOFTWARE: '1' }, imitated)).toBe(imitated);
});

test('a GPU is taken as it is', () => {
  const gpu = { name: 'GeForce', software: false, memory: 2 ** 33 };
  expect(webgpuExecutor(adapterHere({}, gpu))).toMatchObject({
    name: 'webgpu',
    version: expect.stringMatching(/^onnxruntime-node \d.* on GeForce$/),
  });
});
