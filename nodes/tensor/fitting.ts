// Refuses a step that the device has not the memory for, before anything is allocated, and says what will fit. In doubt it refuses nothing.
import { KithError } from '../../engine/errors.ts';
import { bytes } from '../../engine/report/format.ts';
import type { Executor, Trace } from './executor.ts';
import { freeMemory } from './memory.ts';

/** How a step depends on the number of rows that it takes. */
export interface Batch {
  readonly size: number;
  /** The step for another size. */
  readonly trace: (size: number) => Trace;
}

/** A KithError where the least that the step takes is more than there is; with the largest batch that is sure to fit, where `batch` is given. */
export async function demandMemory(executor: Executor, trace: Trace, batch?: Batch): Promise<void> {
  const needed = (await executor.needs?.(trace))?.least ?? 0;
  const own = executor.memory?.();
  const free = own ?? freeMemory();
  if (needed <= free) return;
  const largest = batch && (await largestOf(executor, batch, free));
  throw new KithError(`A step${batch ? ` with a batch of ${batch.size.toLocaleString('en')}` : ''} does not fit into memory.`, {
    facts: [
      `it takes at least ${bytes(needed)}; ${own === undefined ? `${bytes(free)} are free` : `${executor.version} has ${bytes(free)}`}`,
      ...(largest === undefined ? [] : [largest === 0 ? 'no batch will fit' : `a batch of ${largest.toLocaleString('en')} will fit`]),
    ],
    hint: largest ? `Set batch to ${largest} or less.` : 'Use a smaller network, smaller images, or a machine with more memory.',
  });
}

/** The smallest batch that any training takes. */
const SMALLEST = 2;

/** The largest batch of which the most that it takes is there; 0 where none is. By halves: needs grow with the batch. */
async function largestOf(executor: Executor, { size, trace }: Batch, free: number): Promise<number> {
  const fits = async (rows: number): Promise<boolean> => (await executor.needs!(trace(rows))).most <= free;
  if (size <= SMALLEST || !(await fits(SMALLEST))) return 0;
  let [fitting, tooLarge] = [SMALLEST, size];
  while (tooLarge - fitting > 1) {
    const middle = Math.floor((fitting + tooLarge) / 2);
    if (await fits(middle)) fitting = middle;
    else tooLarge = middle;
  }
  return fitting;
}
