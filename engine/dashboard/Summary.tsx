// What remains on the screen when a run is over: tables, warnings, failures. The same text as the plain reporter's.
import { Box, Text } from 'ink';
import type { Paint } from '../report/paint.ts';
import { summaryBlocks } from '../report/summary.ts';
import type { State } from './state.ts';

export interface SummaryProps {
  readonly state: State;
  readonly width: number;
  readonly paint: Paint;
}

export function Summary({ state, width, paint }: SummaryProps) {
  return (
    <Box flexDirection="column">
      {summaryBlocks(state, { paint, width }).map((block, at) => (
        <Box key={at} flexDirection="column" marginTop={1}>
          {block.map((line, row) => (
            <Text key={row}>{line}</Text>
          ))}
        </Box>
      ))}
    </Box>
  );
}
