// Training curves as small charts, one a metric of a node. More points than a screen has columns are thinned by taking means.
import { number } from '../format.ts';
import type { Curve, NodeStory } from '../story.ts';
import { axis } from './axis.ts';
import { html, type Markup } from './markup.ts';

const [WIDTH, HEIGHT] = [360, 200];
const EDGE = { left: 60, right: 12, top: 10, bottom: 34 };
const MOST = 400;

export function curveCharts(nodes: readonly NodeStory[]): Markup | undefined {
  const charts = nodes.flatMap(({ name, curves }) => curves.map((curve) => chart(name, curve)));
  return charts.length > 0 ? html`<div class="charts">${charts}</div>` : undefined;
}

function chart(node: string, { metric, unit, points }: Curve): Markup {
  const shown = thin(points);
  const [x, y] = [
    axis(shown.map(([done]) => done), EDGE.left, WIDTH - EDGE.right), // prettier-ignore
    axis(shown.map(([, value]) => value), HEIGHT - EDGE.bottom, EDGE.top), // prettier-ignore
  ];
  const line = shown.map(([done, value]) => `${x.place(done).toFixed(1)},${y.place(value).toFixed(1)}`).join(' ');
  const last = shown.at(-1)!;
  return html`<figure>
    <figcaption><b>${node}</b> ${metric}: ${number(shown[0]![1])} → ${number(last[1])}</figcaption>
    <svg viewBox="0 0 ${WIDTH} ${HEIGHT}" role="img" aria-label="${metric} of ${node} by ${unit}">
      ${y.ticks.map(
        (tick) =>
          html`<line class="grid" x1="${EDGE.left}" x2="${WIDTH - EDGE.right}" y1="${y.place(tick)}" y2="${y.place(tick)}" /><text
              x="${EDGE.left - 6}"
              y="${y.place(tick) + 4}"
              text-anchor="end"
              >${number(tick)}</text
            >`,
      )}
      ${x.ticks.map((tick) => html`<text x="${x.place(tick)}" y="${HEIGHT - EDGE.bottom + 16}" text-anchor="middle">${number(tick)}</text>`)}
      <text x="${(EDGE.left + WIDTH - EDGE.right) / 2}" y="${HEIGHT - 4}" text-anchor="middle">${unit}</text>
      <polyline class="curve" points="${line}" />
    </svg>
  </figure>`;
}

function thin(points: Curve['points']): Curve['points'] {
  const size = Math.ceil(points.length / MOST);
  if (size <= 1) return points;
  const groups = Array.from({ length: Math.ceil(points.length / size) }, (_, at) => points.slice(at * size, (at + 1) * size));
  return groups.map((group) => [group.at(-1)![0], group.reduce((sum, [, value]) => sum + value, 0) / group.length] as const);
}
