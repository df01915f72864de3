// When each executed node ran: one bar a node on the run's time axis.
import { duration } from '../format.ts';
import type { Story } from '../story.ts';
import { axis } from './axis.ts';
import { html, type Markup } from './markup.ts';

const WIDTH = 960;
const ROW = 22;
const [LEFT, RIGHT, FOOT] = [220, 70, 26];

/** Longer names are cut: the whole one is in the bar's tooltip. */
const NAME = 30;

export function timeline({ nodes, seconds }: Story): Markup | undefined {
  const ran = nodes.flatMap((node) => (node.ran ? [{ ...node, ...node.ran }] : [])).sort((a, b) => a.from - b.from);
  if (ran.length === 0) return undefined;
  const x = axis([0, seconds], LEFT, WIDTH - RIGHT, 6);
  const height = ran.length * ROW + FOOT;
  return html`<div class="scroll">
    <svg class="wide" viewBox="0 0 ${WIDTH} ${height}" role="img" aria-label="when each node ran">
      ${x.ticks.map(
        (tick) =>
          html`<line class="grid" x1="${x.place(tick)}" x2="${x.place(tick)}" y1="0" y2="${height - FOOT}" /><text
              x="${x.place(tick)}"
              y="${height - 8}"
              text-anchor="middle"
              >${duration(tick)}</text
            >`,
      )}
      ${ran.map(
        ({ name, from, to, state }, row) =>
          html`<g>
            <title>${name}: ${duration(from)} to ${duration(to)}</title>
            <text x="${LEFT - 8}" y="${row * ROW + 15}" text-anchor="end"
              >${name.length > NAME ? `${name.slice(0, NAME - 1)}…` : name}</text
            >
            <rect
              class="bar ${state}"
              x="${x.place(from)}"
              y="${row * ROW + 4}"
              width="${Math.max(2, x.place(to) - x.place(from))}"
              height="${ROW - 8}"
              rx="3"
            />
            <text x="${x.place(to) + 6}" y="${row * ROW + 15}">${duration(to - from)}</text>
          </g>`,
      )}
    </svg>
  </div>`;
}
