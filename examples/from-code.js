// Runs a pipeline from a program and reads its events: `node examples/from-code.js`. Ctrl-C stops it at the next checkpoint.
import { run } from 'kith';

const stop = new AbortController();
process.once('SIGINT', () => stop.abort());

for await (const event of run(new URL('./hello.ts', import.meta.url), { set: { 'numbers.to': 20 }, signal: stop.signal })) {
  if (event.event === 'node-started') console.log(`${event.node} runs: ${event.reason.text}`);
  if (event.event === 'node-finished' || event.event === 'node-cached') console.log(`${event.node}: ${event.summary?.line ?? 'done'}`);
  if (event.event === 'run-finished') console.log(`${event.executed} executed, ${event.cached} cached`);
}
