// Means over height and width, and per channel, by the blocked pool.
import { reshape } from './blocked-convolution.ts';
import type { LowerSome } from './lower.ts';
import { BLOCKED, type Shape4, type Values } from './values.ts';

/** Mean over height and width of a blocked tensor: [N, C, 1, 1]. */
export const planeMean = ({ graph }: Values, x: string): string => graph.node('GlobalAveragePool', [x], {}, BLOCKED);

/** Mean of x over height and width, where x lies blocked. */
export const spatialMean: LowerSome = ({ inputs, attributes, outputs }, values) => {
  const x = inputs['x']!;
  if (!values.has(x, 'blocked') || attributes['keepDims'] === true || String(attributes['axis']) !== '1,2') return false;
  const [count, , , channels] = values.signature(x).shape as unknown as Shape4;
  values.set(outputs[0]!, reshape(values.graph, planeMean(values, values.get(x, 'blocked')), [count, channels]));
  return true;
};
