// Images a second of the default encoder on the digits: the training that a first run does, cut short.
import { KithError } from '../../engine/errors.ts';
import { declaredPath } from '../../engine/files.ts';
import { ndarray } from '../../cache/array.ts';
import type { RunContext } from '../../engine/define-node.ts';
import { digits } from '../data/digits.ts';
import { pretext } from '../pretext.ts';
import type { Images } from '../artifacts.ts';
import type { Machine } from '../tensor/program.ts';
import { handwriting } from '../views/presets.ts';

/** The first warms up. */
const EPOCHS = 4;
/** Four steps of the default batch. */
const IMAGES = 1024;

/** Images (each view counted) through whole training steps a second, augmentation included: the median epoch. */
export async function encoderPace({ device, threads }: Machine): Promise<number> {
  const world: Omit<RunContext, 'inputs' | 'params'> = {
    seed: 0,
    device,
    threads,
    signal: new AbortController().signal,
    path: (declared) => declaredPath(declared, '.'),
    progress: () => {},
    checkpoint: { load: async () => undefined, save: async () => undefined },
    log: () => {},
  };
  const all = await digits.definition.run({ ...world, inputs: {}, params: digits.definition.params.parse({}) });
  const images = { ...all, pixels: firstOf(all.pixels, IMAGES) };
  const params = pretext.definition.params.parse({ epochs: EPOCHS });
  const views = { type: 'views', policy: handwriting(), sheet: ndarray('uint8', [0], new Uint8Array()) } as const;
  const ends: number[] = [];
  const { seen } = await pretext.definition.run({
    ...world,
    inputs: { images, views },
    params,
    progress: () => ends.push(performance.now()),
  });
  const times = ends.slice(1).map((end, i) => (end - ends[i]!) / 1000);
  if (times.length === 0) throw new KithError('Training reported no epochs.');
  return seen / EPOCHS / times.sort((a, b) => a - b)[Math.floor(times.length / 2)]!;
}

function firstOf({ shape: [count = 0, ...rest], data }: Images['pixels'], wanted: number): Images['pixels'] {
  const kept = Math.min(count, wanted);
  return ndarray('uint8', [kept, ...rest], data.subarray(0, kept * (data.length / count)));
}
