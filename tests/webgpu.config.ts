// The tests of the WebGPU job: one process, since an adapter is one device.
import { defineConfig } from 'vitest/config';

export default defineConfig({
  resolve: { conditions: ['source'] },
  ssr: { resolve: { conditions: ['source'] } },
  test: { include: ['tests/**/*.webgpu.ts'], testTimeout: 120_000, pool: 'forks', maxWorkers: 1, reporters: ['verbose'] },
});
