// Rewriting a trace: what the passes of the lowerings share. A trace stays plain data; kernels may be a lowering's own.
import type { Operation, Trace } from './executor.ts';
import { readersOf } from './readers.ts';

/** One operation in place of several. */
export interface Merger {
  readonly made: Operation;
  readonly gone: readonly Operation[];
}

/** What an operation becomes together with some of those that made its inputs: `own(name)` made an input that nobody else reads. */
export type Merge = (reader: Operation, own: (input: string) => Operation | undefined) => Merger | undefined;

/** Merges wherever the rule applies, in order, so that what was merged may be merged again. */
export function merge(trace: Trace, rule: Merge): Trace {
  const readers = readersOf(trace);
  const makers = new Map<number, Operation>();
  const operations = new Set<Operation>();
  for (const operation of trace.operations) {
    const own = (input: string): Operation | undefined => {
      const value = operation.inputs[input]!;
      return readers(value).length === 1 ? makers.get(value) : undefined;
    };
    const merger = rule(operation, own);
    const isSound = merger && !merger.gone.some((old) => needs(merger.made, old, makers));
    const { made, gone } = isSound ? merger : { made: operation, gone: [] };
    for (const old of gone) operations.delete(old);
    operations.add(made);
    for (const output of made.outputs) makers.set(output, made);
  }
  return { ...trace, operations: inOrder([...operations]) };
}

/** Whether an operation still needs the results of another, directly or by way of others. */
function needs(operation: Operation, other: Operation, makers: ReadonlyMap<number, Operation>, seen = new Set<Operation>()): boolean {
  return Object.values(operation.inputs).some((input) => {
    const maker = makers.get(input);
    if (!maker || seen.has(maker)) return false;
    seen.add(maker);
    return maker === other || needs(maker, other, makers, seen);
  });
}

/** Each after what it reads, otherwise as they come. */
export function inOrder(operations: readonly Operation[]): readonly Operation[] {
  const makers = makersOf(operations);
  const ordered = new Set<Operation>();
  const visit = (operation: Operation): void => {
    if (ordered.has(operation)) return;
    for (const input of Object.values(operation.inputs)) {
      const maker = makers.get(input);
      if (maker && maker !== operation) visit(maker);
    }
    ordered.add(operation);
  };
  operations.forEach(visit);
  return [...ordered];
}

export const makersOf = (operations: readonly Operation[]): ReadonlyMap<number, Operation> =>
  new Map(operations.flatMap((operation) => operation.outputs.map((output) => [output, operation] as const)));
