// Tests run against the sources; the worker program is built first, since worker processes need JavaScript.
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { defineConfig } from 'vitest/config';

export default defineConfig({
  resolve: { conditions: ['source'] },
  ssr: { resolve: { conditions: ['source'] } },
  test: {
    include: ['tests/**/*.test.{ts,tsx}'],
    globalSetup: ['tests/build.ts'],
    testTimeout: 60_000,
    // What the user's own kith doctor and kith setup left must not decide what tests run on.
    env: { XDG_CACHE_HOME: join(tmpdir(), 'kith-tests-have-no-cache') },
    pool: 'forks',
    maxWorkers: 2,
  },
});
