// Parallel coordinates (Inselberg, 1985): an axis for each param that varies and one for the figure, a line for each experiment, coloured from
// the worst figure to the best.
import type { Plain } from '../../../cache/array.ts';
import type { Comparison, Row } from '../../compare/comparison.ts';
import { number, ownName } from '../format.ts';
import { axis, type Axis } from './axis.ts';
import { html, type Markup } from './markup.ts';

const HEIGHT = 300;
/** Between two axes: few of them fill the page. */
const STEP = { least: 170, most: 280, wanted: 840 };
const EDGE = { side: 60, top: 34, bottom: 16 };

/** The figure is the comparison's first metric, of which more is better unless said otherwise. Nothing for less than three experiments, or where no param varies. */
export function parallelCoordinates({ params, metrics: [metric], rows }: Comparison, goal: 'min' | 'max' = 'max'): Markup | undefined {
  if (metric === undefined || params.length === 0) return undefined;
  const figure = (row: Row): number | undefined => row.metrics[metric]?.mean;
  const shown = rows.filter((row) => figure(row) !== undefined).sort((a, b) => (goal === 'max' ? 1 : -1) * (figure(a)! - figure(b)!));
  if (shown.length < 3) return undefined;
  const scales = [
    ...params.map((path) => scaleOf(path, shown.map((row) => row.params[path]))), // prettier-ignore
    scaleOf(metric, shown.map((row) => figure(row))), // prettier-ignore
  ];
  const step = Math.min(STEP.most, Math.max(STEP.least, STEP.wanted / (scales.length - 1)));
  const width = 2 * EDGE.side + (scales.length - 1) * step;
  const x = (at: number): number => EDGE.side + at * step;
  const values = (row: Row): (Plain | undefined)[] => [...params.map((path) => row.params[path]), figure(row)];
  return html`<div class="scroll">
    <svg
      style="width:100%;min-width:${Math.min(width, 640)}px;max-width:${width}px"
      viewBox="0 0 ${width} ${HEIGHT}"
      role="img"
      aria-label="params and ${metric} of each experiment"
    >
      ${shown.map((row, rank) => {
        const places = values(row).flatMap((value, at) => (value === undefined ? [] : [`${x(at)},${scales[at]!.place(value).toFixed(1)}`]));
        return html`<polyline class="experiment" style="stroke:${colour(rank / Math.max(1, shown.length - 1))}" points="${places.join(' ')}"
          ><title>${row.labels[0]!}: ${number(figure(row)!)}</title></polyline
        >`;
      })}
      ${scales.map((scale, at) => axisPicture(scale, x(at), at === scales.length - 1))}
    </svg>
  </div>`;
}

interface Scale {
  readonly name: string;
  readonly place: (value: Plain) => number;
  readonly marks: readonly (readonly [text: string, y: number])[];
}

/** Numbers lie on a line, by their logarithm where they span a hundredfold; anything else at even steps. */
function scaleOf(name: string, values: readonly (Plain | undefined)[]): Scale {
  const [from, to] = [HEIGHT - EDGE.bottom, EDGE.top];
  const known = values.filter((value) => value !== undefined);
  if (known.every((value) => typeof value === 'number')) {
    const numbers = known as number[];
    const isWide = Math.min(...numbers) > 0 && Math.max(...numbers) / Math.min(...numbers) >= 100;
    const seen = (value: number): number => (isWide ? Math.log10(value) : value);
    const line: Axis = axis(numbers.map(seen), from, to);
    const marks = line.ticks.map((tick) => [number(isWide ? Number((10 ** tick).toPrecision(2)) : tick), line.place(tick)] as const);
    return { name, place: (value) => line.place(seen(value as number)), marks };
  }
  const texts = [...new Set(known.map((value) => JSON.stringify(value)))];
  const place = (text: string): number => from + ((texts.indexOf(text) + 0.5) / texts.length) * (to - from);
  return { name, place: (value) => place(JSON.stringify(value)), marks: texts.map((text) => [text.replaceAll('"', ''), place(text)]) };
}

function axisPicture({ name, marks }: Scale, x: number, isLast: boolean): Markup {
  const [end, shift] = isLast ? (['start', 8] as const) : (['end', -6] as const);
  return html`<line class="axis" x1="${x}" x2="${x}" y1="${EDGE.top}" y2="${HEIGHT - EDGE.bottom}" />
    <text class="name" x="${x}" y="16" text-anchor="middle">${ownName(name)}</text>
    ${marks.map(([text, y]) => html`<text class="mark" x="${x + shift}" y="${(y + 4).toFixed(1)}" text-anchor="${end}">${text}</text>`)}`;
}

/** From grey to blue. */
const colour = (share: number): string => `color-mix(in srgb, var(--accent) ${Math.round(15 + 85 * share)}%, var(--line))`;
