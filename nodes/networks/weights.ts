// What the names of weights say. Plain data: no tensor library is loaded.
import type { Weights } from '../artifacts.ts';

/** Whether a weight is a running statistic of batch norm, which no gradient moves. */
export const isStatistic = (name: string): boolean => /\/(mean|variance)$/.test(name);

/** Numbers that training moves. */
export function parameterCount(weights: Weights): number {
  return Object.entries(weights).reduce((sum, [name, { data }]) => sum + (isStatistic(name) ? 0 : data.length), 0);
}
