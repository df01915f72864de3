// From a step function to a program that runs it: trace, executor, compilation. Traces are remembered for as long as their step lives.
import { chooseExecutor } from './choose.ts';
import type { CompileOptions, Program, Trace } from './executor.ts';
import { type Step, type StepSignatures, traceStep } from './trace.ts';

export interface Machine extends CompileOptions {
  /** `auto`, `onnx`, `cpu`, `tensorflow` or `tfjs`. */
  readonly device: string;
}

/** Compiles a step for these shapes. The same function with the same signatures is traced once. */
export async function compileStep(
  step: Step,
  signatures: StepSignatures,
  { device, threads, precision = 'fp32' }: Machine,
): Promise<Program> {
  const executor = await chooseExecutor(device, precision);
  return executor.compile(remembered(step, signatures), { threads, precision });
}

const traces = new WeakMap<Step, Map<string, Trace>>();

function remembered(step: Step, signatures: StepSignatures): Trace {
  const known = traces.get(step) ?? new Map<string, Trace>();
  traces.set(step, known);
  const key = JSON.stringify(signatures);
  const trace = known.get(key) ?? traceStep(step, signatures);
  known.set(key, trace);
  return trace;
}
