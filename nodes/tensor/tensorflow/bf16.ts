// Precision bf16: by TensorFlow's own rewrite where oneDNN has bfloat16 kernels, that is with AVX-512; elsewhere the inputs of convolutions and
// matrix products are rounded to bfloat16 and multiplied in float32, which gives the same precision at float32's speed.
import { readFileSync } from 'node:fs';
import type { Precision } from '../executor.ts';
import type { GraphWriter } from './graph.ts';

export type Mode = 'fp32' | 'rewritten' | 'rounded';

/** How a precision is had on this processor. */
export const modeOf = (precision: Precision): Mode => (precision === 'fp32' ? 'fp32' : hasAvx512() ? 'rewritten' : 'rounded');

/** Without it, TensorFlow's bfloat16 convolutions are ten times as slow as float32's, or missing (2.10). */
function hasAvx512(): boolean {
  try {
    return /^flags\s*:.*\bavx512f\b/m.test(readFileSync('/proc/cpuinfo', 'utf8'));
  } catch {
    return false;
  }
}

/** A float32 value rounded to the nearest bfloat16. */
export const rounded = (graph: GraphWriter, x: string): string =>
  graph.node('Cast', [graph.node('Cast', [x], { SrcT: { type: 'float32' }, DstT: { type: 'bfloat16' } })], {
    SrcT: { type: 'bfloat16' },
    DstT: { type: 'float32' },
  });
