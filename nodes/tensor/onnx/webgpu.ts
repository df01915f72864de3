// Runs plainly lowered traces with ONNX Runtime's WebGPU kernels. State stays in the GPU's memory from step to step; a step is one run, which
// takes the feeds up and brings the results down.
import * as ort from 'onnxruntime-node';
import { type NdArray, ndarray } from '../../../cache/array.ts';
import { type Arrays, type Executor, isData, type Program, type Signature, type Trace } from '../executor.ts';
import { between, footprint } from '../memory.ts';
import { normalisedConvolutions } from '../normalised-convolution.ts';
import { refuseBf16 } from '../precision.ts';
import { adapterHere } from './adapter.ts';
import { check, copy, dtypeOf } from './arrays.ts';
import { createGraph, elementOf } from './graph.ts';
import { type Numbers, versionOf } from './library.ts';
import { lowerPlain, type Lowered } from './plain.ts';
import { empty, fill, numbersOf, type Slot } from './slots.ts';

/** As on the processor, by the same lowering. */
const SLACK = 2.3;

/** What `--device webgpu` is. A KithError where there is no adapter that may be used. */
export function webgpuExecutor({ name, memory, software } = adapterHere()): Executor {
  return {
    name: 'webgpu',
    version: `${versionOf()} on ${name}`,
    compile: async (trace, options) => {
      refuseBf16('webgpu', options);
      return createProgram(trace, options.threads);
    },
    // The next state is made while the last one is still there.
    needs: async (trace) => {
      const taken = footprint(normalisedConvolutions(trace));
      const { state, data, constants, feeds, results } = taken;
      return between(taken, 2 * state + data + constants + feeds + results, SLACK);
    },
    memory: () => (software ? undefined : memory),
  };
}

interface Session {
  readonly run: ort.InferenceSession;
  readonly lowered: Lowered;
}

async function open(trace: Trace, threads: number, frozen: Arrays): Promise<Session> {
  const lowered = lowerPlain(trace, frozen);
  const places = [
    ...lowered.state.map(({ output }) => [output, 'gpu-buffer'] as const),
    // Only a tensor in the processor's memory can be looked at: asking one on the GPU for its numbers ends the process.
    ...lowered.results.map(({ output }) => [output, 'cpu'] as const),
  ];
  return { run: await start(lowered.bytes, threads, Object.fromEntries(places)), lowered };
}

/** A session that copies state out of the GPU. */
function openReader(state: readonly Slot[], threads: number): Promise<ort.InferenceSession> {
  const graph = createGraph();
  const port = (name: string, { signature }: Slot) => ({ name, element: elementOf(signature.dtype), shape: signature.shape });
  const outputs = state.map((slot) => port(graph.node('Identity', [slot.input]), slot));
  const bytes = graph.finish(
    state.map((slot) => port(slot.input, slot)),
    outputs,
  );
  return start(bytes, threads, Object.fromEntries(outputs.map(({ name }) => [name, 'cpu'])));
}

const start = (bytes: Uint8Array, threads: number, preferredOutputLocation: { readonly [output: string]: 'cpu' | 'gpu-buffer' }) =>
  ort.InferenceSession.create(bytes, {
    // For what has no WebGPU kernel.
    intraOpNumThreads: threads,
    interOpNumThreads: 1,
    executionProviders: ['webgpu'],
    preferredOutputLocation,
    graphOptimizationLevel: 'all',
    logSeverityLevel: 3,
  });

/** As on the processor, state that the step never changes is built into the model when it is written, but for data sets, which stay in its memory. */
async function createProgram(trace: Trace, threads: number): Promise<Program> {
  const fixed = trace.state.filter((one) => one.input === one.output && !isData(trace, one));
  const signatures = new Map(trace.state.map(({ name, input }) => [name, trace.values[input]!]));
  let session = fixed.length === 0 ? await open(trace, threads, {}) : undefined;
  let reader: ort.InferenceSession | undefined;
  let frozen: Arrays = {};
  let held: ort.Tensor[] = [];
  let data: { readonly [input: string]: ort.Tensor } = {};

  const close = async (): Promise<void> => {
    release(held);
    held = [];
    await reader?.release();
    await session?.run.release();
    reader = session = undefined;
  };

  return {
    async write(state) {
      const checked = Object.fromEntries(trace.state.map(({ name }) => [name, check(name, state[name], signatures.get(name)!)]));
      if (fixed.length > 0) {
        await close();
        frozen = Object.fromEntries(fixed.map(({ name }) => [name, copy(checked[name]!)]));
        session = await open(trace, threads, frozen);
      }
      release(held);
      held = session!.lowered.state.map((slot) => {
        const numbers = numbersOf(slot.signature);
        fill(slot, checked, numbers);
        return toTensor(numbers, slot.signature);
      });
      data = Object.fromEntries(
        session!.lowered.data.map(({ name, input }) => [input, toTensor(checked[name]!.data, signatures.get(name)!)]),
      );
    },
    async run(feeds) {
      if (!session || held.length < session.lowered.state.length) throw new Error('The program has no state yet: write() comes first.');
      const { lowered, run } = session;
      const inputs: { [name: string]: ort.Tensor } = { ...data };
      lowered.state.forEach(({ input }, i) => (inputs[input] = held[i]!));
      trace.feeds.forEach(({ name, value }, i) => {
        const signature = trace.values[value]!;
        inputs[lowered.feeds[i]!.input] = toTensor(check(name, feeds[name], signature).data, signature);
      });
      const outputs = await run.run(inputs);
      release(held);
      held = lowered.state.map(({ output }) => outputs[output]!);
      return Object.fromEntries(
        lowered.results.map(({ name, output }, i) => [name, toArray(outputs[output]!, trace.values[trace.results[i]!.value]!)]),
      );
    },
    async read() {
      if (!session || held.length === 0) return frozen;
      const { state } = session.lowered;
      reader ??= await openReader(state, threads);
      const outputs = await reader.run(Object.fromEntries(state.map(({ input }, i) => [input, held[i]!])));
      const live = state.map((slot, i) => [slot.name, empty(slot, outputs[reader!.outputNames[i]!]!.data as Numbers)] as const);
      return { ...frozen, ...Object.fromEntries(live) };
    },
    dispose: close,
  };
}

/** Gives the GPU its memory back now: nobody waits for the garbage collector there. */
function release(tensors: readonly ort.Tensor[]): void {
  for (const tensor of tensors) if (tensor.location === 'gpu-buffer') tensor.dispose();
}

const toTensor = (data: NdArray['data'], { dtype, shape }: Signature): ort.Tensor => new ort.Tensor(dtype, data as never, [...shape]);

/** The numbers of a tensor in the processor's memory, not copied. */
const toArray = ({ data }: ort.Tensor, signature: Signature): NdArray =>
  ndarray(dtypeOf(signature) as 'float32', signature.shape, data as Float32Array);
