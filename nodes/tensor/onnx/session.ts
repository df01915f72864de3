// Runs traces with ONNX Runtime's CPU kernels.
import { join } from 'node:path';
import { type Arrays, type Executor, isData, type Needs, type Program, type Trace } from '../executor.ts';
import { between, footprint } from '../memory.ts';
import { normalisedConvolutions } from '../normalised-convolution.ts';
import { refuseBf16 } from '../precision.ts';
import { userCacheFolder } from '../user-cache.ts';
import { check, copy } from './arrays.ts';
import { assemble, type Assembly } from './assembly.ts';
import { lowerBlocked } from './blocked.ts';
import { fuse } from './fusion.ts';
import { type Kept, keptIn } from './kept.ts';
import { lowerOnce } from './kept-lowering.ts';
import { versionOf } from './library.ts';
import { isPlanned } from './memory-plan.ts';
import { lowerPlain, type Lowered } from './plain.ts';
import { blockSize } from './probe.ts';

/** Lowered traces, of some megabytes each. */
const MOST_KEPT = 64;

/** `fastest` uses blocked kernels where they are here and right, `plain` never: for comparisons. */
export type Lowering = 'fastest' | 'plain';

/** Lowered traces and the self-test's outcome are kept in `folder` (default: Kith's own, for all projects of the user). */
export function onnxExecutor(lowering: Lowering, folder = join(userCacheFolder(), 'onnx')): Executor {
  const kept = keptIn(join(folder, 'lowered'), MOST_KEPT);
  const block = async (): Promise<number> => (lowering === 'plain' ? 0 : blockSize(folder));
  return {
    name: 'onnx',
    version: versionOf(),
    compile: async (trace, options) => {
      refuseBf16('onnx', options);
      return createProgram(trace, options.threads, await block(), kept);
    },
    needs: async (trace) => needs(trace, await block()),
  };
}

/** What `--device onnx` is. */
export const onnx: Executor = onnxExecutor('fastest');

/** Seen: 1.1 to 1.5 times what lies between operations with blocked kernels; with plain ones, which lay images out anew, up to 2.3 times. */
const [BLOCKED_SLACK, PLAIN_SLACK] = [1.6, 2.3];
/** What a plan comes to on top of that. */
const PLAN_SLACK = 1.5;

/** State lies in two sets of arrays, constants in the model and in the session; data sets are read where the caller has them. */
function needs(trace: Trace, block: number): Needs {
  const taken = footprint(normalisedConvolutions(block > 0 ? fuse(trace, block) : trace));
  const slack = (block > 0 ? BLOCKED_SLACK : PLAIN_SLACK) + (isPlanned(trace) ? PLAN_SLACK : 0);
  return between(taken, 2 * taken.state + 2 * taken.constants + taken.feeds + taken.results, slack);
}

/**
 * State that the step never changes is built into the model when it is written: convolutions of constant filters are several times as fast.
 * So a program that has such state opens its session at `write`, others at once. Data sets are read where they lie.
 */
async function createProgram(trace: Trace, threads: number, block: number, kept: Kept): Promise<Program> {
  const fixed = trace.state.filter((one) => one.input === one.output && !isData(trace, one));
  const lower = (frozen: Arrays): Lowered => (block > 0 ? lowerBlocked(trace, frozen, block) : lowerPlain(trace, frozen));
  const open = (frozen: Arrays): Promise<Assembly> => {
    // Models with weights in them are seldom the same twice.
    const lowered = fixed.length > 0 ? lower(frozen) : lowerOnce(trace, `block ${block}`, kept, () => lower({}));
    return assemble(trace, lowered, threads);
  };
  let assembly = fixed.length === 0 ? await open({}) : undefined;
  let frozen: Arrays = {};
  let isWritten = false;
  let running: Promise<unknown> = Promise.resolve();

  const dispose = async (): Promise<void> => {
    await running.catch(() => {});
    assembly?.release();
    [assembly, isWritten] = [undefined, false];
  };

  return {
    async write(state) {
      const checked = Object.fromEntries(trace.state.map(({ name, input }) => [name, check(name, state[name], trace.values[input]!)]));
      if (fixed.length > 0) {
        await dispose();
        frozen = Object.fromEntries(fixed.map(({ name }) => [name, copy(checked[name]!)]));
        assembly = await open(frozen);
      }
      assembly!.write(checked);
      isWritten = true;
    },
    async run(feeds) {
      if (!assembly || !isWritten) throw new Error('The program has no state yet: write() comes first.');
      const step = assembly.run(
        Object.fromEntries(trace.feeds.map(({ name, value }) => [name, check(name, feeds[name], trace.values[value]!)])),
      );
      running = step;
      return step;
    },
    read: async () => ({ ...frozen, ...assembly?.read() }),
    dispose,
  };
}
