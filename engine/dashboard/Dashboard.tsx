// The run on one screen: what is over scrolls into history, what runs has a row, the rest is counted. Draws its props and nothing else.
import { Box, Static, Text } from 'ink';
import type { Paint } from '../report/paint.ts';
import { entryLine, headLine, nameWidth } from '../report/rows.ts';
import { lastLine } from '../report/summary.ts';
import { elsewhere, hint, totalsLine, waitingLines } from './footer.ts';
import { NodeRow } from './NodeRow.tsx';
import { describe, layOut } from './running.ts';
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
export function Live({ state, now, width, height, paint }: DashboardProps) {
  const running = inPhase(state, 'running');
  // The rows must leave room for the footer: a frame as high as the terminal would have to be redrawn from the top each time.
  const room = Math.max(1, height - FOOTER_LINES);
  const shown = running.slice(0, room);
  const rows = shown.map((node) => describe(node, now));
  const widths = layOut(rows, nameWidth(state, width), width);
  return (
    <Box flexDirection="column" width={width}>
      {rows.map((row) => (
        <NodeRow key={row.name} row={row} widths={widths} width={width} now={now} withReason={2 * shown.length <= room} paint={paint} />
      ))}
      {running.length > shown.length && <Line text={paint.faint(`  and ${running.length - shown.length} more running`)} />}
      <Footer state={state} now={now} width={width} paint={paint} />
    </Box>
  );
}

function Footer({ state, now, width, paint }: Omit<DashboardProps, 'height'>) {
  const waiting = inPhase(state, 'waiting');
  const names = waitingLines(
    waiting.filter(({ waitsFor }) => waitsFor === undefined),
    width - LABEL.length,
  );
  return (
    <Box flexDirection="column" marginTop={1}>
      {elsewhere(waiting)
        .slice(0, 2)
        .map((line) => (
          <Line key={line} text={paint.warn(line)} />
        ))}
      {names.map((line, at) => (
        <Line key={at} text={paint.faint((at === 0 ? LABEL : ' '.repeat(LABEL.length)) + line)} />
      ))}
      <Line text={totalsLine(state, now, width)} />
      <Line text={paint.faint(hint(width))} />
    </Box>
  );
}

const LABEL = 'waiting: ';

function End({ state, width, paint }: DashboardProps) {
  return (
    <Box marginTop={1}>
      <Line text={lastLine(state, { paint, width })} />
    </Box>
  );
}

function Line({ text }: { readonly text: string }) {
  return <Text wrap="truncate-end">{text}</Text>;
}
