// How far something is, as a line that fills in half steps.
import { Text } from 'ink';
import type { Paint } from '../report/paint.ts';

export interface BarProps {
  /** 0–1. */
  readonly share: number;
  readonly width: number;
  readonly paint: Paint;
}

export function Bar({ share, width, paint }: BarProps) {
  const [filled, open] = barText(share, width);
  return (
    <Text wrap="truncate-end">
      {paint.accent(filled)}
      {paint.faint(open)}
    </Text>
  );
}

/** The filled and the open part, together `width` cells. */
export function barText(share: number, width: number): readonly [string, string] {
  const halves = Math.round(Math.max(0, Math.min(1, share)) * width * 2);
  const filled = '━'.repeat(Math.floor(halves / 2)) + (halves % 2 === 1 ? '╾' : '');
  return [filled, '─'.repeat(width - filled.length)];
}
