// Trace → ONNX with the blocked kernels of ONNX Runtime's CPU build: convolutions, their gradients and batch norm. The domain is internal to
// the pinned version, so a session uses this lowering only after `probe.ts` has checked it. What has no rule here stays plain.
import type { Trace } from '../executor.ts';
import { batchNorm, batchNormGradient, centred, reluGradient } from './blocked-batch-norm.ts';
import { convolution } from './blocked-convolution.ts';
import { filterGradient } from './blocked-filter-gradient.ts';
import { inputGradients } from './blocked-input-gradient.ts';
import { spatialMean } from './blocked-mean.ts';
import { filtersOf } from './filters.ts';
import { fuse } from './fusion.ts';
import type { LowerSome } from './lower.ts';
import { freeze, type Lowered, lowerWith } from './plain.ts';
import type { Frozen } from './values.ts';

const RULES: { readonly [kernel: string]: LowerSome } = {
  BatchNorm: batchNorm,
  BatchNormTrainingGrad: batchNormGradient,
  Centred: centred,
  Conv2D: convolution,
  Conv2DBackpropFilter: filterGradient,
  InputGradients: inputGradients,
  Mean: spatialMean,
  ReluGradient: reluGradient,
  ShiftedConv2D: convolution,
};

/** Lowers a whole trace with blocks of `block` channels, see `lowerPlain`. */
export function lowerBlocked(trace: Trace, frozen: Frozen, block: number): Lowered {
  const fused = fuse(freeze(trace, frozen), block);
  return lowerWith(fused, {
    block,
    filters: filtersOf(fused, block),
    first: (operation, values) => RULES[operation.kernel]?.(operation, values) ?? false,
  });
}
