// The executors that the parity suite compares with tfjs' JS backend: those that are here, and why others are not.
import type { Executor } from '../../../nodes/tensor/executor.ts';
import { blockSize } from '../../../nodes/tensor/onnx/probe.ts';
import { onnxExecutor } from '../../../nodes/tensor/onnx/session.ts';
import { eagerExecutor } from '../../../nodes/tensor/tfjs/eager.ts';
import { executorOn, missing } from './libraries.ts';

export interface Candidate {
  readonly name: string;
  /** The executor, or in a sentence why it is not here. */
  load(): Promise<Executor | string>;
}

/** WebGPU has a job of its own, since it may take its process down: `npm run test:webgpu`. */
const CANDIDATES: readonly Candidate[] = [
  {
    name: 'onnx, blocked',
    load: async () => ((await blockSize()) > 0 ? onnxExecutor('fastest') : 'this processor has no blocked kernels'),
  },
  { name: 'onnx, plain', load: async () => onnxExecutor('plain') },
  { name: 'tensorflow', load: async () => missing('KITH_TENSORFLOW') ?? executorOn('KITH_TENSORFLOW') },
  { name: 'the interpreter', load: async () => eagerExecutor('cpu') },
];

export interface Present {
  readonly name: string;
  readonly executor: Executor;
}

const loaded = await Promise.all(CANDIDATES.map(async ({ name, load }) => ({ name, found: await load() })));

export const EXECUTORS: readonly Present[] = loaded.flatMap(({ name, found }) =>
  typeof found === 'string' ? [] : [{ name, executor: found }],
);

/** Those with kernels of their own. */
export const COMPILED: readonly Present[] = EXECUTORS.filter(({ executor }) => executor.name !== 'tfjs');

/** Those that are not here, as `name: reason`. */
export const ABSENT: readonly string[] = loaded.flatMap(({ name, found }) => (typeof found === 'string' ? [`${name}: ${found}`] : []));
