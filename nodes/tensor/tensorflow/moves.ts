// Recognises, in a trace, the moves of Kith's optimizers (nodes/training/optimizer.ts) for which TensorFlow has a kernel.
import type { Operation, Trace } from '../executor.ts';
import type { Attributes } from './graph.ts';
import { matchAll, type Pattern } from './pattern.ts';
import type { Values } from './values.ts';

/** A parameter's move together with that of its moments. */
export interface Move {
  readonly operator: string;
  /** Places in the state that it moves, the parameter first. */
  readonly places: readonly number[];
  /** Names of the kernel's inputs behind the variables. */
  readonly inputs: readonly string[];
  readonly attributes: Attributes;
  /** Operations of the trace that it takes the place of. */
  readonly instead: ReadonlySet<Operation>;
}

type Parts = { readonly [name: string]: number };
type Kernel = (parts: Parts, values: Values) => Pick<Move, 'inputs' | 'attributes'>;

interface Optimizer {
  readonly operator: string;
  /** Variables of the kernel: the names of a value before the step and after it. */
  readonly variables: readonly (readonly [before: string, after: string])[];
  /** What the values after a step are made of, the parameter first. */
  readonly patterns: { readonly [after: string]: Pattern };
  /** Parts that are numbers, known now or fed. */
  readonly scalars: readonly string[];
  readonly kernel: Kernel;
}

const FLOAT = { T: { type: 'float32' } } as const;

/**
 * Kith's   w ← w − p · m / (√v · c + ε)   is TensorFlow's   w ← w − α · m / (√v + ε̂)   with α = p/c, ε̂ = ε/c and powers of β that are 0, since p
 * and c hold the correction of bias already.
 */
const ADAM: Optimizer = {
  operator: 'ResourceApplyAdam',
  variables: [['w', 'w+'], ['m', 'm+'], ['v', 'v+']], // prettier-ignore
  patterns: {
    'w+': ['Sub', 'w', ['Multiply', ['RealDiv', 'm+', ['Add', ['Multiply', ['Sqrt', 'v+'], 'c'], 'ε']], 'p']],
    'm+': ['Add', ['Multiply', 'm', 'β1'], ['Multiply', 'g', '1−β1']],
    'v+': ['Add', ['Multiply', 'v', 'β2'], ['Multiply', ['Square', 'g'], '1−β2']],
  },
  scalars: ['c', 'p', 'ε', 'β1', 'β2', '1−β1', '1−β2'],
  kernel: ({ p, c, ε, β1, β2, g }, { graph, get }) => {
    const [rate, epsilon] = [p, ε].map((part) => graph.node('RealDiv', [get(part!), get(c!)], FLOAT)) as [string, string];
    const zero = graph.constant('float32', [], [0]);
    return { inputs: [zero, zero, rate, get(β1!), get(β2!), epsilon, get(g!)], attributes: {} };
  },
};

const momentum = (nesterov: boolean): Optimizer => ({
  operator: 'ResourceApplyMomentum',
  variables: [['w', 'w+'], ['m', 'm+']], // prettier-ignore
  patterns: {
    'w+': ['Sub', 'w', ['Multiply', nesterov ? ['Add', 'g', ['Multiply', 'm+', 'μ']] : 'm+', 'η']],
    'm+': ['Add', ['Multiply', 'm', 'μ'], 'g'],
  },
  scalars: ['μ', 'η'],
  kernel: ({ g, μ, η }, { get }) => ({ inputs: [get(η!), get(g!), get(μ!)], attributes: { use_nesterov: nesterov } }),
});

const OPTIMIZERS: readonly Optimizer[] = [ADAM, momentum(false), momentum(true)];

/** The move of the state at a place, where it is a parameter that one of the optimizers moves. */
export function moveOf(trace: Trace, values: Values, place: number): Move | undefined {
  for (const { operator, variables, patterns, scalars, kernel } of OPTIMIZERS) {
    const { output } = trace.state[place]!;
    const matched = matchAll({ 'w+': output }, patterns, values);
    if (!matched) continue;
    const { parts, covered } = matched;
    const places = variables.map(([before, after]) => placeOf(trace, parts[before]!, parts[after]!));
    const isWhole = places[0] === place && places.every((at) => at >= 0) && scalars.every((name) => isScalar(parts[name]!, values));
    if (isWhole && values.signature(parts['g']!).shape.length === values.signature(output).shape.length)
      return { operator, places, instead: covered, ...kernel(parts, values) };
  }
  return undefined;
}

const placeOf = ({ state }: Trace, before: number, after: number): number =>
  state.findIndex(({ input, output }) => input === before && output === after);

const isScalar = (value: number, { signature }: Values): boolean =>
  signature(value).shape.length === 0 && signature(value).dtype === 'float32';
