// The same numbers to the last bit: a run again, and a run continued from what was read; on one device, library and number of threads.
import { createHash } from 'node:crypto';
import { describe, expect, test } from 'vitest';
import { ndarray } from '../../../cache/array.ts';
import type { Arrays } from '../../../nodes/tensor/executor.ts';
import { adam, sgd } from '../../../nodes/training/optimizer.ts';
import { digits, open, residual, setup, tinyDigits, tinyResidual, trained } from './cases/steps.ts';
import { COMPILED, EXECUTORS } from './executors.ts';
import { farthest } from './parity.ts';

/** Of every bit of a state. */
function digest(state: Arrays): string {
  const hash = createHash('sha256');
  for (const [name, { data }] of Object.entries(state).sort()) {
    hash.update(name).update(Buffer.from(data.buffer, data.byteOffset, data.byteLength));
  }
  return hash.digest('hex');
}

const cases = {
  "the digits' network with Adam": setup(tinyDigits, adam()),
  'a residual network with momentum': setup(tinyResidual, sgd({ decay: 1e-3 })),
};

for (const { name, executor } of EXECUTORS) {
  describe(name, () => {
    test.each(Object.entries(cases))('trains %s to the same bits twice, and from the middle in a fresh program', async (_, it) => {
      const once = await trained(it, executor, 6);
      const again = await trained(it, executor, 6);
      const half = await trained(it, executor, 3);
      const rest = await trained(it, executor, 3, half.state, 3);
      expect(digest(again.state)).toBe(digest(once.state));
      expect(digest(rest.state)).toBe(digest(once.state));
      expect([...half.losses, ...rest.losses]).toEqual(once.losses);
      expect(digest(half.state)).not.toBe(digest(once.state));
    });

    test('goes on to the same bits where its state was read and written back in the middle', async () => {
      const it = cases["the digits' network with Adam"];
      const program = await open(it, executor);
      await program.write(it.state);
      for (let step = 1; step <= 6; step++) {
        await program.run(it.feeds(step));
        await program.write(await program.read());
      }
      expect(digest(await program.read())).toBe(digest((await trained(it, executor, 6)).state));
      await program.dispose();
    });

    test('leaves what was read as it was, and what was written may be changed after', async () => {
      const it = cases["the digits' network with Adam"];
      const program = await open(it, executor);
      const copies = Object.entries(it.state).map(([key, { dtype, shape, data }]) => [key, ndarray(dtype, shape, data.slice())] as const);
      const given = Object.fromEntries(copies);
      await program.write(given);
      for (const { data } of Object.values(given)) data.fill(0);
      const first = await program.read();
      expect(farthest(first, it.state)).toBe(0);
      await program.run(it.feeds(1));
      expect(farthest(first, it.state)).toBe(0);
      expect(farthest(await program.read(), it.state)).toBeGreaterThan(0);
      await program.dispose();
    });
  });
}

describe('with networks large enough for several threads', () => {
  for (const { name, executor } of COMPILED) {
    test.each([
      ['small', setup(digits, adam())],
      ['residual', setup(residual, sgd())],
    ])(`${name} trains a %s network to the same bits twice`, async (_, it) => {
      const [once, again] = [await trained(it, executor, 3), await trained(it, executor, 3)];
      expect(digest(again.state)).toBe(digest(once.state));
    });
  }
});
