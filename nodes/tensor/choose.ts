// The ladder that picks an executor by the name of a device. What was asked for is never replaced by something else.
import { KithError } from '../../engine/errors.ts';
import { nearest } from '../../engine/nearest.ts';
import type { Executor } from './executor.ts';

const LADDER: { readonly [device: string]: () => Promise<Executor> } = {
  auto: async () => (await import('./onnx/session.ts')).onnx,
  onnx: async () => (await import('./onnx/session.ts')).onnx,
  cpu: async () => (await import('./onnx/session.ts')).onnx,
  tfjs: async () => (await import('./tfjs/eager.ts')).addonExecutor(),
};

/** What `--device` may be. */
export const DEVICES: readonly string[] = Object.keys(LADDER);

/** The executor of a device: `auto` is the fastest that is here. A device that is unknown, or not here, is a KithError. */
export async function chooseExecutor(device: string): Promise<Executor> {
  const load = Object.hasOwn(LADDER, device) ? LADDER[device] : undefined;
  if (load) return load();
  const close = nearest(device, DEVICES);
  throw new KithError(`There is no device "${device}".`, {
    facts: [`devices: ${DEVICES.join(', ')}`],
    hint: close ? `Did you mean "${close}"?` : 'Use "auto" for the fastest that is here.',
    exitCode: 2,
  });
}
