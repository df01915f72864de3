// TensorFlow's C API (tensorflow/c/c_api.h), as far as sessions need it, bound to a library on this machine. Declares; decides nothing.
import koffi from 'koffi';
import { loadLibrary } from '../native.ts';
import type { TensorflowLibrary } from './find.ts';
import { quietly } from './quietly.ts';

/** A pointer of the C API: opaque, 0 for NULL. */
export type Pointer = bigint;

/** An output of an operation: what a session feeds and fetches. */
export interface Output {
  readonly oper: Pointer;
  readonly index: number;
}

/** The functions by their names without `TF_`. Those that take a status leave their outcome there. */
export interface Tensorflow {
  readonly library: TensorflowLibrary;
  Version(): string;
  NewStatus(): Pointer;
  DeleteStatus(status: Pointer): void;
  /** 0 is success. */
  GetCode(status: Pointer): number;
  Message(status: Pointer): string;
  NewGraph(): Pointer;
  DeleteGraph(graph: Pointer): void;
  GraphOperationByName(graph: Pointer, name: string): Pointer | null;
  NewBufferFromString(bytes: Uint8Array, length: number): Pointer;
  DeleteBuffer(buffer: Pointer): void;
  NewImportGraphDefOptions(): Pointer;
  DeleteImportGraphDefOptions(options: Pointer): void;
  GraphImportGraphDef(graph: Pointer, buffer: Pointer, options: Pointer, status: Pointer): void;
  NewSessionOptions(): Pointer;
  DeleteSessionOptions(options: Pointer): void;
  SetConfig(options: Pointer, bytes: Uint8Array, length: number, status: Pointer): void;
  NewSession(graph: Pointer, options: Pointer, status: Pointer): Pointer;
  CloseSession(session: Pointer, status: Pointer): void;
  DeleteSession(session: Pointer, status: Pointer): void;
  SessionListDevices(session: Pointer, status: Pointer): Pointer;
  DeleteDeviceList(devices: Pointer): void;
  DeviceListCount(devices: Pointer): number;
  /** `CPU`, `GPU`, … */
  DeviceListType(devices: Pointer, at: number, status: Pointer): string;
  DeviceListMemoryBytes(devices: Pointer, at: number, status: Pointer): number;
  AllocateTensor(type: number, sides: readonly number[], rank: number, bytes: number): Pointer;
  DeleteTensor(tensor: Pointer): void;
  TensorData(tensor: Pointer): Pointer;
  TensorByteSize(tensor: Pointer): number;
  /** Runs on another thread. `fetched` is filled with tensors that the caller deletes. */
  SessionRun(
    session: Pointer,
    feeds: readonly Output[],
    fed: readonly Pointer[],
    fetches: readonly Output[],
    fetched: (Pointer | null)[],
    targets: readonly Pointer[],
    status: Pointer,
  ): Promise<void>;
}

const loaded = new Map<string, Tensorflow>();

/** Loads a library, once a process: about half a second and, mapped, its whole size. Throws the loader's error where it does not load. */
export function loadTensorflow(library: TensorflowLibrary): Tensorflow {
  const made = loaded.get(library.library) ?? bind(library);
  loaded.set(library.library, made);
  return made;
}

function bind(library: TensorflowLibrary): Tensorflow {
  settle();
  const handle = quietly(() => {
    if (library.framework !== library.library) loadLibrary(library.framework, { global: true });
    return loadLibrary(library.library);
  });
  const output = koffi.struct({ oper: 'void *', index: 'int' });
  const outputs = koffi.pointer(output);
  const pointers = koffi.pointer('void *');
  const session = handle.func('TF_SessionRun', 'void', [
    ...['void *', 'void *', outputs, pointers, 'int'],
    ...[outputs, koffi.out(pointers), 'int', pointers, 'int', 'void *', 'void *'],
  ]);
  const declare = (name: string, result: string, ...parameters: string[]): never => handle.func(`TF_${name}`, result, parameters) as never;
  return {
    library,
    Version: declare('Version', 'str'),
    NewStatus: declare('NewStatus', 'void *'),
    DeleteStatus: declare('DeleteStatus', 'void', 'void *'),
    GetCode: declare('GetCode', 'int', 'void *'),
    Message: declare('Message', 'str', 'void *'),
    NewGraph: declare('NewGraph', 'void *'),
    DeleteGraph: declare('DeleteGraph', 'void', 'void *'),
    GraphOperationByName: declare('GraphOperationByName', 'void *', 'void *', 'str'),
    NewBufferFromString: declare('NewBufferFromString', 'void *', 'void *', 'size_t'),
    DeleteBuffer: declare('DeleteBuffer', 'void', 'void *'),
    NewImportGraphDefOptions: declare('NewImportGraphDefOptions', 'void *'),
    DeleteImportGraphDefOptions: declare('DeleteImportGraphDefOptions', 'void', 'void *'),
    GraphImportGraphDef: declare('GraphImportGraphDef', 'void', 'void *', 'void *', 'void *', 'void *'),
    NewSessionOptions: declare('NewSessionOptions', 'void *'),
    DeleteSessionOptions: declare('DeleteSessionOptions', 'void', 'void *'),
    SetConfig: declare('SetConfig', 'void', 'void *', 'void *', 'size_t', 'void *'),
    NewSession: declare('NewSession', 'void *', 'void *', 'void *', 'void *'),
    CloseSession: declare('CloseSession', 'void', 'void *', 'void *'),
    DeleteSession: declare('DeleteSession', 'void', 'void *', 'void *'),
    SessionListDevices: declare('SessionListDevices', 'void *', 'void *', 'void *'),
    DeleteDeviceList: declare('DeleteDeviceList', 'void', 'void *'),
    DeviceListCount: declare('DeviceListCount', 'int', 'void *'),
    DeviceListType: declare('DeviceListType', 'str', 'void *', 'int', 'void *'),
    DeviceListMemoryBytes: declare('DeviceListMemoryBytes', 'int64_t', 'void *', 'int', 'void *'),
    AllocateTensor: declare('AllocateTensor', 'void *', 'int', 'int64_t *', 'int', 'size_t'),
    DeleteTensor: declare('DeleteTensor', 'void', 'void *'),
    TensorData: declare('TensorData', 'void *', 'void *'),
    TensorByteSize: declare('TensorByteSize', 'size_t', 'void *'),
    SessionRun: (of, feeds, fed, fetches, fetched, targets, status) =>
      new Promise((resolve, reject) => {
        const inputs = [feeds, fed, feeds.length] as const;
        const ends = [fetches, fetched, fetches.length, targets, targets.length] as const;
        session.async(of, null, ...inputs, ...ends, null, status, (error: unknown) => (error ? reject(error) : resolve()));
      }),
  };
}

/** What must be said before the first library loads: TensorFlow reads its environment once. */
function settle(): void {
  process.env['TF_CPP_MIN_LOG_LEVEL'] ??= '3';
  // On by default only where the processor has AVX512-VNNI or newer; without, convolutions take 1.7 times as long with AVX2.
  process.env['TF_ENABLE_ONEDNN_OPTS'] ??= '1';
  // Each session has its own threads, as many as it asks for: otherwise the first one settles it for the process.
  process.env['TF_OVERRIDE_GLOBAL_THREADPOOL'] ??= '1';
}
