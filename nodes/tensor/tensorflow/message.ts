// TensorFlow's messages as sentences that name the operation of the step.
import { KithError } from '../../../engine/errors.ts';
import type { Trace } from '../executor.ts';
import { operationIn } from './names.ts';

/** TF_RESOURCE_EXHAUSTED: memory that could not be had. */
const EXHAUSTED = 8;

/** What TensorFlow said, about an operation of the trace if it names one. */
export function failure(code: number, message: string, trace: Trace, version: string): KithError {
  const [reason] = message.trim().split('\n');
  const at = operationIn(message);
  const operation = trace.operations[at];
  const facts = [reason!, ...(operation ? [inputsOf(trace, at)] : []), version];
  const hint = code === EXHAUSTED ? 'There is not enough memory: try a smaller batch.' : 'If the step is right, --device onnx may run it.';
  const what = operation ? `the operation ${operation.kernel}, number ${at + 1} of ${trace.operations.length} in the step` : 'the step';
  return new KithError(`TensorFlow could not run ${what}.`, { facts, hint });
}

function inputsOf({ operations, values }: Trace, at: number): string {
  const inputs = Object.entries(operations[at]!.inputs);
  return `its inputs: ${inputs.map(([name, value]) => `${name} ${values[value]!.dtype} [${values[value]!.shape}]`).join(', ')}`;
}
