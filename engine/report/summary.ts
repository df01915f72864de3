// The end of a run in text: tables, warnings, failures, one last line. The plain reporter and the dashboard print the same.
import { acceptedInWords } from './accepted.ts';
import { inPhase, totals, type State } from '../dashboard/state.ts';
import type { Table } from '../events.ts';
import { duration, number, wholeDuration } from './format.ts';
import { failureLines } from './failure.ts';
import type { Paint } from './paint.ts';
import { tableLines } from './table.ts';
import { oneLine, truncate } from './width.ts';

export interface SummaryOptions {
  readonly paint: Paint;
  /** Cells that a table may take; sentences are never cut. Default: no limit. */
  readonly width?: number;
}

/** Blocks of lines, to be set apart by empty lines; the last line is `lastLine`. */
export function summaryBlocks(state: State, { paint, width = Infinity }: SummaryOptions): string[][] {
  return [
    ...tablesOf(state).map((table) => tableLines(table, { paint, width, indent: 2 })),
    warningsOf(state).map((warning) => paint.warn(`! ${warning}`)),
    ...inPhase(state, 'failed').map(({ name, failure }) => failureLines(failure ?? { headline: 'failed', facts: [] }, paint, name)),
  ].filter((block) => block.length > 0);
}

/** `14 executed, 3 cached in 41.2 s`, with what else happened. */
export function lastLine(state: State, { paint, width = Infinity }: SummaryOptions): string {
  const { done, cached, failed, skipped, interrupted, waiting, running } = totals(state);
  const left = interrupted + waiting + running;
  const seconds = state.finished?.seconds ?? (state.time - state.startedAt) / 1000;
  const also = [failed && `${number(failed)} failed`, skipped && `${number(skipped)} skipped`, left && `${number(left)} left`].filter(
    Boolean,
  );
  const text = `${number(done)} executed, ${number(cached)} cached${also.map((one) => `, ${one}`).join('')} in ${shown(seconds)}`;
  if (failed > 0) return paint.bad(truncate(`✖ ${text}`, width));
  if (state.finished?.interrupted || left > 0) return paint.warn(truncate(`‖ ${text}; the next run continues from here`, width));
  return paint.good('✔') + paint.strong(truncate(` ${text}`, width - 1));
}

function shown(seconds: number): string {
  return seconds < 60 ? duration(seconds) : wholeDuration(seconds);
}

/** The tables of the nodes that have one; tables of one title and form (of variants) become one, with the node's name before each row. */
function tablesOf(state: State): Table[] {
  const alike = new Map<string, { readonly name: string; readonly table: Table }[]>();
  for (const { name, summary } of state.nodes.values()) {
    if (!summary?.table) continue;
    const form = JSON.stringify([summary.table.title, summary.table.columns]);
    alike.set(form, [...(alike.get(form) ?? []), { name, table: summary.table }]);
  }
  return [...alike.values()].map((tables) => {
    const { table } = tables[0]!;
    if (tables.length === 1) return table;
    return {
      ...table,
      columns: ['node', ...table.columns],
      rows: tables.flatMap(({ name, table: { rows } }) => rows.map((row) => [name, ...row])),
    };
  });
}

function warningsOf(state: State): string[] {
  return [...state.nodes.values()].flatMap(({ name, summary }) => {
    const accepted = summary?.accepted ? [acceptedInWords(summary.accepted)] : [];
    return [...accepted, ...(summary?.warnings ?? [])].map((warning) => `${name}: ${oneLine(warning)}`);
  });
}
