// Trace → ONNX with the blocked kernels of ONNX Runtime's CPU build: convolutions, their gradients and batch norm. The domain is internal to
// the pinned version, so a session uses this lowering only after `probe.ts` has checked it. What has no rule here stays plain.
import type { Operation, Trace } from '../executor.ts';
import { batchNorm, batchNormGradient } from './blocked-batch-norm.ts';
import { convolution, inputGradient } from './blocked-convolution.ts';
import { filterGradient } from './blocked-filter-gradient.ts';
import { spatialMean } from './blocked-mean.ts';
import type { LowerSome } from './lower.ts';
import { type Lowered, lowerWith } from './plain.ts';
import type { Frozen, Values } from './values.ts';

const RULES: { readonly [kernel: string]: LowerSome } = {
  BatchNormTraining: batchNorm,
  BatchNormTrainingGrad: batchNormGradient,
  Conv2D: convolution,
  Conv2DBackpropFilter: filterGradient,
  Conv2DBackpropInput: inputGradient,
  Mean: spatialMean,
};

/** Lowers a whole trace with blocks of `block` channels, see `lowerPlain`. */
export function lowerBlocked(trace: Trace, frozen: Frozen, block: number): Lowered {
  return lowerWith(
    trace,
    frozen,
    block,
    (operation: Operation, values: Values) => done(operation, values) || (RULES[operation.kernel]?.(operation, values) ?? false),
  );
}

/** Whether an earlier rule wrote this operation together with its own. */
const done = ({ outputs }: Operation, { has }: Values): boolean => outputs.every((output) => has(output, 'blocked'));
