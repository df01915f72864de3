// Starts and ends the dashboard. Ink and React are loaded when the first node starts: a run that finds everything cached never pays for them.
import { toFailure } from '../errors.ts';
import type { Listener } from '../events.ts';
import { colorIsWanted, createPaint, type Paint } from '../report/paint.ts';
import { entryLine, headLine } from '../report/rows.ts';
import { lastLine, summaryBlocks } from '../report/summary.ts';
import { createStore, type Store } from './store.ts';

export interface DashboardOptions {
  readonly stdout: NodeJS.WriteStream;
  /** Called when the terminal goes away while the run goes on. Ctrl-C is not read here: it arrives as a signal. */
  readonly onInterrupt?: () => void;
  /** Default: what the environment wants (`NO_COLOR`, `FORCE_COLOR`). */
  readonly color?: boolean;
  /** Milliseconds since 1970; a replay passes its own. */
  readonly clock?: () => number;
}

export interface RunningDashboard {
  readonly listener: Listener;
  /** Draws the end and gives the terminal back; may be called twice. */
  finish(): Promise<void>;
}

/** Shows a run while it happens. The terminal is given back on any exit of the process that can be noticed. */
export function startDashboard({
  stdout,
  onInterrupt = () => {},
  color = colorIsWanted(),
  clock = Date.now,
}: DashboardOptions): RunningDashboard {
  const store = createStore();
  const paint = createPaint(color);
  let unmount: Promise<() => void> | undefined;
  let over = false;
  const onGone = (): void => onInterrupt();
  stdout.on('error', onGone);

  const load = async (): Promise<() => void> => {
    // React's development build is three times slower and remembers every rendering.
    process.env['NODE_ENV'] ??= 'production';
    const { mount } = await import('./mount.tsx');
    return over ? () => writeAll(stdout, store, paint) : mount({ store, stdout, paint, clock });
  };

  // A screen that cannot be drawn is no reason to lose the run.
  const doWithout = (error: unknown): (() => void) => {
    store.push({ time: clock(), event: 'warning', text: `The dashboard did not start: ${toFailure(error).headline}` });
    return () => writeAll(stdout, store, paint);
  };

  return {
    listener: (event) => {
      store.push(event);
      if (event.event === 'node-started') unmount ??= load().catch(doWithout);
    },
    finish: async () => {
      if (over) return;
      over = true;
      if (unmount) (await unmount)();
      else writeAll(stdout, store, paint);
      stdout.off('error', onGone);
    },
  };
}

/** The run as it would stand in the terminal's history, for runs that were over before there was a screen. */
function writeAll(stdout: NodeJS.WriteStream, store: Store, paint: Paint): void {
  store.flush();
  const state = store.state();
  if (state.startedAt === 0) return;
  const width = stdout.columns || 80;
  const rows = state.history.map((entry) => entryLine(state, entry, { paint, width })).filter((line) => line !== undefined);
  const blocks = summaryBlocks(state, { paint, width }).flatMap((block) => ['', ...block]);
  stdout.write([headLine(state, { paint, width }), ...rows, ...blocks, '', lastLine(state, { paint, width }), ''].join('\n'));
}
