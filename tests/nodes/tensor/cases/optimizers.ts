// Every optimizer: one move of a weight whose moments are not zero any more.
import { adam, type Optimizer, sgd } from '../../../../nodes/training/optimizer.ts';
import { ndarray } from '../../../../cache/array.ts';
import { numbers } from '../parity.ts';
import type { Case } from './case.ts';

const optimizers: { readonly [name: string]: Optimizer } = {
  'Adam': adam(),
  'Adam with decay': adam({ decay: 0.01 }),
  'plain descent': sgd({ momentum: 0 }),
  'momentum with decay': sgd({ decay: 0.01 }),
  "Nesterov's momentum": sgd({ nesterov: true }),
}; // prettier-ignore

export const OPTIMIZERS: readonly Case[] = Object.entries(optimizers).map(([name, optimizer]) => ({
  name,
  body: ({ weight, gradient, ...rest }) => {
    const made = optimizer.update(weight!, gradient!, rest, rest);
    return [made.weight, ...Object.values(made.moments)];
  },
  feeds: {
    weight: numbers(80, [3, 4]),
    gradient: numbers(81, [3, 4]),
    ...Object.fromEntries(optimizer.moments.map((moment, i) => [moment, numbers(82 + i, [3, 4], 0.1, 1)])),
    ...Object.fromEntries(
      Object.entries(optimizer.feed(0.01, 7)).map(([scalar, value]) => [scalar, ndarray('float32', [], Float32Array.of(value))]),
    ),
  },
}));
