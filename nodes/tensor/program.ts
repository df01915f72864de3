// From a step function to a program that runs it: trace, executor, compilation. Traces are remembered for as long as their step lives.
import { chooseExecutor } from './choose.ts';
import type { CompileOptions, Program, Signatures, Trace } from './executor.ts';
import { demandMemory } from './fitting.ts';
import { footprint } from './memory.ts';
import { type Step, type StepSignatures, traceStep } from './trace.ts';

export interface Machine extends CompileOptions {
  /** `auto`, `onnx`, `cpu`, `tensorflow` or `tfjs`. */
  readonly device: string;
}

/**
 * Compiles a step for these shapes. The same function with the same signatures is traced once. A KithError where the device has not the memory
 * for it; with the largest batch that would fit where `batch`, the number of rows that feeds have or have a multiple of, is given.
 */
export async function compileStep(
  step: Step,
  signatures: StepSignatures,
  { device, threads, precision = 'fp32' }: Machine,
  batch?: number,
): Promise<Program> {
  const executor = await chooseExecutor(device, precision);
  const trace = remembered(step, signatures);
  await demandMemory(executor, trace, batch === undefined ? undefined : { size: batch, trace: resized(step, signatures, batch) });
  return executor.compile(trace, { threads, precision });
}

/**
 * Half of the rows, and half of that, until what lies between the operations takes no more than so many bytes. Asks no machine: the same step
 * takes as many rows, and so gives the same bits, wherever it runs.
 */
export function rowsWithin(bytes: number, step: Step, signatures: StepSignatures, rows: number): number {
  const trace = resized(step, signatures, rows);
  let fitting = rows;
  while (fitting > 1 && footprint(trace(fitting)).working > bytes) fitting = Math.ceil(fitting / 2);
  return fitting;
}

/** The step for another number of rows. */
const resized =
  (step: Step, { state, feeds }: StepSignatures, from: number) =>
  (to: number): Trace =>
    remembered(step, { state, feeds: resizedFeeds(feeds, from, to) });

/** Feeds with a multiple of `from` rows have the same multiple of `to`; scalars stay. */
const resizedFeeds = (feeds: Signatures, from: number, to: number): Signatures =>
  Object.fromEntries(
    Object.entries(feeds).map(([name, { shape, dtype }]) => {
      const [rows, ...inner] = shape;
      return [name, { shape: rows === undefined ? [] : [Math.max(1, Math.round((rows * to) / from)), ...inner], dtype }];
    }),
  );

const traces = new WeakMap<Step, Map<string, Trace>>();

function remembered(step: Step, signatures: StepSignatures): Trace {
  const known = traces.get(step) ?? new Map<string, Trace>();
  traces.set(step, known);
  const key = JSON.stringify(signatures);
  const trace = known.get(key) ?? traceStep(step, signatures);
  known.set(key, trace);
  return trace;
}
