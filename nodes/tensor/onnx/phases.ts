// How the gradient of a strided convolution falls into phases. Row i·s + a of the input met output row i + d through tap k where
// d = (a + p − k)/s is whole: so each phase a of 0 … s − 1 is an ordinary convolution of dy with some of the taps.

export interface Phases {
  /** Smallest d, and how many there are. */
  readonly least: number;
  readonly range: number;
  /** The tap through which phase `a` meets the output at distance `least + step`, if one does. */
  tap(a: number, step: number): number | undefined;
}

/** Along one axis: taps, stride, and padding before the first element. */
export function phasesOf(kernel: number, stride: number, padding: number): Phases {
  const met = grid(stride, kernel).filter(([a, tap]) => (a + padding - tap) % stride === 0);
  const distances = met.map(([a, tap]) => (a + padding - tap) / stride);
  const least = Math.min(...distances);
  return {
    least,
    range: Math.max(...distances) - least + 1,
    tap: (a, step) => met[met.findIndex(([phase], at) => phase === a && distances[at] === least + step)]?.[1],
  };
}

/** All pairs, row by row. */
export const grid = (rows: number, columns: number): (readonly [number, number])[] =>
  Array.from({ length: rows * columns }, (_, at) => [Math.floor(at / columns), at % columns] as const);
