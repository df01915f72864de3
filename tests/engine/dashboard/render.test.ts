import { Console } from 'node:console';
import { Writable } from 'node:stream';
import { describe, expect, it, vi } from 'vitest';
import { startDashboard, type DashboardOptions } from '../../../engine/dashboard/render.ts';
import { cachedRun, digitsRun, START, until } from './run.fixture.ts';

const HIDE = '\u001b[?25l';
const SHOW = '\u001b[?25h';
const COLOUR = /\u001b\[(3\d|2|1)m/;

// The test runner's console lacks this part of Node's, which Ink uses.
Object.assign(console, { Console });

class Terminal extends Writable {
  readonly isTTY = true;
  readonly rows = 30;
  columns = 100;
  text = '';
  override _write(chunk: Buffer, _encoding: string, done: () => void): void {
    this.text += chunk.toString();
    done();
  }
}

function start(options: Partial<DashboardOptions> = {}) {
  const terminal = new Terminal();
  const dashboard = startDashboard({
    stdout: terminal as unknown as NodeJS.WriteStream,
    color: false,
    clock: () => START + 45_000,
    ...options,
  });
  const tell = (events: typeof digitsRun): void => events.forEach((event) => dashboard.listener(event));
  return { terminal, dashboard, tell };
}

const times = (text: string, part: string): number => text.split(part).length - 1;

describe('a dashboard on a terminal', () => {
  it('does not take the terminal over when nothing runs', async () => {
    const { terminal, dashboard, tell } = start();
    tell(cachedRun);
    expect(terminal.text).toBe('');
    await dashboard.finish();
    expect(terminal.text).not.toContain('\u001b');
    expect(terminal.text).toContain('○ scores         cached');
    expect(terminal.text).toMatch(/✔ 0 executed, 11 cached in 60 ms\n$/);
  });

  it('draws while nodes run, ends with the summary and gives the terminal back', async () => {
    const { terminal, dashboard, tell } = start();
    tell(until(digitsRun, 12));
    await vi.waitFor(() => expect(terminal.text).toContain('○ images'), { timeout: 10_000 });
    tell(digitsRun.slice(until(digitsRun, 12).length));
    await dashboard.finish();
    expect(times(terminal.text, HIDE)).toBeLessThanOrEqual(1);
    expect(times(terminal.text, SHOW)).toBeGreaterThanOrEqual(times(terminal.text, HIDE));
    expect(terminal.text).not.toMatch(COLOUR);
    expect(times(terminal.text, 'self-labelled          0.984')).toBe(1);
    expect(times(terminal.text, '✔ encoder ')).toBe(1);
    expect(terminal.text).toContain('✔ 8 executed, 3 cached in 45.2 s');
    expect(terminal.listenerCount('resize')).toBe(0);
  });

  it('prints the whole run when it is over before there was a screen', async () => {
    const { terminal, dashboard, tell } = start();
    tell(digitsRun);
    await dashboard.finish();
    expect(terminal.text).toContain('✔ encoder        21.4 s');
    expect(terminal.text).toMatch(/✔ 8 executed, 3 cached in 45.2 s\n$/);
    expect(terminal.text).not.toContain(HIDE);
  });

  it('does without a screen where none can be drawn, and says so', async () => {
    const { terminal, dashboard, tell } = start();
    const broken = vi.spyOn(terminal, 'on').mockImplementation(() => {
      throw new Error('no terminal');
    });
    tell(until(digitsRun, 12));
    await vi.waitFor(() => expect(broken).toHaveBeenCalled(), { timeout: 10_000 });
    tell(digitsRun.slice(until(digitsRun, 12).length));
    await dashboard.finish();
    expect(terminal.text).toContain('! The dashboard did not start: no terminal');
    expect(terminal.text).toContain('✔ 8 executed, 3 cached in 45.2 s');
  });

  it('finishes once, and without having heard anything', async () => {
    const { terminal, dashboard } = start();
    await dashboard.finish();
    await dashboard.finish();
    expect(terminal.text).toBe('');
  });

  it('asks for the run to be interrupted when the terminal goes away', async () => {
    const onInterrupt = vi.fn();
    const { terminal, dashboard } = start({ onInterrupt });
    terminal.emit('error', new Error('EPIPE'));
    expect(onInterrupt).toHaveBeenCalledOnce();
    await dashboard.finish();
    expect(terminal.listenerCount('error')).toBe(0);
  });

  it('paints when colours are wanted', async () => {
    const { terminal, dashboard, tell } = start({ color: true });
    tell(cachedRun);
    await dashboard.finish();
    expect(terminal.text).toMatch(COLOUR);
  });
});
