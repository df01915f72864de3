// ONNX Runtime's C API (onnxruntime_c_api.h), as far as sessions need it, bound to the library in the npm package. The package's own binding
// copies every output of every run, state included, and holds the event loop up while it runs.
import { existsSync, readdirSync } from 'node:fs';
import { createRequire } from 'node:module';
import { dirname, join } from 'node:path';
import koffi, { type KoffiFunc } from 'koffi';
import { KithError } from '../../../engine/errors.ts';
import type { TensorDType } from '../executor.ts';
import { loadLibrary } from '../native.ts';

/** A pointer of the C API: opaque. */
export type Pointer = bigint;

export type Numbers = Float32Array | Int32Array | Uint8Array;

export interface Runtime {
  /** Takes the bytes of a model; reads it on another thread. */
  open(model: Uint8Array, options: { readonly threads: number; readonly planned: boolean }): Promise<Session>;
}

export interface Session {
  /** Fixes where a run reads its inputs and writes its outputs. */
  bind(inputs: Tensors, outputs: Tensors): Run;
  /** When nothing runs. */
  release(): void;
}

/** Arrays by the names of a model. They stay where they are: a run reads and writes their own memory. */
export type Tensors = ReadonlyMap<string, { readonly data: Numbers; readonly shape: readonly number[]; readonly dtype: TensorDType }>;

/** Runs on another thread. */
export type Run = () => Promise<void>;

const require = createRequire(import.meta.url);
const PACKAGE = 'onnxruntime-node';

/** The package and its version, without loading it. */
export const versionOf = (): string => `${PACKAGE} ${(require(`${PACKAGE}/package.json`) as { version: string }).version}`;

let loaded: Runtime | undefined;

/** The library of this machine, loaded once a process. A KithError where the package has none. */
export const loadRuntime = (): Runtime => (loaded ??= bindRuntime(libraryPath()));

function libraryPath(): string {
  const folder = join(dirname(require.resolve(`${PACKAGE}/package.json`)), 'bin', 'napi-v6', process.platform, process.arch);
  const file = existsSync(folder) ? readdirSync(folder).find((name) => /^(lib)?onnxruntime\.(dll|so\.\d|\d\.dylib)/.test(name)) : undefined;
  if (file !== undefined) return join(folder, file);
  throw new KithError(`${versionOf()} has no library for ${process.platform} on ${process.arch}.`, {
    facts: [`looked in: ${folder}`],
    hint: 'Reinstall the package on this machine, or use another device.',
  });
}

/** The version of the table of functions that is asked for; newer libraries only append to it. */
const API_VERSION = 17;

/** Places in that table, and parameters; each but the releases returns a status, NULL for success. */
const FUNCTIONS = {
  CreateEnv: [3, 'int, str, _Out_ void **'],
  CreateSessionFromArray: [8, 'void *, void *, size_t, void *, _Out_ void **'],
  CreateSessionOptions: [10, '_Out_ void **'],
  DisableMemPattern: [17, 'void *'],
  SetSessionLogSeverityLevel: [22, 'void *, int'],
  SetSessionGraphOptimizationLevel: [23, 'void *, int'],
  SetIntraOpNumThreads: [24, 'void *, int'],
  SetInterOpNumThreads: [25, 'void *, int'],
  CreateTensorWithDataAsOrtValue: [49, 'void *, void *, size_t, int64_t *, size_t, int, _Out_ void **'],
  CreateCpuMemoryInfo: [69, 'int, int, _Out_ void **'],
  RunWithBinding: [133, 'void *, void *, void *'],
  CreateIoBinding: [134, 'void *, _Out_ void **'],
  BindInput: [136, 'void *, str, void *'],
  BindOutput: [137, 'void *, str, void *'],
} as const;
const RELEASES = { ReleaseStatus: 93, ReleaseSession: 95, ReleaseValue: 96, ReleaseSessionOptions: 100, ReleaseIoBinding: 135 } as const;
const GET_ERROR_MESSAGE = 2;
const FUNCTIONS_KNOWN = 138;

/** Enumerations of the C API. */
const [ALL_OPTIMIZATIONS, ERRORS_ONLY, ARENA_ALLOCATOR, DEFAULT_MEMORY] = [99, 3, 1, 0];
const ELEMENT_TYPE: { readonly [dtype in TensorDType]: number } = { float32: 1, uint8: 2, int32: 6, bool: 9 };

type Callable = KoffiFunc<(...parameters: unknown[]) => unknown>;

