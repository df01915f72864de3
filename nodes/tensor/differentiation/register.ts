// tfjs-core for Node ships automatic differentiation without the derivatives: here they are, handed to its registry. The registry is global to
// the process; another copy of tfjs may fill it too, so the rules are put back before each use and the same step always gives the same trace.
import * as tf from '@tensorflow/tfjs-core';
import { ELEMENTWISE_GRADIENTS } from './elementwise.ts';
import { PRODUCT_GRADIENTS } from './products.ts';
import { SHAPE_GRADIENTS } from './shapes.ts';

const ALL = [...ELEMENTWISE_GRADIENTS, ...SHAPE_GRADIENTS, ...PRODUCT_GRADIENTS];

/** Makes Kith's derivatives those that `tf.grads` and its kin use. */
export function registerGradients(): void {
  const [last] = ALL.slice(-1);
  if (tf.getGradient(last!.kernelName) === last) return;
  for (const gradient of ALL) tf.registerGradient(gradient);
}
