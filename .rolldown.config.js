// Builds the command line for a fast start: one script with what most commands need, which V8 keeps compiled (engine/script.ts). What it
// imports only when needed are modules beside it; so are the library, the worker program and the benchmarks.
import { chmodSync } from 'node:fs';
import { relative } from 'node:path';
import { defineConfig } from 'rolldown';

const inside = ['commander', 'p-limit', 'yocto-queue', 'xxhash-wasm', 'msgpackr', 'picocolors', 'fastest-levenshtein', 'zod', 'events'];

const common = {
  platform: 'node',
  resolve: { conditionNames: ['source', 'import', 'node', 'default'] },
  external: (id) => /^[\w@]/.test(id) && !inside.some((name) => id === name || id.startsWith(`${name}/`)),
};

/** Dynamic imports that the script holds itself: most of the engine is small, and every run needs it. Not what loads packages. */
const small = /^engine\/(?!dashboard\/render|compile-bundle|cli\/report\.)/;

/** Source → file name of the modules that the script imports when it needs them. */
const large = new Map();

/** What takes milliseconds to load and a run in which everything is cached does not touch. */
const seldom = /require\("(node:(?:child_process|crypto|fs\/promises|module|os|process|timers\/promises|util)|module|graphology)"\)/g;
const lazily = 'const lazily = (name) => { let loaded; return new Proxy({}, { get: (_, field) => (loaded ??= require(name))[field] }); };';

/** Leaves large modules to `import()`, which is a function that the script is handed. */
const splitting = {
  name: 'splitting',
  async resolveId(specifier, importer, { kind }) {
    if (kind !== 'dynamic-import' || !specifier.startsWith('.')) return null;
    const { id } = await this.resolve(specifier, importer);
    const source = relative(import.meta.dirname, id);
    if (small.test(source)) return null;
    large.set(id, `${source.replace(/\.tsx?$/, '').replaceAll('/', '-')}.js`);
    return { id: `./${large.get(id)}`, external: true };
  },
  renderChunk(code) {
    const lazy = code.replaceAll(/\bimport\(/g, 'dynamicImport(').replaceAll(seldom, 'lazily("$1")');
    const [heavy] = /(?<=\brequire\(")(?!node:|url"|events"|msgpackr-extract")[^"]+/.exec(lazy) ?? [];
    if (heavy) throw new Error(`every start would load ${heavy}: what imports it is not small`);
    // Plain ASCII is read without being decoded.
    return lazily + lazy.replaceAll(/[^\0-\x7f]/g, (character) => `\\u${character.charCodeAt(0).toString(16).padStart(4, '0')}`);
  },
};

const emitting = {
  name: 'emitting',
  buildStart() {
    for (const [id, fileName] of large) this.emitFile({ type: 'chunk', id, fileName });
  },
};

/** npm makes the command executable when it installs it, which a later build would undo. */
const executable = { name: 'executable', writeBundle: ({ dir }) => chmodSync(`${dir}/kith.cjs`, 0o755) };

export default defineConfig([
  {
    ...common,
    input: { program: 'nodes/bin.ts' },
    plugins: [splitting],
    output: { dir: 'dist', format: 'cjs', cleanDir: true, entryFileNames: '[name].cjs', codeSplitting: false },
  },
  {
    ...common,
    input: { kith: 'engine/cli/start.ts' },
    plugins: [executable],
    output: { dir: 'dist', format: 'cjs', entryFileNames: '[name].cjs' },
  },
  {
    ...common,
    input: { index: 'nodes/library.ts', worker: 'engine/workers/worker.ts', bench: 'tests/bench/main.ts' },
    plugins: [emitting],
    output: { dir: 'dist', format: 'esm', chunkFileNames: '[name]-[hash].js' },
  },
]);
