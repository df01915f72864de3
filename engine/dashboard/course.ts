// The whole course of a figure in a bounded number of points: when they are full, neighbours are averaged and later points count for twice as many.

/** Most points kept. */
export const COURSE_POINTS = 60;

export interface Course {
  readonly points: readonly number[];
  /** Values that one point stands for. */
  readonly every: number;
  /** Values that do not make a point yet. */
  readonly rest: readonly number[];
}

export const emptyCourse: Course = { points: [], every: 1, rest: [] };

/** The course with one more value; figures that are not finite are left out. */
export function extend(course: Course, value: number): Course {
  if (!Number.isFinite(value)) return course;
  const rest = [...course.rest, value];
  if (rest.length < course.every) return { ...course, rest };
  const points = [...course.points, mean(rest)];
  if (points.length < COURSE_POINTS) return { points, every: course.every, rest: [] };
  return { points: halve(points), every: course.every * 2, rest: [] };
}

/** `width` points or fewer, by averaging runs of points. */
export function resample(points: readonly number[], width: number): number[] {
  if (points.length <= width) return [...points];
  const edge = (at: number): number => Math.round((at * points.length) / width);
  return Array.from({ length: width }, (_, at) => mean(points.slice(edge(at), edge(at + 1))));
}

function halve(points: readonly number[]): number[] {
  return points.flatMap((_, at) => (at % 2 === 0 ? [mean(points.slice(at, at + 2))] : []));
}

function mean(values: readonly number[]): number {
  return values.reduce((sum, value) => sum + value, 0) / values.length;
}
