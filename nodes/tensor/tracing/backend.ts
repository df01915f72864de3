// The recording tfjs backend: its tensors are numbers of values in a trace, and running a kernel records it. It exists only while it records.
import * as tf from '@tensorflow/tfjs-core';
import { type NdArray, ndarray } from '../../../cache/array.ts';
import { KithError } from '../../../engine/errors.ts';
import type { TensorDType } from '../executor.ts';
import { KERNELS } from './kernels.ts';
import { createRecorder, type Recorder, type Value } from './recorder.ts';

const NAME = 'kith-trace';

export interface Recording {
  readonly recorder: Recorder;
  /** A tensor that stands for a value of the trace. */
  symbol(id: number): tf.Tensor;
  /** The value that a tensor stands for. */
  valueOf(tensor: tf.Tensor): number;
}

/** Runs `body` with tfjs' operations recorded, then gives tfjs back the backend it had. Synchronous, so nothing else can run meanwhile. */
export function recorded<T>(body: (recording: Recording) => T): T {
  const previous = tf.engine().backendName as string | undefined;
  const backend = new TraceBackend();
  tf.registerBackend(NAME, () => backend, 0);
  tf.findBackend(NAME);
  registerKernels();
  void tf.setBackend(NAME); // at once: the backend is initialised
  const result: T[] = [];
  try {
    tf.tidy(() => {
      const symbol = (id: number): tf.Tensor => tf.engine().makeTensorFromTensorInfo(backend.info(backend.recorder.value(id)));
      result.push(body({ recorder: backend.recorder, symbol, valueOf: (tensor) => backend.value(tensor).id }));
    });
  } finally {
    if (previous) void tf.setBackend(previous);
    tf.removeBackend(NAME);
  }
  return result[0]!;
}

class TraceBackend extends tf.KernelBackend {
  readonly recorder = createRecorder();
  private readonly ids = new Map<object, number>();

  value({ dataId }: tf.TensorInfo): Value {
    const id = this.ids.get(dataId);
    if (id === undefined) throw new Error('A tensor from outside takes part in a trace: constants are made inside the step.');
    return this.recorder.value(id);
  }

  info({ id, shape, dtype }: Value): tf.TensorInfo {
    const dataId = {};
    this.ids.set(dataId, id);
    if (dtype === 'uint8') throw new Error('tfjs has no uint8.');
    return { dataId, shape: [...shape], dtype };
  }

  override write(values: tf.BackendValues, shape: number[], dtype: tf.DataType): object {
    return this.info(constant(this.recorder, toArray(values, shape, dtype), dtype as TensorDType)).dataId;
  }

  override disposeData(dataId: object): boolean {
    return this.ids.delete(dataId);
  }

  override readSync(): never {
    throw unreadable();
  }

  override async read(): Promise<never> {
    throw unreadable();
  }

  override numDataIds(): number {
    return this.ids.size;
  }

  override memory(): { unreliable: boolean } {
    return { unreliable: true };
  }

  override floatPrecision(): 32 {
    return 32;
  }

  override epsilon(): number {
    return 1e-7;
  }

  override dispose(): void {
    this.ids.clear();
  }
}

const unreadable = (): KithError =>
  new KithError('A step reads a tensor while it is traced.', {
    facts: ['a traced tensor has a shape but no numbers'],
    hint: 'Replace reading and branching by masks (tf.where), or compute the value outside and feed it.',
  });

/** One number spread over a shape is recorded as that. */
function constant(recorder: Recorder, array: NdArray, dtype: TensorDType): Value {
  const { data, shape } = array;
  const [first] = data;
  if (shape.length === 0 || first === undefined || !data.every((number) => Object.is(number, first)))
    return recorder.constant(array, dtype);
  const x = recorder.constant(ndarray(array.dtype, [], data.slice(0, 1)), dtype);
  return recorder.emit({ kernel: 'BroadcastTo', inputs: { x }, attributes: { shape }, outputs: [{ shape, dtype }] })[0]!;
}

function toArray(values: tf.BackendValues, shape: readonly number[], dtype: tf.DataType): NdArray {
  const numbers = values as ArrayLike<number>;
  if (dtype === 'float32') return ndarray('float32', shape, Float32Array.from(numbers));
  if (dtype === 'int32') return ndarray('int32', shape, Int32Array.from(numbers));
  if (dtype === 'bool') return ndarray('uint8', shape, Uint8Array.from(numbers));
  throw new KithError(`A tensor of dtype ${dtype} cannot be traced.`, { hint: 'Steps may use float32, int32 and bool.' });
}

/** Registers, once, every kernel that tfjs names: one without a rule shall be refused in Kith's words, not in tfjs'. */
function registerKernels(): void {
  for (const kernelName of new Set([...Object.keys(KERNELS), ...tfjsKernels()])) {
    if (tf.getKernel(kernelName, NAME)) continue;
    const kernelFunc: tf.KernelFunc = ({ inputs, attrs, backend }) => record(backend as TraceBackend, kernelName, inputs, attrs ?? {});
    tf.registerKernel({ kernelName, backendName: NAME, kernelFunc });
  }
}

/** tfjs exports each kernel's name as a string of its own. */
const tfjsKernels = (): string[] =>
  (Object.values(tf) as unknown[]).filter((value) => typeof value === 'string').filter((value) => /^_?[A-Z]\w+$/.test(value));

function record(backend: TraceBackend, name: string, inputs: object | undefined, attributes: object): tf.TensorInfo | tf.TensorInfo[] {
  const kernel = KERNELS[name];
  if (!kernel) throw unknown(name);
  const given = Object.entries(inputs ?? {}).filter(([, tensor]) => tensor);
  const values = Object.fromEntries(given.map(([input, tensor]) => [input, backend.value(tensor as tf.TensorInfo)]));
  const outputs = kernel({ kernel: name, inputs: values, attributes, recorder: backend.recorder });
  return Array.isArray(outputs) ? outputs.map((value) => backend.info(value as Value)) : backend.info(outputs as Value);
}

const unknown = (name: string): KithError =>
  new KithError(`The operation ${name} cannot be traced.`, {
    facts: [`operations that can: ${Object.keys(KERNELS).sort().join(', ')}`],
    hint: 'Write the step with these, or give the operation a rule in nodes/tensor/tracing and in the executors.',
  });
