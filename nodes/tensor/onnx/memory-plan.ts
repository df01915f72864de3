// Whether ONNX Runtime plans a run's memory. Its plan comes on top of the memory that the first run took piece by piece, so that a step takes up to
// twice as much; small steps are faster with it, large ones are not.
import type { Trace } from '../executor.ts';
import { footprint } from '../memory.ts';

/** Bytes between operations. */
const SMALL = 2 ** 27;

export const isPlanned = (trace: Trace): boolean => footprint(trace).working < SMALL;
