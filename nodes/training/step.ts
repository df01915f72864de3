// From a loss to a training step: gradients, optimizer, running statistics. A pure function of the state and one batch, ready to be compiled.
import type * as tf from '@tensorflow/tfjs-core';
import { ndarray } from '../../cache/array.ts';
import type { Weights } from '../artifacts.ts';
import type { Arrays, Signatures } from '../tensor/executor.ts';
import { gradients, type Step, type TensorMap } from '../tensor/trace.ts';
import type { Optimizer } from './optimizer.ts';

/** A loss as a function of all weights and of one batch. */
export interface Objective {
  /** Names of the weights that gradients move. */
  readonly trainable: readonly string[];
  /** Tensors that the loss reads and no gradient passes: views, labels. Default: the feeds. */
  readonly prepare?: (weights: TensorMap, feeds: TensorMap) => TensorMap;
  /** A scalar, and the running statistics of batch norm after this pass. */
  readonly loss: (weights: TensorMap, batch: TensorMap) => { readonly loss: tf.Scalar; readonly statistics: TensorMap };
}

/** Weights as they lie in the state. */
const WEIGHT = 'weights/';

/** The state before the first step: all weights, and the optimizer's moments of the trainable ones at zero. */
export function initialState(weights: Weights, { trainable }: Objective, { moments }: Optimizer): Arrays {
  const zeros = trainable.flatMap((name) =>
    moments.map((moment) => {
      const { shape, data } = weights[name]!;
      return [`${moment}/${name}`, ndarray('float32', shape, new Float32Array(data.length))] as const;
    }),
  );
  return Object.fromEntries([...Object.entries(weights).map(([name, array]) => [WEIGHT + name, array] as const), ...zeros]);
}

/** The weights in a state that was read back. */
export function weightsOf(state: Arrays): Weights {
  const entries = Object.entries(state).filter(([name]) => name.startsWith(WEIGHT));
  return Object.fromEntries(entries.map(([name, array]) => [name.slice(WEIGHT.length), array])) as Weights;
}

/** The optimizer's scalars as feeds. */
export const scalarSignatures = ({ scalars }: Optimizer): Signatures =>
  Object.fromEntries(scalars.map((name) => [name, { shape: [], dtype: 'float32' as const }]));

/** One step: its result is `loss`, before the weights moved. */
export function trainingStep({ trainable, prepare = (_, feeds) => feeds, loss }: Objective, optimizer: Optimizer): Step {
  return (state, feeds) => {
    const weights = strip(state, WEIGHT);
    const batch = prepare(weights, feeds);
    const moving = Object.fromEntries(trainable.map((name) => [name, weights[name]!]));
    const {
      value,
      gradients: slopes,
      extra,
    } = gradients((moved) => {
      const { loss: value, statistics } = loss({ ...weights, ...moved }, batch);
      return { value, extra: statistics };
    }, moving);
    const next: { [name: string]: tf.Tensor } = { ...state };
    for (const [name, statistic] of Object.entries(extra)) next[WEIGHT + name] = statistic;
    for (const name of trainable) Object.assign(next, moved(name, state, slopes[name]!, feeds, optimizer));
    return { state: next, results: { loss: value } };
  };
}

function moved(name: string, state: TensorMap, gradient: tf.Tensor, feeds: TensorMap, optimizer: Optimizer): TensorMap {
  const before = Object.fromEntries(optimizer.moments.map((moment) => [moment, state[`${moment}/${name}`]!]));
  const { weight, moments } = optimizer.update(state[WEIGHT + name]!, gradient, before, feeds);
  const named = Object.entries(moments).map(([moment, value]) => [`${moment}/${name}`, value] as const);
  return Object.fromEntries([[WEIGHT + name, weight], ...named]);
}

function strip(state: TensorMap, prefix: string): TensorMap {
  const entries = Object.entries(state).filter(([name]) => name.startsWith(prefix));
  return Object.fromEntries(entries.map(([name, value]) => [name.slice(prefix.length), value]));
}
