// How much memory a step takes at its height, told from its trace before anything is allocated; and what the machine has. Knows no executor.
import { readFileSync } from 'node:fs';
import { freemem, totalmem } from 'node:os';
import { type Needs, type Operation, type Signature, type Trace, isData } from './executor.ts';
import { NORMALISED_CONVOLUTION } from './normalised-convolution.ts';
import { ELEMENTWISE } from './tracing/elementwise.ts';

/** Bytes. */
export interface Footprint {
  /** All state but data sets, once. */
  readonly state: number;
  /** Data sets, which may lie where the caller has them. */
  readonly data: number;
  readonly constants: number;
  readonly feeds: number;
  readonly results: number;
  /** What lies between: values that are made and not needed any more, when most of them are needed at once. */
  readonly working: number;
}

const BYTES = { float32: 4, int32: 4, bool: 1, uint8: 1 } as const;

/** Bytes of a value. */
export const bytesOf = ({ shape, dtype }: Signature): number => shape.reduce((product, side) => product * side, BYTES[dtype]);

/** The least that a step takes which does its operations in their order, frees at once, and overwrites where it can. */
export function footprint(trace: Trace): Footprint {
  const { values, constants, state, feeds, results } = trace;
  const sum = (list: readonly number[]): number => list.reduce((total, value) => total + bytesOf(values[value]!), 0);
  return {
    state: sum(state.filter((one) => !isData(trace, one)).map(({ input }) => input)),
    data: sum(state.filter((one) => isData(trace, one)).map(({ input }) => input)),
    constants: sum(constants.map(({ value }) => value)),
    feeds: sum(feeds.map(({ value }) => value)),
    results: sum(results.map(({ value }) => value)),
    working: working(trace),
  };
}

/**
 * What lies between the operations is taken at least once, and up to `slack` times: by copies that a lowering makes, operations that do not wait
 * for others' memory, and the pieces that allocators leave over.
 */
export const between = ({ working }: Footprint, lasting: number, slack: number): Needs => ({
  least: lasting + working,
  most: lasting + slack * working,
});

/** Liveness over the operations in order. Values that outlive the step have places of their own. */
function working({ values, constants, operations, state, feeds, results }: Trace): number {
  const roots = rootsOf(operations);
  const root = (value: number): number => roots.get(value) ?? value;
  const elsewhere = new Set(
    [
      ...constants.map(({ value }) => value),
      ...state.flatMap(({ input, output }) => [input, output]),
      ...feeds.map(({ value }) => value),
      ...results.map(({ value }) => value),
    ].map(root),
  );
  const own = (list: readonly number[]): number[] => [...new Set(list.map(root))].filter((value) => !elsewhere.has(value));
  const ends = new Map<number, number>();
  operations.forEach(({ inputs, outputs }, at) => {
    for (const value of own([...Object.values(inputs), ...outputs])) ends.set(value, at);
  });
  let [live, most] = [0, 0];
  operations.forEach((operation, at) => {
    const { kernel, inputs, outputs } = operation;
    if (kernel === 'Reshape') return;
    const made = own(outputs);
    const dying = own(Object.values(inputs)).filter((value) => ends.get(value) === at);
    for (const value of made) live += bytesOf(values[value]!);
    const places = own(overwritable(operation)).filter((value) => ends.get(value) === at);
    const overwritten = made.length > 0 ? places.filter((value) => alike(values[value]!, values[made[0]!]!)).slice(0, 1) : [];
    const spared = overwritten.reduce((total, value) => total + bytesOf(values[value]!), 0);
    most = Math.max(most, live - spared);
    for (const value of [...dying, ...made.filter((output) => ends.get(output) === at)]) live -= bytesOf(values[value]!);
  });
  return most;
}

/** The inputs that a result may be written over. */
function overwritable({ kernel, inputs }: Operation): readonly number[] {
  if (kernel === NORMALISED_CONVOLUTION) return inputs['residual'] === undefined ? [] : [inputs['residual']];
  return ELEMENTWISE.has(kernel) ? Object.values(inputs) : [];
}

const alike = (a: Signature, b: Signature): boolean => bytesOf(a) === bytesOf(b);

/** A reshaped value lies where the value itself does. */
function rootsOf(operations: readonly Operation[]): ReadonlyMap<number, number> {
  const roots = new Map<number, number>();
  for (const { kernel, inputs, outputs } of operations) {
    if (kernel === 'Reshape') roots.set(outputs[0]!, roots.get(inputs['x']!) ?? inputs['x']!);
  }
  return roots;
}

/** Stands in for what is free, in bytes: for tests. */
const FREE = 'KITH_FREE_MEMORY';

/**
 * Bytes that this process could still get: what the system can free or swap out, within the limit of its container. Systems that do not tell
 * what they could free are taken at all that they have: a step that would run must not be refused.
 */
export function freeMemory(environment: NodeJS.ProcessEnv = process.env): number {
  const given = environment[FREE];
  if (given) return Number(given);
  const system = process.platform === 'linux' ? freemem() + freeSwap() : totalmem();
  const limit = process.constrainedMemory();
  return limit > 0 ? Math.min(system, limit - process.memoryUsage.rss()) : system;
}

function freeSwap(): number {
  try {
    const [, kibibytes] = /^SwapFree:\s+(\d+) kB$/m.exec(readFileSync('/proc/meminfo', 'utf8')) ?? [];
    return 1024 * Number(kibibytes ?? 0);
  } catch {
    return 0;
  }
}
