// Keeps the dashboard on the terminal: one timer, a frame at once when something starts or ends, else five in three seconds. The one file that runs Ink.
import { PassThrough } from 'node:stream';
import { render, renderToString } from 'ink';
import type { Paint } from '../report/paint.ts';
import { textWidth } from '../report/width.ts';
import { Dashboard, Live } from './Dashboard.tsx';
import type { Store } from './store.ts';

const TICK_MILLISECONDS = 100;
/** Spinners, clocks and progress: a frame costs about 5 ms, so this keeps the dashboard under 2 % of a core. */
const FRAME_MILLISECONDS = 600;

export interface MountOptions {
  readonly store: Store;
  readonly stdout: NodeJS.WriteStream;
  readonly paint: Paint;
  readonly clock: () => number;
}

/** Draws until the returned function is called, which draws the last frame and gives the terminal back. */
export function mount({ store, stdout, paint, clock }: MountOptions): () => void {
  const view = () => (
    <Dashboard state={store.state()} now={clock()} width={stdout.columns || 80} height={stdout.rows || 24} paint={paint} />
  );
  store.flush();
  let drawn = performance.now();
  let frame = view();
  const draw = (): void => {
    store.flush();
    drawn = performance.now();
    frame = view();
    screen.rerender(frame);
  };
  const tick = (): void => {
    if (store.urgent() || performance.now() - drawn >= FRAME_MILLISECONDS) draw();
  };
  // Before Ink's own listener, which takes away as many lines as it wrote.
  const onResize = (): void => {
    const { width } = frame.props;
    if (stdout.columns < width)
      stdout.write(eraseUp(reflowed(renderToString(<Live {...frame.props} />, { columns: width }), stdout.columns)));
    draw();
  };
  stdout.on('resize', onResize);
  // No key is read, so the terminal stays in its normal mode and Ctrl-C arrives as a signal even when this process is busy.
  const screen = render(frame, { stdout, stdin: noInput(), exitOnCtrlC: false, maxFps: 1000 / TICK_MILLISECONDS });
  const timer = setInterval(tick, TICK_MILLISECONDS);
  timer.unref();
  return () => {
    clearInterval(timer);
    draw();
    stdout.off('resize', onResize);
    screen.unmount();
  };
}

/** Keeps Ink from touching the process's own input, which may be closed. */
function noInput(): NodeJS.ReadStream {
  return new PassThrough() as unknown as NodeJS.ReadStream;
}

/** Lines that a frame gained when a terminal became narrower and broke the long ones. */
function reflowed(frame: string, columns: number): number {
  return frame.split('\n').reduce((more, line) => more + Math.max(0, Math.ceil(textWidth(line.trimEnd()) / columns) - 1), 0);
}

const eraseUp = (lines: number): string => '\u001b[2K\u001b[1A'.repeat(lines);
