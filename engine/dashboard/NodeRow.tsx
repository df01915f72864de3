// One running node: spinner, name, bar, count, metric and its course, time left, throughput; below it why it runs.
import { Box, Text } from 'ink';
import type { ReactNode } from 'react';
import type { Paint } from '../report/paint.ts';
import { fit, padStart, truncate } from '../report/width.ts';
import { Bar } from './Bar.tsx';
import { GAP, SPINNER, type RunningRow, type Widths } from './running.ts';
import { Sparkline } from './Sparkline.tsx';

const FRAMES = ['⠋', '⠙', '⠹', '⠸', '⠼', '⠴', '⠦', '⠧', '⠇', '⠏'];
const FRAME_MILLISECONDS = 125;

export interface NodeRowProps {
  readonly row: RunningRow;
  readonly widths: Widths;
  /** Cells of the whole row. */
  readonly width: number;
  /** Milliseconds since 1970; turns the spinner. */
  readonly now: number;
  /** Whether there is a line to spare for why it runs. */
  readonly withReason: boolean;
  readonly paint: Paint;
}

export function NodeRow({ row, widths, width, now, withReason, paint }: NodeRowProps) {
  const frame = FRAMES[Math.floor(now / FRAME_MILLISECONDS) % FRAMES.length]!;
  return (
    <>
      <Box height={1} width={width}>
        <Text wrap="truncate-end">{`${paint.accent(frame)} ${paint.strong(fit(row.name, widths.name))}`}</Text>
        {row.share === undefined ? <Still row={row} /> : <Moving row={row} widths={widths} paint={paint} />}
      </Box>
      {withReason && row.reason !== '' && <Text wrap="truncate-end">{paint.faint(truncate(' '.repeat(SPINNER) + row.reason, width))}</Text>}
    </>
  );
}

/** A node that reports no progress: how long it has run. */
function Still({ row }: { readonly row: RunningRow }) {
  return <Text wrap="truncate-end">{' '.repeat(GAP) + row.left}</Text>;
}

// Each cell is a text of its own: Ink remembers the size of every text that it ever measured, and few cells have many values.
function Moving({ row, widths, paint }: Pick<NodeRowProps, 'row' | 'widths' | 'paint'>) {
  return (
    <>
      <Cell width={widths.bar}>
        <Bar share={row.share ?? 0} width={widths.bar} paint={paint} />
      </Cell>
      <Words width={widths.count}>{row.count}</Words>
      <Words width={widths.metric}>{row.metric}</Words>
      <Cell width={widths.spark}>
        <Sparkline points={row.points} width={widths.spark} paint={paint} />
      </Cell>
      <Words width={widths.left}>{padStart(row.left, widths.left)}</Words>
      <Words width={widths.rate} brush={paint.faint}>
        {padStart(row.rate, widths.rate)}
      </Words>
    </>
  );
}

function Words({
  width,
  brush = (text) => text,
  children,
}: {
  readonly width: number;
  readonly brush?: (text: string) => string;
  readonly children: string;
}) {
  return (
    <Cell width={width}>
      <Text wrap="truncate-end">{brush(truncate(children, width))}</Text>
    </Cell>
  );
}

function Cell({ width, children }: { readonly width: number; readonly children: ReactNode }) {
  if (width === 0) return null;
  return (
    <Box marginLeft={GAP} width={width} flexShrink={0}>
      {children}
    </Box>
  );
}
