// The run on one screen: what is over scrolls into history, what runs has a row, the rest is counted. Draws its props and nothing else.
import { Box, Static, Text } from 'ink';
import type { Paint } from '../report/paint.ts';
import { entryLine, headLine, nameWidth } from '../report/rows.ts';
import { lastLine } from '../report/summary.ts';
import { truncate } from '../report/width.ts';
import { elsewhere, hint, totalsLine, waitingLines } from './footer.ts';
import { Lines } from './Lines.tsx';
import { nodeLines } from './node-lines.ts';
import { describe, layOut } from './running.ts';
import { sweepLines } from './sweep-lines.ts';
import { inPhase, type Entry, type State } from './state.ts';
import { Summary } from './Summary.tsx';

export interface DashboardProps {
  readonly state: State;
  /** Milliseconds since 1970. */
  readonly now: number;
  /** Cells and lines of the terminal. */
  readonly width: number;
  readonly height: number;
  readonly paint: Paint;
}

export function Dashboard(props: DashboardProps) {
  return (
    <>
      <History {...props} />
      {props.state.finished ? <End {...props} /> : <Live {...props} />}
    </>
  );
}

/** What stays in the terminal's own history: one line each for the run's head and for what is over, then the summary. */
function History({ state, width, paint }: DashboardProps) {
  const items: Item[] = [{ entry: 'head' }, ...state.history, ...(state.finished ? [{ entry: 'summary' } as const] : [])];
  return (
    <Static items={items}>
      {(item, at) => {
        if (item.entry === 'summary') return <Summary key={at} state={state} width={width} paint={paint} />;
        const line = item.entry === 'head' ? headLine(state, { paint, width }) : entryLine(state, item, { paint, width });
        return line === undefined ? null : (
          <Text key={at} wrap="truncate-end">
            {line}
          </Text>
        );
      }}
    </Static>
  );
}

/** Most lines of the footer, its margin, the count of rows not shown, and one to spare. */
const FOOTER_LINES = 9;

type Item = Entry | { readonly entry: 'head' } | { readonly entry: 'summary' };

/** The part that is drawn again and again. */
export function Live(props: DashboardProps) {
  return <Lines lines={liveLines(props)} width={props.width} />;
}

function liveLines({ state, now, width, height, paint }: DashboardProps): string[] {
  const running = inPhase(state, 'running');
  // The rows must leave room for the footer: a frame as high as the terminal would have to be redrawn from the top each time.
  const room = Math.max(1, height - FOOTER_LINES);
  const shown = running.slice(0, room);
  const rows = shown.map((node) => describe(node, now));
  const widths = layOut(rows, nameWidth(state, width), width);
  const withReason = 2 * shown.length <= room;
  const free = room - shown.length * (withReason ? 2 : 1);
  const sweep = state.sweep ? sweepLines(state, state.sweep, { now, width, room: free - 2, paint }) : [];
  return [
    ...(sweep.length > 0 ? ['', ...sweep, ''] : []),
    ...rows.flatMap((row) => nodeLines(row, { widths, width, now, withReason, paint })),
    ...(running.length > shown.length ? [paint.faint(truncate(`  and ${running.length - shown.length} more running`, width))] : []),
    '',
    ...footer(state, now, width, paint),
  ];
}

function footer(state: State, now: number, width: number, paint: Paint): string[] {
  const waiting = inPhase(state, 'waiting');
  const names = waitingLines(
    waiting.filter(({ waitsFor }) => waitsFor === undefined),
    width - LABEL.length,
  );
  return [
    ...elsewhere(waiting)
      .slice(0, 2)
      .map((line) => paint.warn(truncate(line, width))),
    ...names.map((line, at) => paint.faint((at === 0 ? LABEL : ' '.repeat(LABEL.length)) + line)),
    totalsLine(state, now, width),
    paint.faint(hint(width)),
  ];
}

const LABEL = 'waiting: ';

function End({ state, width, paint }: DashboardProps) {
  return (
    <Box marginTop={1}>
      <Text wrap="truncate-end">{lastLine(state, { paint, width })}</Text>
    </Box>
  );
}
