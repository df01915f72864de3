// Runs traces with TensorFlow. A program's state stays in the variables of its session: a step feeds the batch and fetches its results.
import { KithError } from '../../../engine/errors.ts';
import { type CompileOptions, type Executor, isData, type Needs, type Program, type Trace } from '../executor.ts';
import { between, bytesOf, footprint } from '../memory.ts';
import { NORMALISED_CONVOLUTION, normalisedConvolutions } from '../normalised-convolution.ts';
import { modeOf } from './bf16.ts';
import { sessionConfig } from './config.ts';
import { gpuMemory } from './devices.ts';
import { findTensorflow, type TensorflowLibrary } from './find.ts';
import { loadTensorflow, type Tensorflow } from './library.ts';
import { lower } from './lower.ts';
import { NODE } from './names.ts';
import { openSession, type Port } from './session.ts';

/** What `--device tensorflow` is. A KithError where no library is found, or it does not load. */
export async function tensorflow(): Promise<Executor> {
  const library = await findTensorflow();
  try {
    return tensorflowExecutor(library);
  } catch (error) {
    throw new KithError(`The TensorFlow of ${library.source} does not load.`, {
      facts: [library.library, (error as Error).message.split('\n')[0]!],
      hint: 'kith setup gets one that does.',
    });
  }
}

/** Seen: 1.3 to 1.7 times what lies between operations, of which several run at once. */
const SLACK = 1.7;

const executors = new Map<string, Executor>();

/** The executor on one library: the same for as long as the process lives. */
export function tensorflowExecutor(library: TensorflowLibrary): Executor {
  const known = executors.get(library.library);
  if (known) return known;
  const loaded = loadTensorflow(library);
  let gpu: { readonly memory: number | undefined } | undefined;
  const executor: Executor = {
    name: 'tensorflow',
    version: `TensorFlow ${loaded.Version()} (${library.source})`,
    compile: async (trace, options) => createProgram(loaded, trace, options),
    needs: async (trace) => needs(normalisedConvolutions(trace)),
    memory: () => (gpu ??= { memory: gpuMemory(loaded) }).memory,
  };
  executors.set(library.library, executor);
  return executor;
}

/** Filters that are multiplied by their batch norm's factors are made anew in each run, and laid out anew: at worst all before the first is used. */
function needs(trace: Trace): Needs {
  const taken = footprint(trace);
  const { state, data, constants, feeds, results } = taken;
  const { least, most } = between(taken, state + data + 2 * constants + feeds + results, SLACK);
  const filters = trace.operations.flatMap(({ kernel, inputs }) => (kernel === NORMALISED_CONVOLUTION ? [inputs['filter']!] : []));
  return { least, most: most + 2 * filters.reduce((sum, filter) => sum + bytesOf(trace.values[filter]!), 0) };
}

function createProgram(loaded: Tensorflow, given: Trace, { threads, precision = 'fp32' }: CompileOptions): Program {
  const mode = modeOf(precision);
  const trace = normalisedConvolutions(given);
  const session = openSession(loaded, lower(trace, mode), sessionConfig(threads, mode), trace);
  const port = (name: string, value: number, node: string): Port => ({ name, node, signature: trace.values[value]! });
  const writable = trace.state.map(({ name, input }, at) => port(name, input, NODE.given(at)));
  const read = trace.state.flatMap((one, at) => (isData(trace, one) ? [] : [port(one.name, one.input, NODE.read(at))]));
  const feeds = trace.feeds.map(({ name, value }, at) => port(name, value, NODE.feed(at)));
  const results = trace.results.map(({ name, value }, at) => port(name, value, NODE.result(at)));
  const isStateless = trace.state.length === 0;
  let isWritten = isStateless;

  return {
    async write(state) {
      if (!isStateless) await session.run(writable, state, [], NODE.writeAll);
      isWritten = true;
    },
    async run(arrays) {
      if (!isWritten) throw new Error('The program has no state yet: write() comes first.');
      return session.run(feeds, arrays, results, NODE.step);
    },
    read: async () => (isWritten && read.length > 0 ? session.run([], {}, read) : {}),
    dispose: async () => session.close(),
  };
}
