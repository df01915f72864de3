// Means over height and width, and per channel, by the blocked pool.
import type { LowerSome } from './lower.ts';
import { BLOCKED, type Shape4, type Values } from './values.ts';

/** Mean over height and width of a blocked tensor in its logical shape: [N, C, H, W] → [N, C]. */
export function planeMean({ graph }: Values, x: string, [count, , , channels]: Shape4): string {
  return graph.node('Reshape', [graph.node('GlobalAveragePool', [x], {}, BLOCKED), graph.list([count, channels])]);
}

/** Mean of x over height and width, where x lies blocked. */
export const spatialMean: LowerSome = ({ inputs, attributes, outputs }, values) => {
  const x = inputs['x']!;
  const shape = values.signature(x).shape as unknown as Shape4;
  if (!values.has(x, 'blocked') || attributes['keepDims'] === true || String(attributes['axis']) !== '1,2') return false;
  const [count, height, width, channels] = shape;
  const logical = values.graph.node('Reshape', [values.get(x, 'blocked'), values.graph.list([count, channels, height, width])]);
  values.set(outputs[0]!, planeMean(values, logical, shape));
  return true;
};
