// The best so far: a point for each trial when it was done, and a line of steps through the best ones.
import { number } from '../format.ts';
import type { Step } from '../sweep-story.ts';
import { axis, timeAxis } from './axis.ts';
import { html, type Markup } from './markup.ts';

const [WIDTH, HEIGHT] = [960, 260];
const EDGE = { left: 64, right: 16, top: 12, bottom: 30 };

/** Nothing for less than two trials. */
export function bestCourse(course: readonly Step[], metric: string): Markup | undefined {
  if (course.length < 2) return undefined;
  const x = timeAxis(Math.max(...course.map(({ seconds }) => seconds)), EDGE.left, WIDTH - EDGE.right);
  const y = axis(course.map(({ score }) => score), HEIGHT - EDGE.bottom, EDGE.top); // prettier-ignore
  const at = (seconds: number, score: number): string => `${x.place(seconds).toFixed(1)},${y.place(score).toFixed(1)}`;
  const steps = course.flatMap(({ seconds, best }, index) =>
    index === 0 ? [at(seconds, best)] : [at(seconds, course[index - 1]!.best), at(seconds, best)],
  );
  return html`<div class="scroll">
    <svg
      class="wide"
      viewBox="0 0 ${WIDTH} ${HEIGHT}"
      role="img"
      aria-label="${metric} of each trial when it was done, and the best so far"
    >
      ${y.ticks.map(
        (tick) =>
          html`<line
              class="grid"
              x1="${EDGE.left}"
              x2="${WIDTH - EDGE.right}"
              y1="${y.place(tick).toFixed(1)}"
              y2="${y.place(tick).toFixed(1)}"
            /><text x="${EDGE.left - 6}" y="${(y.place(tick) + 4).toFixed(1)}" text-anchor="end">${number(tick)}</text>`,
      )}
      ${x.marks.map(({ text, at: place }) => html`<text x="${place.toFixed(1)}" y="${HEIGHT - 8}" text-anchor="middle">${text}</text>`)}
      <polyline class="curve" points="${steps.join(' ')}" />
      ${course.map(({ trial, seconds, score, best }) => {
        const [cx, cy] = at(seconds, score).split(',') as [string, string];
        return html`<circle class="${score === best ? 'best' : 'trial'}" cx="${cx}" cy="${cy}" r="4"
          ><title>trial ${trial}: ${number(score)}</title></circle
        >`;
      })}
    </svg>
  </div>`;
}
