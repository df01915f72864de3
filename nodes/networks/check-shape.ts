// Whether images fit a network. Plain data in, an error for people out.
import { KithError } from '../../engine/errors.ts';
import type { Images, NetworkSpec } from '../artifacts.ts';

/** Throws a KithError when the images have another height, width or number of channels than the network was made for. */
export function checkShape({ pixels }: Images, { input }: NetworkSpec): void {
  const shape = pixels.shape.slice(1);
  if (shape.join() === input.join()) return;
  throw new KithError('The images do not fit the network.', {
    facts: [`images: ${shape.join('×')}`, `network: ${input.join('×')} (height × width × channels)`],
    hint: 'Read the images at the size that the encoder was trained on.',
  });
}
