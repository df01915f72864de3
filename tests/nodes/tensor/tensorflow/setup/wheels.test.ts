import { expect, test } from 'vitest';
import { findGpus } from '../../../../../nodes/tensor/tensorflow/setup/gpu.ts';
import { chooseOffer, sizeOf, tagsOf } from '../../../../../nodes/tensor/tensorflow/setup/wheels.ts';
import { machine, program } from './fakes.ts';

const hopper = { name: 'NVIDIA H100', capability: 9, memory: 80e9 };
const blackwell = { name: 'NVIDIA B200', capability: 10, memory: 180e9 };

test('the CPU wheel is for machines without an NVIDIA GPU', () => {
  const { offer, why } = chooseOffer('linux-x64', []);
  expect(offer).toMatchObject({ name: '2.21.0-cpu', wheels: [{ bytes: 273_829_956 }] });
  expect(why).toBe('no NVIDIA GPU was found');
  expect(sizeOf(offer)).toMatchObject({ download: 273_829_956, disk: 853_308_936 });
});

test('the CUDA wheels are for machines with one, unless TensorFlow has no kernels for it', () => {
  const { offer, why } = chooseOffer('linux-x64', [blackwell, hopper]);
  expect(offer.name).toBe('2.21.0-cuda');
  expect(why).toBe('for the NVIDIA H100');
  expect(offer.wheels.map(({ file }) => file.split('-')[0])).toContain('nvidia_cudnn_cu12');
  expect(chooseOffer('linux-x64', [blackwell])).toMatchObject({
    offer: { name: '2.21.0-cpu' },
    why: 'TensorFlow 2.21.0 has no kernels for the NVIDIA B200',
  });
  expect(chooseOffer('linux-arm64', [hopper]).offer.name).toBe('2.21.0-cpu');
});

test('every checksum is a SHA-256, and no two wheels share one', () => {
  const wheels = ['linux-x64', 'linux-arm64', 'darwin-arm64'].flatMap((system) => [
    ...chooseOffer(system, []).offer.wheels,
    ...(system === 'linux-x64' ? chooseOffer(system, [hopper]).offer.wheels : []),
  ]);
  for (const { sha256 } of wheels) expect(sha256).toMatch(/^[0-9a-f]{64}$/);
  expect(new Set(wheels.map(({ sha256 }) => sha256)).size).toBe(wheels.length);
});

test('other systems are told what there is', () => {
  expect(() => chooseOffer('win32-x64', [])).toThrow(
    /no TensorFlow for win32-x64\.\nknown: linux-x64, linux-arm64, darwin-arm64\n.*KITH_TENSORFLOW/,
  );
});

test('pip is asked by the parts of the name', () => {
  expect(tagsOf('nvidia_cufft_cu12-11.4.1.4-py3-none-manylinux2014_x86_64.manylinux_2_17_x86_64.whl')).toEqual({
    requirement: 'nvidia-cufft-cu12==11.4.1.4',
    abi: 'none',
    platform: 'manylinux2014_x86_64',
  });
});

test('the driver says which GPUs there are; no driver, no GPU', async () => {
  const on = machine();
  expect(await findGpus(on.environment)).toEqual([]);
  program(on, 'nvidia-smi', 'echo "NVIDIA H100 80GB HBM3, 9.0, 81559"; echo "NVIDIA RTX 5090, 12.0, 32607"');
  expect(await findGpus(on.environment)).toEqual([
    { name: 'NVIDIA H100 80GB HBM3', capability: 9, memory: 81559 * 2 ** 20 },
    { name: 'NVIDIA RTX 5090', capability: 12, memory: 32607 * 2 ** 20 },
  ]);
  program(on, 'nvidia-smi', 'echo "NVIDIA-SMI has failed because it could not communicate with the driver."; exit 9');
  expect(await findGpus(on.environment)).toEqual([]);
});
