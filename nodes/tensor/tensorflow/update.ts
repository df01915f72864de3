// How the state moves on at the end of a step. A parameter that Adam or momentum moves is moved by TensorFlow's fused kernel, in place and in one
// pass over memory, where twelve operations make twelve; everything else is assigned.
import type { Operation, Trace } from '../executor.ts';
import { type Move, moveOf } from './moves.ts';
import { NODE } from './names.ts';
import type { Values } from './values.ts';

/** Writes the updates and returns the nodes that a step must run. */
export function moveState(trace: Trace, values: Values): string[] {
  const moves = trace.state.flatMap((_, at) => moveOf(trace, values, at) ?? []);
  const done = new Set(moves.flatMap(({ places }) => places));
  const assigned = trace.state.flatMap(({ input, output }, at) => {
    if (input === output || done.has(at)) return [];
    const given = [NODE.variable(at), values.get(output), after(NODE.read(at))];
    return values.graph.named(NODE.next(at), 'AssignVariableOp', given, { dtype: values.type(input) });
  });
  return [...moves.map((move) => write(move, trace, values)), ...assigned];
}

const after = (name: string): string => `^${name.replace(/:\d+$/, '')}`;

/** In place means: once everything that reads the parameter has read it, or the kernel would move a copy. */
function write({ operator, places, inputs, attributes, instead }: Move, trace: Trace, values: Values): string {
  const [weight] = places;
  const { input } = trace.state[weight!]!;
  const readers = trace.operations.filter((operation) => reads(operation, input) && !instead.has(operation));
  const reading = [...new Set(readers.map(({ outputs }) => after(values.get(outputs[0]!))))];
  const given = [...places.map(NODE.variable), ...inputs, ...reading];
  return values.graph.named(NODE.next(weight!), operator, given, { T: values.type(input), ...attributes });
}

const reads = ({ inputs }: Operation, value: number): boolean => Object.values(inputs).includes(value);
