// Bundles the command line for a fast start: what every command needs is inside, heavy libraries are loaded when used.
import { defineConfig } from 'rolldown';

const inside = [
  'commander',
  'graphology',
  'graphology-utils',
  'obliterator',
  'p-limit',
  'yocto-queue',
  'xxhash-wasm',
  'msgpackr',
  'picocolors',
  'fastest-levenshtein',
  'zod',
  'events',
];

export default defineConfig({
  input: { kith: 'nodes/bin.ts', index: 'nodes/index.ts', worker: 'engine/workers/worker.ts', bench: 'tests/bench/main.ts' },
  platform: 'node',
  resolve: { conditionNames: ['source', 'import', 'node', 'default'] },
  external: (id) => /^[\w@]/.test(id) && !inside.some((name) => id === name || id.startsWith(`${name}/`)),
  output: { dir: 'dist', format: 'esm', cleanDir: true, chunkFileNames: '[name]-[hash].js', sourcemap: false },
});
