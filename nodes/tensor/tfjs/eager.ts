// Runs a trace operation by operation on an eager tfjs backend: `--device tfjs` on TensorFlow's addon, and on tfjs' JS backend the reference
// of the parity tests. Slow on purpose: nothing is fused.
import * as tf from '@tensorflow/tfjs-core';
import { ndarray, type NdArray } from '../../../cache/array.ts';
import { KithError } from '../../../engine/errors.ts';
import { prepare } from '../batch-norm.ts';
import { type Arrays, type Executor, isData, type Operation, type Program, type Signature, type Trace } from '../executor.ts';
import { refuseBf16 } from '../precision.ts';
import { perform } from './perform.ts';

/** The packages that bring TensorFlow's kernels to tfjs, the best first. */
const ADDONS = ['@tensorflow/tfjs-node-gpu', '@tensorflow/tfjs-node'] as const;

/** The executor on TensorFlow's own kernels. A KithError where neither addon, or not its library, loads. */
export async function addonExecutor(): Promise<Executor> {
  const failures: string[] = [];
  for (const name of ADDONS) {
    try {
      const { version } = (await import(name)) as { readonly version?: { readonly [part: string]: string } };
      if (!(await tf.setBackend('tensorflow'))) throw new Error('its backend does not start');
      return eagerExecutor('tensorflow', `${name} ${version?.['tfjs-node'] ?? ''}`.trim());
    } catch (error) {
      failures.push(`${name}: ${(error as Error).message.split('\n')[0]}`);
    }
  }
  throw new KithError('The device "tfjs" does not work here.', {
    facts: failures,
    hint: 'It needs the addon of @tensorflow/tfjs-node-gpu, whose installation downloads TensorFlow: npm install @tensorflow/tfjs-node-gpu. Or use --device auto.',
  });
}

/** The executor on a backend that is registered already, e.g. `cpu`. */
export function eagerExecutor(backend: string, version = `@tensorflow/tfjs-core ${tf.version_core}`): Executor {
  return {
    name: 'tfjs',
    version,
    compile: async (trace, options) => {
      refuseBf16('tfjs', options);
      return interpret(trace, backend);
    },
  };
}

async function interpret(trace: Trace, backend: string): Promise<Program> {
  const enter = async (): Promise<void> => {
    if (tf.getBackend() !== backend) await tf.setBackend(backend);
    prepare();
  };
  await enter();
  const constants = new Map(trace.constants.map(({ value, array }) => [value, toTensor(array, trace.values[value]!)]));
  const lastUses = valuesByLastUse(trace);
  let state = new Map<string, tf.Tensor>();

  return {
    async write(arrays) {
      await enter();
      dispose(state.values());
      state = new Map(trace.state.map(({ name, input }) => [name, toTensor(arrays[name]!, trace.values[input]!)]));
    },
    async run(feeds) {
      await enter();
      const live = new Map<number, tf.Tensor>();
      for (const { name, input } of trace.state) live.set(input, state.get(name)!);
      for (const { name, value } of trace.feeds) live.set(value, toTensor(feeds[name]!, trace.values[value]!));
      execute(trace.operations, lastUses, live, constants);
      const at = (value: number): tf.Tensor => live.get(value) ?? constants.get(value)!;
      const results = trace.results.map(({ name, value }) => [name, toArray(at(value))] as const);
      state = new Map(trace.state.map(({ name, output }) => [name, tf.clone(at(output))]));
      dispose(live.values());
      return Object.fromEntries(results);
    },
    async read() {
      const moving = trace.state.filter((one) => !isData(trace, one));
      return Object.fromEntries(moving.map(({ name }) => [name, toArray(state.get(name)!)]));
    },
    async dispose() {
      dispose(state.values());
      dispose(constants.values());
      state.clear();
      constants.clear();
    },
  };
}

/** Runs all operations; `live` ends with the values that outlive them. */
function execute(
  operations: readonly Operation[],
  lastUses: readonly (readonly number[])[],
  live: Map<number, tf.Tensor>,
  constants: ReadonlyMap<number, tf.Tensor>,
): void {
  operations.forEach((operation, i) => {
    const inputs = Object.fromEntries(
      Object.entries(operation.inputs).map(([name, value]) => [name, live.get(value) ?? constants.get(value)!]),
    );
    perform(operation, inputs).forEach((tensor, output) => live.set(operation.outputs[output]!, tensor));
    for (const value of lastUses[i]!) {
      live.get(value)?.dispose();
      live.delete(value);
    }
  });
}

function dispose(tensors: Iterable<tf.Tensor>): void {
  for (const tensor of tensors) tensor.dispose();
}

/** For each operation the values that nothing reads after it; the ends of the trace are read after all. */
function valuesByLastUse(trace: Trace): readonly (readonly number[])[] {
  const ends = new Set([...trace.state.flatMap(({ input, output }) => [input, output]), ...trace.results.map(({ value }) => value)]);
  const last = new Map<number, number>();
  trace.operations.forEach(({ inputs, outputs }, i) => {
    for (const value of [...Object.values(inputs), ...outputs]) last.set(value, i);
  });
  const lists: number[][] = trace.operations.map(() => []);
  for (const [value, i] of last) if (!ends.has(value)) lists[i]!.push(value);
  return lists;
}

/** A copy: backends may keep the array that they are given. Bytes become 32-bit numbers: tfjs has none. */
const toTensor = ({ data }: NdArray, { shape, dtype }: Signature): tf.Tensor =>
  tf.tensor(data.slice() as Float32Array, [...shape], dtype === 'uint8' ? 'int32' : dtype);

function toArray(tensor: tf.Tensor): Arrays[string] {
  const data = tensor.dataSync().slice();
  if (tensor.dtype === 'float32') return ndarray('float32', tensor.shape, data as Float32Array);
  if (tensor.dtype === 'int32') return ndarray('int32', tensor.shape, data as Int32Array);
  return ndarray('uint8', tensor.shape, data as Uint8Array);
}
