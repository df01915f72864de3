// When what ran: bars on a time axis, one row a node or a stage.
import { duration } from '../format.ts';
import { timeAxis } from './axis.ts';
import { html, type Markup } from './markup.ts';

const WIDTH = 960;
const ROW = 22;
const [LEFT, RIGHT, FOOT] = [220, 70, 26];

/** Longer names are cut: the whole one is in the bar's tooltip. */
const NAME = 30;

/** What ran in a row, in seconds since the start. */
export interface TimelineRow {
  readonly name: string;
  readonly bars: readonly { readonly name: string; readonly from: number; readonly to: number; readonly state: string }[];
}

/** Rows in the order of their first bars. */
export function timeline(given: readonly TimelineRow[], seconds: number): Markup | undefined {
  const rows = given.filter(({ bars }) => bars.length > 0).sort((a, b) => start(a) - start(b));
  if (rows.length === 0) return undefined;
  const x = timeAxis(seconds, LEFT, WIDTH - RIGHT);
  const height = rows.length * ROW + FOOT;
  return html`<div class="scroll">
    <svg class="wide" viewBox="0 0 ${WIDTH} ${height}" role="img" aria-label="when each node ran">
      ${x.marks.map(
        ({ text, at }) =>
          html`<line class="grid" x1="${at}" x2="${at}" y1="0" y2="${height - FOOT}" /><text
              x="${at}"
              y="${height - 8}"
              text-anchor="middle"
              >${text}</text
            >`,
      )}
      ${rows.map(
        ({ name, bars }, row) =>
          html`<g>
            <text x="${LEFT - 8}" y="${row * ROW + 15}" text-anchor="end"
              >${name.length > NAME ? `${name.slice(0, NAME - 1)}…` : name}</text
            >
            ${bars.map(
              (bar) =>
                html`<rect
                  class="bar ${bar.state}"
                  x="${x.place(bar.from).toFixed(1)}"
                  y="${row * ROW + 4}"
                  width="${Math.max(2, x.place(bar.to) - x.place(bar.from)).toFixed(1)}"
                  height="${ROW - 8}"
                  rx="${bars.length > 1 ? 1 : 3}"
                  ><title>${bar.name}: ${duration(bar.from)} to ${duration(bar.to)}</title></rect
                >`,
            )}
            <text x="${x.place(end(bars)) + 6}" y="${row * ROW + 15}"
              >${duration(bars.reduce((sum, { from, to }) => sum + to - from, 0))}</text
            >
          </g>`,
      )}
    </svg>
  </div>`;
}

const start = ({ bars }: TimelineRow): number => bars.reduce((least, { from }) => Math.min(least, from), Infinity);
const end = (bars: TimelineRow['bars']): number => bars.reduce((most, { to }) => Math.max(most, to), 0);
