// Text tables: aligned columns, numbers to three decimals, no lines drawn. Used by the reporters and by commands.
import type { Table } from '../events.ts';
import { decimals, number } from './format.ts';
import { createPaint, type Paint } from './paint.ts';
import { fit, oneLine, padStart, textWidth, truncate } from './width.ts';

const GAP = 2;
const NARROWEST = 6;

export interface TableOptions {
  readonly paint: Paint;
  /** Cells that a line may take; text columns shrink to it, and what still does not fit is cut. Default: no limit. */
  readonly width?: number;
  /** Spaces before each line. */
  readonly indent?: number;
}

/** A table as one text without a final newline. */
export function tableText(table: Table, { color, ...layout }: Omit<TableOptions, 'paint'> & { readonly color: boolean }): string {
  return tableLines(table, { paint: createPaint(color), ...layout }).join('\n');
}

interface Column {
  readonly head: string;
  readonly cells: readonly string[];
  readonly right: boolean;
}

/** The lines of a table: title (where there is one), column heads, rows. */
export function tableLines({ title, columns, rows }: Table, { paint, width = Infinity, indent = 0 }: TableOptions): string[] {
  const laid = columns.map((head, at) =>
    column(
      head,
      rows.map((row) => row[at] ?? ''),
    ),
  );
  const widths = shrink(laid, width - indent);
  const line = (cells: readonly string[]): string => truncate(`${' '.repeat(indent)}${cells.join(' '.repeat(GAP))}`.trimEnd(), width);
  const place = (text: string, at: number): string => {
    const cell = fit(text, widths[at]!);
    return laid[at]!.right ? padStart(cell.trimEnd(), widths[at]!) : cell;
  };
  return [
    ...(title ? [paint.strong(truncate(' '.repeat(indent) + oneLine(title), width))] : []),
    paint.faint(line(laid.map(({ head }, at) => place(head, at)))),
    ...rows.map((_, row) => line(laid.map(({ cells }, at) => place(cells[row]!, at)))),
  ];
}

function column(head: string, values: readonly (string | number)[]): Column {
  const numbers = values.filter((value) => typeof value === 'number');
  const whole = numbers.every(Number.isInteger);
  const show = (value: string | number): string =>
    typeof value === 'string' ? oneLine(value) : whole ? number(value) : decimals(value, 3);
  return { head: oneLine(head), cells: values.map(show), right: numbers.length > 0 };
}

/** Widths of the columns; the widest text column gives way until the line fits or nothing more can be given. */
function shrink(columns: readonly Column[], width: number): number[] {
  const widths = columns.map(({ head, cells }) => [head, ...cells].reduce((widest, cell) => Math.max(widest, textWidth(cell)), 0));
  const total = (): number => widths.reduce((sum, one) => sum + one, 0) + GAP * Math.max(0, widths.length - 1);
  while (total() > width) {
    const widest = widths.reduce((best, one, at) => (!columns[at]!.right && one > (widths[best] ?? 0) ? at : best), -1);
    if (widest < 0 || widths[widest]! <= NARROWEST) break;
    widths[widest] = Math.max(NARROWEST, widths[widest]! - (total() - width));
  }
  return widths;
}
