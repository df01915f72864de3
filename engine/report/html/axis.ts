// Scales of a chart: from values to places, and the round values at which a reader finds the axis marked.

export interface Axis {
  /** Where a value lies, in the chart's units. */
  readonly place: (value: number) => number;
  /** Round values inside the range, rising. */
  readonly ticks: readonly number[];
}

export interface TimeMark {
  readonly text: string;
  readonly at: number;
}

/** A linear axis over the values, from place `from` to place `to`. */
export function axis(values: readonly number[], from: number, to: number, wanted = 4): Axis {
  const finite = values.filter(Number.isFinite);
  const low = finite.length > 0 ? finite.reduce((a, b) => Math.min(a, b)) : 0;
  const high = finite.length > 0 ? finite.reduce((a, b) => Math.max(a, b)) : 1;
  const span = high - low || Math.abs(high) || 1;
  const place = (value: number): number => from + ((value - low) / span) * (to - from);
  return { place, ticks: ticksBetween(low, low + span, wanted) };
}

/** An axis of seconds from nothing, marked at round seconds, minutes or hours: whichever its end is a few of. */
export function timeAxis(seconds: number, from: number, to: number): Pick<Axis, 'place'> & { readonly marks: readonly TimeMark[] } {
  const [unit, size] = seconds < 120 ? (['s', 1] as const) : seconds < 7200 ? (['min', 60] as const) : (['h', 3600] as const);
  const { place, ticks } = axis([0, seconds / size], from, to, 6);
  return {
    place: (value) => place(value / size),
    marks: ticks.map((tick) => ({ text: `${Number(tick.toPrecision(6))} ${unit}`, at: place(tick) })),
  };
}

function ticksBetween(low: number, high: number, wanted: number): number[] {
  const raw = (high - low) / wanted;
  const power = 10 ** Math.floor(Math.log10(raw));
  const step = [1, 2, 5, 10].map((factor) => factor * power).find((size) => size >= 0.75 * raw)!;
  const first = Math.ceil(low / step - 1e-9);
  const last = Math.floor(high / step + 1e-9);
  return Array.from({ length: last - first + 1 }, (_, at) => Number(((first + at) * step).toPrecision(12)));
}
