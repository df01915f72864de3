// A figure over seeds.

/** `deviation` is the population's: divided by `count`. */
export interface Figure {
  readonly mean: number;
  readonly deviation: number;
  readonly count: number;
}

/** Undefined for no values. */
export function figureOf(values: readonly number[]): Figure | undefined {
  const count = values.length;
  if (count === 0) return undefined;
  const mean = values.reduce((sum, value) => sum + value, 0) / count;
  return { mean, deviation: Math.sqrt(values.reduce((sum, value) => sum + (value - mean) ** 2, 0) / count), count };
}
