// A trace as lines for people: to read what was recorded, and what a pass of a lowering made of it. Nothing parses it.
import type { Trace } from './executor.ts';

/** One line an operation: `%12 [8,4,4,16] = Conv2D x=pixels filter=%3 {"strides":[1,1]}`; inputs of the trace by their names. */
export function traceText({ values, constants, operations, state, feeds, results }: Trace): string {
  const names = new Map([
    ...constants.map(({ value, array }) => [value, array.data.length === 1 ? String(array.data[0]) : `constant%${value}`] as const),
    ...[...feeds.map(({ name, value }) => ({ name, input: value })), ...state].map(({ name, input }) => [input, name] as const),
  ]);
  const nameOf = (value: number): string => names.get(value) ?? `%${value}`;
  const lines = operations.map(({ kernel, inputs, attributes, outputs }) => {
    const made = outputs.map((output) => `${nameOf(output)} [${values[output]!.shape}]`).join(', ');
    const read = Object.entries(inputs).map(([name, value]) => ` ${name}=${nameOf(value)}`);
    return `${made} = ${kernel}${read.join('')}${Object.keys(attributes).length > 0 ? ` ${JSON.stringify(attributes)}` : ''}`;
  });
  const given = [...state.map(({ name, output }) => ({ name, value: output })), ...results];
  return [...lines, ...given.map(({ name, value }) => `${name} ← ${nameOf(value)}`)].join('\n');
}