function bindRuntime(path: string): Runtime {
  // From 1.29 on it tells Microsoft's servers what it runs, and keeps a number for this machine, unless it is told not to before it starts.
  process.env['ORT_DISABLE_TELEMETRY'] ??= '1';
  const base = (loadLibrary(path).func('OrtGetApiBase', 'void *', []) as () => Pointer)();
  const [getApi] = koffi.decode(base, koffi.array('void *', 1)) as [Pointer];
  const api = (koffi.decode(getApi, koffi.proto('void *OrtGetApi(uint32_t)')) as (version: number) => Pointer)(API_VERSION);
  const table = koffi.decode(api, koffi.array('void *', FUNCTIONS_KNOWN)) as Pointer[];
  const pointTo = (place: number, signature: string): Callable => koffi.decode(table[place]!, koffi.proto(signature)) as Callable;

  const messageOf = pointTo(GET_ERROR_MESSAGE, 'str OrtGetErrorMessage(void *)');
  const release = Object.fromEntries(
    Object.entries(RELEASES).map(([name, place]) => [name, pointTo(place, `void Ort${name}(void *)`)]),
  ) as unknown as { readonly [name in keyof typeof RELEASES]: (pointer: Pointer) => void };
  const check = (status: Pointer | null): void => {
    if (status === null) return;
    const message = messageOf(status) as string;
    release.ReleaseStatus(status);
    throw new Error(`ONNX Runtime: ${message}`);
  };
  const functions = Object.fromEntries(
    Object.entries(FUNCTIONS).map(([name, [place, parameters]]) => [name, pointTo(place, `void *Ort${name}(${parameters})`)]),
  ) as { readonly [name in keyof typeof FUNCTIONS]: Callable };
  type Name = keyof typeof FUNCTIONS;
  const call = (name: Name, ...parameters: unknown[]): void => check(functions[name](...parameters) as Pointer | null);
  const made = (name: Name, ...parameters: unknown[]): Pointer => {
    const out: [Pointer | null] = [null];
    call(name, ...parameters, out);
    return out[0]!;
  };
  const elsewhere = (name: Name, ...parameters: unknown[]): Promise<void> =>
    new Promise((resolve, reject) => {
      functions[name].async(...parameters, (error: unknown, status: unknown) => {
        try {
          if (error) throw error as Error;
          resolve(check(status as Pointer | null));
        } catch (problem) {
          reject(problem as Error);
        }
      });
    });

  const environment = made('CreateEnv', ERRORS_ONLY, 'kith');
  const memory = made('CreateCpuMemoryInfo', ARENA_ALLOCATOR, DEFAULT_MEMORY);

  return {
    async open(model, { threads, planned }) {
      const options = made('CreateSessionOptions');
      call('SetSessionLogSeverityLevel', options, ERRORS_ONLY);
      call('SetSessionGraphOptimizationLevel', options, ALL_OPTIMIZATIONS);
      if (!planned) call('DisableMemPattern', options);
      call('SetIntraOpNumThreads', options, threads);
      call('SetInterOpNumThreads', options, 1);
      // Waiting threads spin, the default: on two quiet cores a step takes 15–25 % less than with threads that sleep, on crowded ones 3–8 % more.
      const out: [Pointer | null] = [null];
      try {
        await elsewhere('CreateSessionFromArray', environment, model, model.length, options, out);
      } finally {
        release.ReleaseSessionOptions(options);
      }
      const session = out[0]!;
      const held: { readonly values: Pointer[]; readonly bindings: Pointer[] } = { values: [], bindings: [] };
      return {
        bind(inputs, outputs) {
          const binding = made('CreateIoBinding', session);
          held.bindings.push(binding);
          const attach = (name: 'BindInput' | 'BindOutput', tensors: Tensors): void => {
            for (const [port, { data, shape, dtype }] of tensors) {
              void data.buffer; // small arrays lie on V8's heap, where they move, until somebody asks for their buffer
              const sides = BigInt64Array.from(shape, BigInt);
              const value = made('CreateTensorWithDataAsOrtValue', memory, data, data.byteLength, sides, sides.length, ELEMENT_TYPE[dtype]);
              held.values.push(value);
              call(name, binding, port, value);
            }
          };
          attach('BindInput', inputs);
          attach('BindOutput', outputs);
          return async () => {
            await elsewhere('RunWithBinding', session, null, binding);
            void inputs; // which hold the memory that the run used
            void outputs;
          };
        },
        release() {
          held.bindings.forEach(release.ReleaseIoBinding);
          held.values.forEach(release.ReleaseValue);
          release.ReleaseSession(session);
        },
      };
    },
  };
}
