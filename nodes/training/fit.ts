// Weights in, trained weights out: compiles the step of an objective and runs the loop over it.
import type { RunContext } from '../../engine/define-node.ts';
import type { Weights } from '../artifacts.ts';
import type { Arrays, Precision, Signatures } from '../tensor/executor.ts';
import { compileStep } from '../tensor/program.ts';
import type { Rows } from './data-set.ts';
import { train, type Training } from './loop.ts';
import { adam, type Optimizer, sgd } from './optimizer.ts';
import { constant, cosine, type Schedule } from './schedule.ts';
import { initialState, type Objective, scalarSignatures, trainingStep, weightsOf } from './step.ts';

/** What a training node needs of its context. */
export type World = Pick<RunContext, 'seed' | 'device' | 'threads' | 'signal' | 'progress' | 'checkpoint' | 'log'>;

export interface Rates {
  readonly optimizer: 'adam' | 'sgd';
  readonly learningRate: number;
  readonly weightDecay: number;
  readonly schedule: 'cosine' | 'constant';
  /** Share of all steps in which the rate rises. */
  readonly warmup: number;
  /** Of the step's convolutions and matrix products; default: fp32. */
  readonly precision?: Precision;
}

export interface Fit extends Pick<Training, 'steps' | 'stepsPerEpoch' | 'batch' | 'perStep' | 'unit'> {
  readonly weights: Weights;
  readonly objective: Objective;
  readonly rates: Rates;
  /** Signatures of what `batch` feeds, without rows. */
  readonly feeds: Signatures;
  /** Rows of a data set that `batch` feeds as well. */
  readonly rows?: Rows;
  /** The batch as users set it: each feed has as many rows, or a multiple. */
  readonly batchSize: number;
}

export async function fit(
  { weights, objective, rates, feeds, rows, batchSize, ...training }: Fit,
  world: World,
): Promise<{ readonly weights: Weights; readonly curve: readonly number[] }> {
  const optimizer = optimizerOf(rates);
  const schedule = scheduleOf(rates, training.steps);
  const own = initialState(weights, objective, optimizer);
  const step = trainingStep(objective, optimizer);
  const signatures = {
    state: { ...signaturesOf(own), ...rows?.signatures.state },
    feeds: { ...feeds, ...rows?.signatures.feeds, ...scalarSignatures(optimizer) },
  };
  const initial = { ...own, ...rows?.state };
  const machine = { ...world, precision: rates.precision ?? 'fp32' };
  const program = await compileStep(rows ? rows.reading(step) : step, signatures, machine, batchSize);
  const { state, curve } = await train({ ...training, program, initial, optimizer, schedule }, world);
  return { weights: weightsOf(state), curve };
}

const optimizerOf = ({ optimizer, weightDecay: decay }: Rates): Optimizer => (optimizer === 'adam' ? adam({ decay }) : sgd({ decay }));

const scheduleOf = ({ schedule, learningRate, warmup }: Rates, total: number): Schedule =>
  schedule === 'constant' ? constant(learningRate) : cosine(learningRate, total, { warmup });

const signaturesOf = (state: Arrays): Signatures =>
  Object.fromEntries(Object.entries(state).map(([name, { shape }]) => [name, { shape, dtype: 'float32' as const }]));
