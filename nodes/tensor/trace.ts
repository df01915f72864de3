// A step function, run once on tensors without numbers, becomes a list of operations: plain data that any executor can run.
// Knows no executor. The step must not look at numbers: a loop or branch that depends on a tensor's values cannot be traced.
import type * as tf from '@tensorflow/tfjs-core';
import type { Signatures, Trace } from './executor.ts';
import { prepare } from './batch-norm.ts';
import { gradients, type TensorMap } from './gradients.ts';
import { recorded } from './tracing/backend.ts';
import type { Recorder } from './tracing/recorder.ts';

export { gradients, type TensorMap };

/** A pure step in tfjs operations. The state it returns has the names, shapes and dtypes of the one it takes. */
export type Step = (state: TensorMap, feeds: TensorMap) => { readonly state: TensorMap; readonly results: TensorMap };

export interface StepSignatures {
  readonly state: Signatures;
  readonly feeds: Signatures;
}

/** Traces a step. Operations that cannot be recorded are KithErrors; a state that changes shape is an Error. */
export function traceStep(step: Step, signatures: StepSignatures): Trace {
  return recorded(({ recorder, symbol, valueOf }) => {
    prepare();
    const inputs = (group: Signatures): { [name: string]: Input } =>
      Object.fromEntries(
        Object.entries(group).map(([name, signature]) => {
          const value = recorder.input(signature);
          const seen = signature.dtype === 'uint8' ? widened(recorder, value) : value;
          return [name, { value, seen, tensor: symbol(seen) }];
        }),
      );
    const [state, feeds] = [inputs(signatures.state), inputs(signatures.feeds)];
    const tensors = (group: typeof state): TensorMap =>
      Object.fromEntries(Object.entries(group).map(([name, { tensor }]) => [name, tensor]));
    const next = step(tensors(state), tensors(feeds));
    return recorder.finish({
      state: Object.entries(state).map(([name, input]) => ({
        name,
        input: input.value,
        output: successor(recorder, name, input, next.state[name] && valueOf(next.state[name])),
      })),
      feeds: Object.entries(feeds).map(([name, { value }]) => ({ name, value })),
      results: Object.entries(next.results).map(([name, tensor]) => ({ name, value: valueOf(tensor) })),
    });
  });
}

interface Input {
  readonly value: number;
  /** What the step sees of it. */
  readonly seen: number;
  readonly tensor: tf.Tensor;
}

/** tfjs has no uint8. */
function widened(recorder: Recorder, value: number): number {
  const x = recorder.value(value);
  const output = { shape: x.shape, dtype: 'int32' as const };
  return recorder.emit({ kernel: 'Cast', inputs: { x }, attributes: { dtype: 'int32' }, outputs: [output] })[0]!.id;
}

function successor(recorder: Recorder, name: string, { value: before, seen }: Input, after: number | undefined): number {
  if (after === undefined) throw new Error(`The step returns no state "${name}".`);
  if (after === seen) return before;
  const [was, is] = [recorder.signature(before), recorder.signature(after)];
  if (was.dtype !== is.dtype || String(was.shape) !== String(is.shape)) {
    throw new Error(`The step turns state "${name}" from ${was.dtype} [${was.shape}] into ${is.dtype} [${is.shape}].`);
  }
  return after;
}
