// A lowered trace ready to run: its session and all arrays that it reads and writes. State lies in two sets: a step reads one and writes the other.
import { type NdArray, ndarray } from '../../../cache/array.ts';
import type { Arrays, Signature, Trace } from '../executor.ts';
import { dtypeOf } from './arrays.ts';
import { loadRuntime, type Numbers, type Run, type Tensors } from './library.ts';
import { isPlanned } from './memory-plan.ts';
import type { Lowered } from './plain.ts';
import { empty, fill, numbersOf } from './slots.ts';

export interface Assembly {
  /** Replaces the state. Data sets are read in place from then on. */
  write(state: Arrays): void;
  /** One step. */
  run(feeds: Arrays): Promise<Arrays>;
  /** Copies of the state, without what is constant in the model. */
  read(): Arrays;
  /** When nothing runs. */
  release(): void;
}

/** Opens a session for a trace that was lowered so. */
export async function assemble(trace: Trace, lowered: Lowered, threads: number): Promise<Assembly> {
  const session = await loadRuntime().open(lowered.bytes, { threads, planned: isPlanned(trace) });
  const array = (value: number): Tensor => ({ data: numbersOf(trace.values[value]!), ...trace.values[value]! });
  const feeds: Tensors = new Map(lowered.feeds.map(({ input }, i) => [input, array(trace.feeds[i]!.value)]));
  const results = new Map(lowered.results.map(({ output }, i) => [output, array(trace.results[i]!.value)]));
  const set = (): Numbers[] => lowered.state.map(({ signature }) => numbersOf(signature));
  let [now, next] = [set(), set()];
  const ports = (arrays: readonly Numbers[], port: 'input' | 'output'): Tensors =>
    new Map(lowered.state.map((slot, i) => [slot[port], { data: arrays[i]!, ...slot.signature }]));
  const signatures = new Map(trace.state.map(({ name, input }) => [name, trace.values[input]!]));
  const bound = (data: Tensors, from: readonly Numbers[], to: readonly Numbers[]): Run =>
    session.bind(new Map([...feeds, ...data, ...ports(from, 'input')]), new Map([...results, ...ports(to, 'output')]));
  let steps: readonly [Run, Run] | undefined;

  return {
    write(state) {
      lowered.state.forEach((slot, i) => fill(slot, state, now[i]!));
      const data: Tensors = new Map(
        lowered.data.map(({ name, input }) => [input, { data: state[name]!.data as Uint8Array, ...signatures.get(name)! }]),
      );
      if (!steps || data.size > 0) steps = [bound(data, now, next), bound(data, next, now)];
    },
    async run(given) {
      lowered.feeds.forEach(({ name, input }) => feeds.get(input)!.data.set(given[name]!.data));
      const [step, other] = steps!;
      await step();
      [now, next, steps] = [next, now, [other, step]];
      return Object.fromEntries(lowered.results.map(({ name, output }) => [name, toArray(results.get(output)!)]));
    },
    read: () => Object.fromEntries(lowered.state.map((slot, i) => [slot.name, empty(slot, now[i]!)])),
    release: () => session.release(),
  };
}

type Tensor = Signature & { readonly data: Numbers };

const toArray = ({ data, ...signature }: Tensor): NdArray => ndarray(dtypeOf(signature), signature.shape, data.slice());
