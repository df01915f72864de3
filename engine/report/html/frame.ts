// What every page has: its head and style, sections, tiles and tables. No script, nothing from elsewhere.
import type { Table } from '../../events.ts';
import { number } from '../format.ts';
import { html, Markup } from './markup.ts';
import { STYLE } from './style.ts';

/** A whole page. */
export function document(title: string, body: Markup): string {
  return html`<!doctype html>
    <html lang="en">
      <head>
        <meta charset="utf-8" />
        <meta name="viewport" content="width=device-width, initial-scale=1" />
        <title>${title}</title>
        <style>
          ${new Markup(STYLE)}
        </style>
      </head>
      <body>
        ${body}
      </body>
    </html>`.text;
}

/** In the reader's notation, without depending on where the page is made: 2026-03-01 14:05 UTC. */
export const when = (time: number): string => `${new Date(time).toISOString().slice(0, 16).replace('T', ' ')} UTC`;

/** Nothing where the body is nothing. */
export function section(title: string, body: Markup | readonly Markup[] | undefined): Markup | undefined {
  if (body === undefined || (Array.isArray(body) && body.length === 0)) return undefined;
  return html`<section>
    <h2>${title}</h2>
    ${body as Markup}
  </section>`;
}

/** The figures that are read first: name and value. */
export const tileRow = (tiles: readonly (readonly [name: string, value: string])[]): Markup =>
  html`<div class="tiles">${tiles.map(([name, value]) => html`<div class="tile"><b>${value}</b><span>${name}</span></div>`)}</div>`;

/** Nothing, a number with its sign, unit and deviation, or a duration. */
const FIGURE = /^([-+−±]?[\d.,]+(e-?\d+)?%?( ± [\d.,]+(e-?\d+)?)?|\d[\d.]* (ms|s|min|h|d)( \d+ (s|min|h))?|–)?$/;

export function table({ title, columns, rows }: Table): Markup {
  const isFigure = (at: number): boolean => rows.every((row) => typeof row[at] === 'number' || FIGURE.test(String(row[at] ?? '')));
  const kinds = columns.map((_, at) => (isFigure(at) ? 'figure' : ''));
  return html`${title && html`<h3>${title}</h3>`}
    <div class="scroll">
      <table>
        <tr>
          ${columns.map((column, at) => html`<th class="${kinds[at]!}">${column}</th>`)}
        </tr>
        ${rows.map(
          (row) =>
            html`<tr>
              ${row.map((cell, at) => html`<td class="${kinds[at]!}">${typeof cell === 'number' ? number(cell) : cell}</td>`)}
            </tr>`,
        )}
      </table>
    </div>`;
}
