// How far `kith setup` is: one line that is written over where people watch, few lines elsewhere.
import type { Terminal } from '../../../../engine/cli/terminal.ts';
import { bytes, percent, wholeDuration } from '../../../../engine/report/format.ts';
import type { Step } from './install.ts';

/** Milliseconds between two looks of the line. */
const PAUSE_MS = 100;
/** Where nobody watches, a line at each quarter. */
const QUARTERS = 4;

export interface Steps {
  readonly show: (step: Step) => void;
  /** Leaves the last line behind. */
  readonly end: () => void;
}

export function showSteps({ out, isTTY }: Pick<Terminal, 'out' | 'isTTY'>, clock = () => performance.now()): Steps {
  let last: { readonly step: Step; readonly shown: number; readonly quarter: number } | undefined;
  let start = { done: 0, at: 0 };
  const write = (step: Step, now: number): void => out(isTTY ? `\r${lineOf(step, start, now)}\x1b[K` : `${lineOf(step, start, now)}\n`);
  const close = (): void => {
    if (last && isTTY) out(`\r${lineOf(last.step, start, clock())}\x1b[K\n`);
    last = undefined;
  };
  return {
    show: (step) => {
      const now = clock();
      const isNew = step.file !== last?.step.file || step.doing !== last.step.doing;
      if (isNew) close();
      if (isNew) start = { done: step.done, at: now };
      const quarter = Math.floor((QUARTERS * step.done) / step.total);
      const due = isNew || (isTTY ? now - last!.shown >= PAUSE_MS : quarter > last!.quarter);
      if (due) write(step, now);
      last = { step, shown: due ? now : last!.shown, quarter };
    },
    end: close,
  };
}

/** `Downloading tensorflow_cpu-2.21.0  120 MB of 274 MB  44 %  28 MB/s  5 s left` */
function lineOf({ doing, file, done, total }: Step, start: { readonly done: number; readonly at: number }, now: number): string {
  const name = file.split('-').slice(0, 2).join('-');
  const seconds = (now - start.at) / 1000;
  const perSecond = seconds > 1 && done > start.done ? (done - start.done) / seconds : undefined;
  const parts = [
    `${doing} ${name}`,
    total > 0 ? `${bytes(done)} of ${bytes(total)}` : bytes(done),
    ...(total > 0 ? [percent(Math.min(1, done / total))] : []),
    ...(perSecond === undefined ? [] : [`${bytes(perSecond)}/s`]),
    ...(perSecond === undefined || done >= total ? [] : [`${wholeDuration((total - done) / perSecond)} left`]),
  ];
  return parts.join('  ');
}
