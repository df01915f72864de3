// How fast something advances and how long it will take. Measured from what was seen, so a node that resumes at epoch 20 is not taken for a fast one.

/** Seconds over which the pace is averaged, so that it follows a machine that gets busy. */
const HORIZON = 20;

export interface Pace {
  /** Time (ms) and units done at the first measurement. */
  readonly since: number;
  /** Time (ms) and units done at the latest measurement. */
  readonly at: number;
  readonly done: number;
  /** Units a second; absent until two measurements were seen. */
  readonly perSecond?: number;
}

/** The first measurement: `done` units at `time` (ms). */
export function startPace(time: number, done: number): Pace {
  return { since: time, at: time, done };
}

/** A further measurement. The mean since the start at first, then an exponential mean over HORIZON seconds. */
export function updatePace(pace: Pace, time: number, done: number): Pace {
  const seconds = (time - pace.at) / 1000;
  if (seconds <= 0 || done <= pace.done) return pace;
  const measured = (done - pace.done) / seconds;
  const known = pace.perSecond ?? measured;
  const weight = Math.min(1, seconds / Math.min((time - pace.since) / 1000, HORIZON));
  return { since: pace.since, at: time, done, perSecond: known + weight * (measured - known) };
}

/** Seconds until `total` units are done, seen at `now` (ms); undefined while the pace is unknown. */
export function secondsLeft({ at, done, perSecond }: Pace, total: number, now: number): number | undefined {
  if (perSecond === undefined) return undefined;
  return Math.max(0, (total - done) / perSecond - Math.max(0, now - at) / 1000);
}
