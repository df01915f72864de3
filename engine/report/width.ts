// How many terminal cells a text takes, and making it take a given number. Works on unpainted text; paint afterwards.
import { stripVTControlCharacters } from 'node:util';

const NO_CELL = /^[\p{Mark}\u200b-\u200f\ufe0e\ufe0f]$/u;
const TWO_CELLS =
  /^(?:\p{Emoji_Presentation}|[\u1100-\u115f\u2e80-\u303e\u3041-\ua4cf\uac00-\ud7a3\uf900-\ufaff\ufe30-\ufe6f\uff00-\uff60\uffe0-\uffe6])$/u;
const PLAIN = /^[\x20-\x7e]*$/;

/** Terminal cells of one line; escape sequences take none, East Asian wide characters and emoji two. */
export function textWidth(text: string): number {
  if (PLAIN.test(text)) return text.length;
  let cells = 0;
  for (const character of stripVTControlCharacters(text)) cells += cellsOf(character);
  return cells;
}

/** One line, cut to `width` cells with an ellipsis. */
export function truncate(text: string, width: number): string {
  if (width <= 0) return '';
  if (textWidth(text) <= width) return text;
  let kept = '';
  let cells = 0;
  for (const character of text) {
    cells += cellsOf(character);
    if (cells > width - 1) break;
    kept += character;
  }
  return `${kept.trimEnd()}…`;
}

/** Exactly `width` cells: cut or filled with spaces at the end. */
export function fit(text: string, width: number): string {
  return padEnd(truncate(text, width), width);
}

export function padEnd(text: string, width: number): string {
  return text + ' '.repeat(Math.max(0, width - textWidth(text)));
}

export function padStart(text: string, width: number): string {
  return ' '.repeat(Math.max(0, width - textWidth(text))) + text;
}

/** Anything as one line without control characters. */
export function oneLine(text: string): string {
  return stripVTControlCharacters(text)
    .replace(/\s+/g, ' ')
    .replace(/\p{Cc}/gu, '')
    .trim();
}

function cellsOf(character: string): number {
  return NO_CELL.test(character) ? 0 : TWO_CELLS.test(character) ? 2 : 1;
}
