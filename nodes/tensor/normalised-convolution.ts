// In inference, batch norm and what follows it are part of the convolution before them: trace in, trace out. A kernel of its own:
//
//   NormalisedConv2D { x, filter, mean, variance, offset?, scale?, residual? }   batch norm of conv(x), plus residual, clipped at 0 if `relu`
import type { Operation, Trace } from './executor.ts';
import { merge, type Merge } from './rewrite.ts';

export const NORMALISED_CONVOLUTION = 'NormalisedConv2D';

/** Wherever nobody else reads what lies between. */
export function normalisedConvolutions(trace: Trace): Trace {
  const rules = [normalisation, residualOf(trace, NORMALISED_CONVOLUTION), activationOf(NORMALISED_CONVOLUTION)];
  return rules.reduce(merge, trace);
}

/** batch norm by running statistics of a convolution */
const normalisation: Merge = (norm, own) => {
  const convolution = norm.kernel === 'FusedBatchNorm' ? own('x') : undefined;
  if (convolution?.kernel !== 'Conv2D') return undefined;
  const { x: _, ...statistics } = norm.inputs;
  const made: Operation = {
    kernel: NORMALISED_CONVOLUTION,
    inputs: { ...convolution.inputs, ...statistics },
    attributes: { ...convolution.attributes, ...norm.attributes },
    outputs: norm.outputs,
  };
  return { made, gone: [convolution] };
};

export const SIDES = [
  ['a', 'b'],
  ['b', 'a'],
] as const;

/** Whether two values have one shape. */
export const areAlike = ({ values }: Trace, a: number, b: number): boolean => String(values[a]!.shape) === String(values[b]!.shape);

/** What the kernel normalises + another tensor */
export const residualOf =
  (trace: Trace, kernel: string): Merge =>
  (sum, own) => {
    if (sum.kernel !== 'Add' || !areAlike(trace, sum.inputs['a']!, sum.inputs['b']!)) return undefined;
    for (const [side, other] of SIDES) {
      const norm = own(side);
      if (norm?.kernel !== kernel || norm.outputs[0] !== sum.inputs[side] || 'residual' in norm.inputs) continue;
      const inputs = { ...norm.inputs, residual: sum.inputs[other]! };
      return { made: { ...norm, inputs, outputs: norm.outputs.with(0, sum.outputs[0]!) }, gone: [norm] };
    }
    return undefined;
  };

/** relu(what the kernel normalises) */
export const activationOf =
  (kernel: string): Merge =>
  (relu, own) => {
    const norm = relu.kernel === 'Relu' ? own('x') : undefined;
    if (norm?.kernel !== kernel || norm.outputs[0] !== relu.inputs['x']) return undefined;
    const attributes = { ...norm.attributes, relu: true };
    return { made: { ...norm, attributes, outputs: norm.outputs.with(0, relu.outputs[0]!) }, gone: [norm] };
  };
