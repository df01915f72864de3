// A comparison as a table for people, and as CSV, Markdown and JSON for others.
import type { Table } from '../events.ts';
import type { Figure } from '../figure.ts';
import { ownName, paramValue, spread } from '../report/format.ts';
import type { Comparison, Row } from './comparison.ts';

/** `0.981 ± 0.011 (10)`; one value alone has no deviation. */
export const shownFigure = (figure: Figure | undefined): string => {
  if (!figure) return '–';
  return figure.count === 1 ? spread(figure) : `${spread(figure)} (${figure.count})`;
};

const labelsOf = ({ labels: [first = '', ...more] }: Row): string => (more.length > 0 ? `${first} and ${more.length} more` : first);

/** For the terminal and the report. */
export function comparisonTable({ params, metrics, rows }: Comparison, title = ''): Table {
  return {
    title,
    // The node's name is said once, by the title or by nobody.
    columns: ['', ...params, ...metrics.map(ownName)],
    rows: rows.map((row) => [
      labelsOf(row),
      ...params.map((path) => paramValue(row.params[path])),
      ...metrics.map((path) => shownFigure(row.metrics[path])),
    ]),
  };
}

export function comparisonMarkdown(comparison: Comparison): string {
  const { columns, rows } = comparisonTable(comparison);
  const line = (cells: readonly (string | number)[]): string =>
    `| ${cells.map((cell) => String(cell).replaceAll('|', '\\|')).join(' | ')} |`;
  return [line(columns), line(columns.map(() => '---')), ...rows.map(line)].join('\n');
}

/** RFC 4180; a metric has three columns: mean, deviation, count. */
export function comparisonCsv({ params, metrics, rows }: Comparison): string {
  const cell = (value: unknown): string => {
    const text = value === undefined ? '' : typeof value === 'object' ? JSON.stringify(value) : String(value);
    return /[",\r\n]/.test(text) ? `"${text.replaceAll('"', '""')}"` : text;
  };
  const head = ['runs', ...params, ...metrics.flatMap((metric) => [metric, `${metric} deviation`, `${metric} count`])];
  const lines = rows.map((row) => [
    row.labels.join(' '),
    ...params.map((path) => row.params[path]),
    ...metrics.flatMap((path) => [row.metrics[path]?.mean, row.metrics[path]?.deviation, row.metrics[path]?.count]),
  ]);
  return [head, ...lines].map((line) => line.map(cell).join(',')).join('\r\n');
}
