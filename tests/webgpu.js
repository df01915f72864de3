// The WebGPU job, `npm run test:webgpu`: apart from the other tests, since a fault of a driver ends its process. Where there is no GPU, it runs
// on SwiftShader, Vulkan on the processor, if Chromium brought it: hundreds of times slower, so the tests are tiny.
import { spawnSync } from 'node:child_process';
import { existsSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';

const CHROMIUM = '/usr/lib/chromium';
const driver = join(CHROMIUM, 'vk_swiftshader_icd.json');
const hasGpu = existsSync('/dev/dri') || existsSync('/dev/nvidia0') || process.env.VK_DRIVER_FILES !== undefined;

const software =
  process.platform === 'linux' && !hasGpu && existsSync(driver)
    ? {
        VK_DRIVER_FILES: driver,
        VK_ICD_FILENAMES: driver,
        LD_LIBRARY_PATH: [process.env.LD_LIBRARY_PATH, CHROMIUM].filter(Boolean).join(':'),
        XDG_RUNTIME_DIR: process.env.XDG_RUNTIME_DIR ?? tmpdir(),
      }
    : {};

const { status } = spawnSync('npx', ['vitest', 'run', '-c', 'tests/webgpu.config.ts', ...process.argv.slice(2)], {
  stdio: 'inherit',
  env: { ...process.env, ...software, KITH_WEBGPU_SOFTWARE: '1' },
});
process.exitCode = status ?? 1;
