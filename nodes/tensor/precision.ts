// The refusal of a precision that an executor lacks: results of another precision are never passed off as those that were asked for.
import { KithError } from '../../engine/errors.ts';
import type { CompileOptions } from './executor.ts';

/** For an executor that computes in float32 alone. */
export function refuseBf16(device: string, { precision = 'fp32' }: CompileOptions): void {
  if (precision === 'fp32') return;
  throw new KithError(`The device "${device}" cannot compute in ${precision}.`, {
    facts: ['it computes in fp32; the device "tensorflow" can do both'],
    hint: 'Use --device tensorflow (kith setup gets it), or precision: fp32.',
  });
}
