// Runs traces with ONNX Runtime's CPU kernels.
import { type Arrays, type Executor, isData, type Program, type Trace } from '../executor.ts';
import { refuseBf16 } from '../precision.ts';
import { check, copy } from './arrays.ts';
import { assemble, type Assembly } from './assembly.ts';
import { lowerBlocked } from './blocked.ts';
import { versionOf } from './library.ts';
import { lowerPlain } from './plain.ts';
import { blockSize } from './probe.ts';

/** `fastest` uses blocked kernels where they are here and right, `plain` never: for comparisons. */
export type Lowering = 'fastest' | 'plain';

export function onnxExecutor(lowering: Lowering): Executor {
  return {
    name: 'onnx',
    version: versionOf(),
    compile: async (trace, options) => {
      refuseBf16('onnx', options);
      return createProgram(trace, options.threads, lowering === 'plain' ? 0 : await blockSize());
    },
  };
}

/** What `--device onnx` is. */
export const onnx: Executor = onnxExecutor('fastest');

/**
 * State that the step never changes is built into the model when it is written: convolutions of constant filters are several times as fast.
 * So a program that has such state opens its session at `write`, others at once. Data sets are read where they lie.
 */
async function createProgram(trace: Trace, threads: number, block: number): Promise<Program> {
  const fixed = trace.state.filter((one) => one.input === one.output && !isData(trace, one));
  const open = (frozen: Arrays): Promise<Assembly> =>
    assemble(trace, block > 0 ? lowerBlocked(trace, frozen, block) : lowerPlain(trace, frozen), threads);
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
