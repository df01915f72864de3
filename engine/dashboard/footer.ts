// The lines below the rows: who waits, what is done, what it takes.
import { inWords } from '../device.ts';
import { bytes, count, number, wholeDuration } from '../report/format.ts';
import { oneLine, textWidth, truncate } from '../report/width.ts';
import { totals, type NodeView, type State } from './state.ts';

/** Names of waiting nodes in at most `lines` lines of `width` cells; what does not fit is counted. */
export function waitingLines(waiting: readonly NodeView[], width: number, lines = 2): string[] {
  const shown: string[] = [];
  let line = '';
  for (const [at, { name }] of waiting.entries()) {
    const word = at === waiting.length - 1 ? name : `${name}, `;
    const last = shown.length === lines - 1;
    const more = `and ${number(waiting.length - at)} more`;
    const rest = waiting.length - at - 1;
    const needed = textWidth(word.trimEnd()) + (last && rest > 0 ? 1 + textWidth(`and ${number(rest)} more`) : 0);
    if (textWidth(line) + needed <= width) {
      line += word;
    } else if (!last && line) {
      shown.push(line.trimEnd());
      line = word;
    } else {
      return [...shown, truncate(line + more, width)];
    }
  }
  return [...shown, ...(line ? [truncate(line, width)] : [])];
}

/** `clusters waits for process 4711` for nodes whose result somebody else is making. */
export function elsewhere(waiting: readonly NodeView[]): string[] {
  return waiting
    .filter(({ waitsFor }) => waitsFor !== undefined)
    .map(({ name, waitsFor }) => `${name} waits for ${oneLine(waitsFor ?? '')}`);
}

/** `2 executed · 3 cached · 6 left · 21 s · 412 MB · 2 workers · onnx (the fastest here)`: as many as fit, the first are the most important. */
export function totalsLine(state: State, now: number, width: number): string {
  const { done, cached, failed, skipped, interrupted, waiting, running } = totals(state);
  const parts = [
    `${number(done)} executed`,
    `${number(cached)} cached`,
    ...(failed > 0 ? [`${number(failed)} failed`] : []),
    ...(skipped > 0 ? [`${number(skipped)} skipped`] : []),
    `${number(waiting + running + interrupted)} left`,
    wholeDuration((now - state.startedAt) / 1000),
    ...(state.usage ? [bytes(state.usage.memory), count(state.usage.workers, 'worker')] : [count(state.jobs, 'job')]),
  ];
  let line = '';
  for (const part of parts) {
    const next = line ? `${line} · ${part}` : part;
    if (textWidth(next) > width) return line;
    line = next;
  }
  const devices = [inWords(state), state.device];
  return devices.map((device) => `${line} · ${device}`).find((whole) => textWidth(whole) <= width) ?? line;
}

/** The longest hint that fits. */
export function hint(width: number): string {
  const hints = ['Ctrl-C stops at the next checkpoint, Ctrl-C twice kills', 'Ctrl-C stops, twice kills', 'Ctrl-C stops'];
  return hints.find((one) => textWidth(one) <= width) ?? '';
}
