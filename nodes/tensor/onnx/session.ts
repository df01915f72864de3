// Runs lowered traces with ONNX Runtime's CPU kernels. State tensors are handed from a run's outputs to the next run's inputs, uncopied.
import * as ort from 'onnxruntime-node';
import { type NdArray, ndarray } from '../../../cache/array.ts';
import type { Arrays, Executor, Program, Signature, Trace } from '../executor.ts';
import { lowerBlocked } from './blocked.ts';
import { lowerPlain, type Lowered } from './plain.ts';
import { blockSize } from './probe.ts';
import { empty, fill } from './slots.ts';

/** `fastest` uses blocked kernels where they are here and right, `plain` never: for comparisons. */
export type Lowering = 'fastest' | 'plain';

export function onnxExecutor(lowering: Lowering): Executor {
  return {
    name: 'onnx',
    version: `onnxruntime-node ${ort.env.versions.node ?? ort.env.versions.common}`,
    compile: async (trace, { threads }) => createProgram(trace, threads, lowering === 'plain' ? 0 : await blockSize()),
  };
}

/** What `--device onnx` is. */
export const onnx: Executor = onnxExecutor('fastest');

interface Session {
  readonly run: ort.InferenceSession;
  readonly lowered: Lowered;
}

async function open(trace: Trace, threads: number, block: number, frozen: Arrays): Promise<Session> {
  const lowered = block > 0 ? lowerBlocked(trace, frozen, block) : lowerPlain(trace, frozen);
  const run = await ort.InferenceSession.create(lowered.bytes, {
    intraOpNumThreads: threads,
    interOpNumThreads: 1,
    executionProviders: ['cpu'],
    graphOptimizationLevel: 'all',
    logSeverityLevel: 3,
    // Waiting threads spin, the default: on two quiet cores a step takes 15–25 % less than with threads that sleep, on crowded ones 3–8 % more.
  });
  return { run, lowered };
}

/**
 * State that the step never changes is built into the model when it is written: convolutions of constant filters are several times as fast.
 * So a program that has such state opens its session at `write`, others at once.
 */
async function createProgram(trace: Trace, threads: number, block: number): Promise<Program> {
  const fixed = trace.state.filter(({ input, output }) => input === output);
  const signatures = new Map(trace.state.map(({ name, input }) => [name, trace.values[input]!]));
  let session = fixed.length === 0 ? await open(trace, threads, block, {}) : undefined;
  let frozen: Arrays = {};
  let held: ort.Tensor[] = [];

  return {
    async write(state) {
      const checked = Object.fromEntries(trace.state.map(({ name }) => [name, check(name, state[name], signatures.get(name)!)]));
      if (fixed.length > 0) {
        await session?.run.release();
        frozen = Object.fromEntries(fixed.map(({ name }) => [name, copy(checked[name]!)]));
        session = await open(trace, threads, block, frozen);
      }
      held = session!.lowered.state.map((slot) => toTensor(fill(slot, checked), slot.signature));
    },
    async run(feeds) {
      if (!session || held.length < session.lowered.state.length) throw new Error('The program has no state yet: write() comes first.');
      const { lowered, run } = session;
      const inputs: { [name: string]: ort.Tensor } = {};
      lowered.state.forEach(({ input }, i) => (inputs[input] = held[i]!));
      trace.feeds.forEach(({ name, value }, i) => {
        const signature = trace.values[value]!;
        inputs[lowered.feeds[i]!.input] = toTensor(check(name, feeds[name], signature).data, signature);
      });
      const outputs = await run.run(inputs);
      held = lowered.state.map(({ output }) => outputs[output]!);
      return Object.fromEntries(lowered.results.map(({ name, output }) => [name, toArray(outputs[output]!)]));
    },
    async read() {
      const live = held.flatMap((tensor, i) => empty(session!.lowered.state[i]!, tensor.data as Float32Array));
      return { ...frozen, ...Object.fromEntries(live) };
    },
    async dispose() {
      held = [];
      await session?.run.release();
      session = undefined;
    },
  };
}

/** Booleans travel as uint8. */
const dtypeOf = ({ dtype }: Signature): NdArray['dtype'] => (dtype === 'bool' ? 'uint8' : dtype);

function check(name: string, array: NdArray | undefined, signature: Signature): NdArray {
  if (!array) throw new Error(`"${name}" is missing.`);
  if (array.dtype !== dtypeOf(signature) || String(array.shape) !== String(signature.shape)) {
    throw new Error(`"${name}" is ${array.dtype} [${array.shape}], not ${dtypeOf(signature)} [${signature.shape}].`);
  }
  return array;
}

const copy = ({ dtype, shape, data }: NdArray): NdArray => ndarray(dtype, shape, data.slice());

const toTensor = (data: NdArray['data'], { dtype, shape }: Signature): ort.Tensor => new ort.Tensor(dtype, data as never, [...shape]);

function toArray({ type, dims, data }: ort.Tensor): NdArray {
  if (type === 'float32') return ndarray('float32', dims, data as Float32Array);
  if (type === 'int32') return ndarray('int32', dims, data as Int32Array);
  return ndarray('uint8', dims, data as Uint8Array);
}
