// Who reads a value of a trace.
import type { Operation, Trace } from './executor.ts';

/** The operations that read a value, each once; undefined for each time that the trace itself gives it out. */
export function readersOf({ operations, state, results }: Trace): (value: number) => readonly (Operation | undefined)[] {
  const readers = new Map<number, (Operation | undefined)[]>();
  const read = (value: number, by?: Operation): void => {
    const known = readers.get(value);
    if (known) known.push(by);
    else readers.set(value, [by]);
  };
  for (const operation of operations) for (const input of new Set(Object.values(operation.inputs))) read(input, operation);
  for (const { output } of state) read(output);
  for (const { value } of results) read(value);
  return (value) => readers.get(value) ?? [];
}
