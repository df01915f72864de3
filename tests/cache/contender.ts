// A process that wants a lock; `single-flight.test.ts` starts it, several times, and kills it. Told by its arguments what to do:
// `hold` takes the lock and keeps it; `enter` takes it again and again until `log` has `entries` bytes, and dies inside now and then.
import { appendFileSync, readFileSync, statSync, writeFileSync } from 'node:fs';
import { setImmediate } from 'node:timers/promises';
import { isAlive, ownIdentity, type Identity } from '../../cache/process.ts';
import { acquire } from '../../cache/single-flight.ts';

const [mode, folder = '', key = '', log = '', entries = '0', deaths = '0', seed = '1'] = process.argv.slice(2);

if (mode === 'hold') {
  await acquire(folder, key);
  process.stdout.write('held\n');
  setInterval(() => {}, 1_000_000);
} else {
  let state = Number(seed);
  const random = (): number => (state = (state * 48271) % 2147483647) / 2147483647;
  while (statSync(log).size < Number(entries)) {
    const release = await acquire(folder, key);
    enter();
    for (let tick = 0; tick < 20; tick++) await setImmediate();
    if (random() < Number(deaths)) process.kill(process.pid, 'SIGKILL');
    leave();
    await release();
    await setImmediate();
  }
}

/** Exit code 9 says that somebody alive was inside already. The number alone may be another process' by now. */
function enter(): void {
  const inside = readFileSync(`${log}.inside`, 'utf8');
  if (inside !== '' && isAlive(JSON.parse(inside) as Identity) !== false) process.exit(9);
  writeFileSync(`${log}.inside`, JSON.stringify(ownIdentity()));
  appendFileSync(log, '.');
}

function leave(): void {
  if (readFileSync(`${log}.inside`, 'utf8') !== JSON.stringify(ownIdentity())) process.exit(9);
  writeFileSync(`${log}.inside`, '');
}
