// Imports point one way: pipeline, examples → nodes → engine → cache; engine and cache know no tensor library.
import { readdirSync, readFileSync } from 'node:fs';
import { join, relative, resolve } from 'node:path';
import { expect, test } from 'vitest';

const root = resolve(import.meta.dirname, '..');

const sources = (folder: string): { readonly file: string; readonly imports: readonly string[] }[] =>
  readdirSync(join(root, folder), { recursive: true, encoding: 'utf8' })
    .filter((file) => /\.tsx?$/.test(file))
    .map((file) => {
      const text = readFileSync(join(root, folder, file), 'utf8');
      const imports = [...text.matchAll(/(?:from|import\()\s*'([^']+)'/g)].map(([, specifier]) => specifier!);
      const local = imports.map((specifier) =>
        specifier.startsWith('.') ? relative(root, resolve(root, folder, file, '..', specifier)) : specifier,
      );
      return { file: join(folder, file), imports: local };
    });

const violations = (folder: string, forbidden: RegExp, except: readonly string[] = []): string[] =>
  sources(folder).flatMap(({ file, imports }) =>
    except.includes(file)
      ? []
      : imports.filter((specifier) => forbidden.test(specifier)).map((specifier) => `${file} imports ${specifier}`),
  );

test('the cache imports neither engine nor nodes', () => {
  expect(sources('cache').length).toBeGreaterThan(3);
  expect(violations('cache', /^(engine|nodes|pipeline|examples|tests)\b/)).toEqual([]);
});

test('the engine does not import nodes', () => {
  expect(sources('engine').length).toBeGreaterThan(10);
  expect(violations('engine', /^(nodes|pipeline|examples|tests)\b/)).toEqual([]);
});

test('engine and cache know no tensor library and no image library', () => {
  for (const folder of ['engine', 'cache']) expect(violations(folder, /tensorflow|onnxruntime|sharp|protobufjs/)).toEqual([]);
});

test('nodes see the cache only as the array type', () => {
  expect(violations('nodes', /^cache\/(?!array\.ts)/)).toEqual([]);
});

test('the trace and the step functions know no executor', () => {
  expect(
    violations(
      'nodes/tensor',
      /onnx/,
      sources('nodes/tensor/onnx')
        .map(({ file }) => file)
        .concat(['nodes/tensor/choose.ts', 'nodes/tensor/doctor.ts']),
    ),
  ).toEqual([]);
  expect(violations('nodes/losses', /onnx|tensor\/tfjs/)).toEqual([]);
});
