// Lines that change with every frame, at the price of one text.
import { Transform } from 'ink';

export interface LinesProps {
  /** None wider than `width` cells. */
  readonly lines: readonly string[];
  readonly width: number;
}

/** Ink measures every text, and remembers each that it ever measured: so it measures blanks, in whose place the lines are written. */
export function Lines({ lines, width }: LinesProps) {
  const blank = ' '.repeat(width);
  return lines.length === 0 ? null : <Transform transform={(_, at) => lines[at] ?? ''}>{lines.map(() => blank).join('\n')}</Transform>;
}
