import { expect, test } from 'vitest';
import { ndarray, type Artifact } from '../../../cache/array.ts';
import { isKithError } from '../../../engine/errors.ts';
import type { Progress } from '../../../engine/events.ts';
import type { Arrays, Program } from '../../../nodes/tensor/executor.ts';
import { train, type Trained, type Training } from '../../../nodes/training/loop.ts';
import { sgd } from '../../../nodes/training/optimizer.ts';
import { random } from '../../../nodes/training/random.ts';
import { constant } from '../../../nodes/training/schedule.ts';

const scalar = (value: number): Arrays[string] => ndarray('float32', [], Float32Array.of(value));

/** A program of one number w, with the gradient w − x and the loss (w − x)²/2. */
function puppet(): Program & { readonly runs: number; readonly open: boolean } {
  let [w, runs, open] = [0, 0, true];
  return {
    get runs() {
      return runs;
    },
    get open() {
      return open;
    },
    write: async (state) => void (w = state['w']!.data[0]!),
    run: async (feeds) => {
      runs++;
      const error = w - feeds['x']!.data[0]!;
      w = Math.fround(w - feeds['rate']!.data[0]! * error);
      return { loss: scalar(error ** 2 / 2) };
    },
    read: async () => ({ w: scalar(w) }),
    dispose: async () => void (open = false),
  };
}

/** A checkpoint in memory that counts what is saved. */
function memory(first?: Artifact): { load(): Promise<Artifact | undefined>; save(state: Artifact): Promise<void>; saved: Artifact[] } {
  const saved: Artifact[] = first ? [first] : [];
  return { saved, load: async () => saved.at(-1), save: async (state) => void saved.push(structuredClone(state)) };
}

const training = (program: Program, more: Partial<Training> = {}): Training => ({
  program,
  initial: { w: scalar(1) },
  optimizer: sgd({ momentum: 0 }),
  schedule: constant(0.1),
  steps: 12,
  stepsPerEpoch: 4,
  batch: (epoch, step) => ({ x: scalar(random(1).split(epoch, step).uniform(1)[0]!) }),
  perStep: { count: 8, of: 'images' },
  ...more,
});

interface Own {
  readonly signal?: AbortSignal;
  readonly checkpoint?: ReturnType<typeof memory> & { readonly lasting?: boolean };
  readonly progress?: (progress: Progress) => void;
  readonly log?: (line: string) => void;
}

const world = (more: Own = {}) => ({
  signal: new AbortController().signal,
  checkpoint: memory(),
  progress: () => {},
  log: () => {},
  ...more,
});

const undisturbed = (more: Partial<Training> = {}): Promise<Trained> => train(training(puppet(), more), world());

test('training takes every step once, reports each epoch, and disposes of its program', async () => {
  const [program, reports] = [puppet(), [] as Progress[]];
  const { curve } = await train(training(program), world({ progress: (progress) => reports.push(progress) }));
  expect(program.runs).toBe(12);
  expect(program.open).toBe(false);
  expect(curve).toHaveLength(3);
  expect(reports.map(({ done, total, unit }) => [done, total, unit])).toEqual([[1, 3, 'epoch'], [2, 3, 'epoch'], [3, 3, 'epoch']]); // prettier-ignore
  expect(reports.map(({ metrics }) => metrics!['loss'])).toEqual(curve);
  expect(reports[0]!.throughput!.of).toBe('images');
});

test('each batch is drawn once, while the step before it runs', async () => {
  const happened: string[] = [];
  const program = puppet();
  const watched: Program = {
    ...program,
    run: async (feeds) => {
      happened.push('run');
      const results = await program.run(feeds);
      happened.push('done');
      return results;
    },
  };
  const { batch } = training(program);
  await train(training(watched, { steps: 3, batch: (...at) => (happened.push(`draw ${String(at)}`), batch(...at)) }), world());
  expect(happened).toEqual(['draw 0,0', 'run', 'draw 0,1', 'done', 'run', 'draw 0,2', 'done', 'run', 'done']);
});

test('where epochs mean nothing to people, steps are counted; the last round may be shorter', async () => {
  const reports: Progress[] = [];
  await train(training(puppet(), { steps: 10, unit: 'step' }), world({ progress: (progress) => reports.push(progress) }));
  expect(reports.map(({ done, total, unit }) => [done, total, unit])).toEqual([[4, 10, 'step'], [8, 10, 'step'], [10, 10, 'step']]); // prettier-ignore
});

test('training continues from the checkpoint of any epoch to the same bytes', async () => {
  const whole = await undisturbed();
  const checkpoint = memory();
  await train(training(puppet()), world({ checkpoint }));
  expect(checkpoint.saved).toHaveLength(2);
  for (const state of checkpoint.saved) {
    const program = puppet();
    expect(await train(training(program), world({ checkpoint: memory(state) }))).toEqual(whole);
    expect(program.runs).toBeLessThan(12);
  }
});

test('an abort in the middle of an epoch saves where training stands and throws its reason', async () => {
  for (const after of [1, 6, 11]) {
    const [controller, checkpoint, program] = [new AbortController(), memory(), puppet()];
    const stopping: Program = {
      ...program,
      run: async (feeds) => {
        const results = await program.run(feeds);
        if (program.runs === after) controller.abort(new Error('stopped'));
        return results;
      },
    };
    await expect(train(training(stopping), world({ signal: controller.signal, checkpoint }))).rejects.toThrow('stopped');
    expect(program.open).toBe(false);
    const rest = puppet();
    expect(await train(training(rest), world({ checkpoint }))).toEqual(await undisturbed());
    expect(rest.runs).toBe(12 - after);
  }
});

test('a checkpoint that comes after an end at fewer epochs is continued', async () => {
  const checkpoint = memory();
  await train(training(puppet(), { steps: 12 }), world({ checkpoint }));
  const longer = puppet();
  expect(await train(training(longer, { steps: 20 }), world({ checkpoint }))).toEqual(await undisturbed({ steps: 20 }));
  expect(longer.runs).toBe(12);
});

test('what ends in the middle of an epoch is continued in the middle of it, where its last state is kept', async () => {
  for (const steps of [3, 8, 10]) {
    const [checkpoint, lines] = [{ ...memory(), lasting: true }, [] as string[]];
    expect(await train(training(puppet(), { steps }), world({ checkpoint }))).toEqual(await undisturbed({ steps }));
    const longer = puppet();
    const continued = await train(training(longer, { steps: 18 }), world({ checkpoint, log: (line) => lines.push(line) }));
    expect(continued).toEqual(await undisturbed({ steps: 18 }));
    expect(longer.runs).toBe(18 - steps);
    expect(lines).toEqual([`continues from epoch ${Math.floor(steps / 4)}`]);
  }
});

test('a loss that is not a number is an error for people, with the place and what to do', async () => {
  const program = puppet();
  const broken: Program = { ...program, run: async (feeds) => (program.runs === 5 ? { loss: scalar(Number.NaN) } : program.run(feeds)) };
  const failure = await train(training(broken), world()).catch((error: unknown) => error);
  expect(isKithError(failure)).toBe(true);
  expect(String(failure)).toContain('epoch 2, step 2');
  expect(String(failure)).toContain('learningRate');
});
