// The dashboard is loaded when the first node has to run: a run in which everything is cached prints its few lines at once.
import type { Event, Listener } from '../events.ts';
import { plainReporter } from '../report/plain.ts';

/** Listens like the dashboard, or like plain lines when nothing is stale. */
export function dashboardReporter({ out, color }: { readonly out: (text: string) => void; readonly color: boolean }): { readonly listener: Listener; finish(): Promise<void> } {
  let plain: Listener | undefined;
  let dashboard: Promise<{ readonly listener: Listener; finish(): Promise<void> }> | undefined;
  let ready: Listener | undefined;
  const waiting: Event[] = [];
  const listener: Listener = (event) => {
    if (event.event === 'run-started') {
      if (event.nodes.every(({ state }) => state === 'cached')) plain = plainReporter((line) => out(`${line}\n`), { color });
      else dashboard = import('../dashboard/render.ts').then(({ startDashboard }) => startDashboard({ stdout: process.stdout }));
      void dashboard?.then((started) => {
        waiting.splice(0).forEach(started.listener);
        ready = started.listener;
      });
    }
    if (plain) plain(event);
    else if (ready) ready(event);
    else waiting.push(event);
  };
  return {
    listener,
    async finish() {
      const started = await dashboard;
      await started?.finish();
    },
  };
}
