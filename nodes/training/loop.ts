// The one training loop: steps of a compiled program, epoch by epoch, with checkpoints, progress and a stop. It knows no loss and no data;
// everything random comes from (seed, epoch, step), so that an interrupted run continues to the same bytes.
import { ndarray } from '../../cache/array.ts';
import type { RunContext } from '../../engine/define-node.ts';
import { KithError } from '../../engine/errors.ts';
import type { Arrays, Program } from '../tensor/executor.ts';
import { type Batches, drawnAhead } from './ahead.ts';
import type { Optimizer } from './optimizer.ts';
import type { Schedule } from './schedule.ts';

export interface Training {
  /** Takes the optimizer's scalars and the batch; its result `loss` is a scalar. */
  readonly program: Program;
  /** State of the program before the first step. */
  readonly initial: Arrays;
  readonly optimizer: Optimizer;
  readonly schedule: Schedule;
  /** Steps in all; the last epoch may be shorter. */
  readonly steps: number;
  readonly stepsPerEpoch: number;
  /** Feeds of a step, without the optimizer's scalars. */
  readonly batch: (epoch: number, step: number) => Arrays;
  /** Images or pairs that pass through the network in a step, and what they are called. */
  readonly perStep: { readonly count: number; readonly of: string };
  /** What progress counts; `step` where epochs mean nothing to people. */
  readonly unit?: 'epoch' | 'step' | undefined;
}

export interface Trained {
  readonly state: Arrays;
  /** Mean loss of each epoch. */
  readonly curve: readonly number[];
}

type World = Pick<RunContext, 'signal' | 'progress' | 'checkpoint' | 'log'>;

/** Where training stands: steps done in all, losses of the epochs done, and of the steps of the epoch begun. */
interface Position {
  readonly steps: number;
  readonly curve: readonly number[];
  readonly losses: readonly number[];
}

/**
 * Trains to the end, from the checkpoint if there is one, and disposes of the program. Saves after each epoch, where it stands when it is
 * aborted, and at the end if longer runs continue from there. A loss that is not a number is a KithError.
 */
export async function train(training: Training, world: World): Promise<Trained> {
  try {
    let position = await restore(training, world);
    const pace = stopwatch(position.steps);
    const { batch, stepsPerEpoch, steps } = training;
    const batches = drawnAhead((step) => batch(Math.floor(step / stepsPerEpoch), step % stepsPerEpoch), steps);
    while (position.steps < training.steps) {
      await stopIfAborted(training, world, position);
      position = await advance(training, batches, position);
      const isLast = position.steps >= training.steps;
      if (position.losses.length > 0 && !isLast) continue;
      report(training, world, position, pace);
      // A last epoch that is cut short is saved as it stands: a longer run goes on in the middle of it.
      if (!isLast || world.checkpoint.lasting) await save(training, world, position);
    }
    return { state: await training.program.read(), curve: curveOf(position) };
  } finally {
    await training.program.dispose();
  }
}

/** One step; closes the epoch where it is full. */
async function advance(training: Training, batches: Batches, { steps, curve, losses }: Position): Promise<Position> {
  const { program, optimizer, schedule, stepsPerEpoch } = training;
  const running = program.run({ ...batches.of(steps), ...asArrays(optimizer.feed(schedule(steps), steps + 1)) });
  batches.drawAfter(steps);
  const { loss } = await running;
  const value = loss!.data[0]!;
  if (!Number.isFinite(value)) throw diverged(training, steps, [...losses, ...curve].at(-1));
  const seen = [...losses, value];
  const next = { steps: steps + 1, curve, losses: seen };
  return seen.length < stepsPerEpoch ? next : { ...next, curve: curveOf(next), losses: [] };
}

/** Mean losses of all epochs, the one begun included. */
const curveOf = ({ curve, losses }: Position): readonly number[] =>
  losses.length === 0 ? curve : [...curve, losses.reduce((sum, one) => sum + one, 0) / losses.length];

const asArrays = (scalars: { readonly [name: string]: number }): Arrays =>
  Object.fromEntries(Object.entries(scalars).map(([name, value]) => [name, ndarray('float32', [], Float32Array.of(value))]));

async function restore({ program, initial, stepsPerEpoch, unit = 'epoch' }: Training, { checkpoint, log }: World): Promise<Position> {
  const saved = await checkpoint.load();
  if (!saved) {
    await program.write(initial);
    return { steps: 0, curve: [], losses: [] };
  }
  await program.write({ ...initial, ...(saved['state'] as Arrays) });
  const position = saved['position'] as unknown as Position;
  log(`continues from ${unit} ${unit === 'step' ? position.steps : Math.floor(position.steps / stepsPerEpoch)}`);
  return position;
}

async function save({ program }: Training, { checkpoint }: World, position: Position): Promise<void> {
  await checkpoint.save({ state: await program.read(), position: { ...position } });
}

async function stopIfAborted(training: Training, world: World, position: Position): Promise<void> {
  if (!world.signal.aborted) return;
  if (position.steps > 0) await save(training, world, position);
  throw world.signal.reason;
}

function report({ steps, stepsPerEpoch, perStep, unit = 'epoch' }: Training, { progress }: World, position: Position, pace: Pace): void {
  const curve = curveOf(position);
  progress({
    done: unit === 'step' ? position.steps : curve.length,
    total: unit === 'step' ? steps : Math.ceil(steps / stepsPerEpoch),
    unit,
    metrics: { loss: curve.at(-1)! },
    throughput: { perSecond: pace(position.steps) * perStep.count, of: perStep.of },
  });
}

type Pace = (steps: number) => number;

/** Steps a second since it was made. The clock serves the display alone: no result depends on it. */
function stopwatch(from: number): Pace {
  const start = performance.now();
  return (steps) => (steps - from) / Math.max(1e-9, (performance.now() - start) / 1000);
}

function diverged({ stepsPerEpoch, schedule }: Training, steps: number, last: number | undefined): KithError {
  return new KithError(
    `The loss stopped being a number in epoch ${Math.floor(steps / stepsPerEpoch) + 1}, step ${(steps % stepsPerEpoch) + 1}.`,
    {
      facts: [
        `learning rate ${schedule(steps).toPrecision(3)}`,
        last === undefined ? 'no step went well before' : `last loss ${last.toPrecision(4)}`,
      ],
      hint: 'Lower learningRate or raise warmup.',
    },
  );
}
