// The same graphs on an old TensorFlow, that of KITH_TENSORFLOW_OLD: a process holds one library, so it has a file of its own.
import { describe, expect, test } from 'vitest';
import { type Case, derivativeOf, stepOf } from '../cases/case.ts';
import { LAYERS } from '../cases/layers.ts';
import { OPERATIONS } from '../cases/operations.ts';
import { executorOn, missing } from '../libraries.ts';
import { compiled, eagerly, farthest } from '../parity.ts';

const why = missing('KITH_TENSORFLOW_OLD');

async function same({ body, reference, feeds }: Case): Promise<void> {
  const expected = await eagerly(stepOf(reference ?? body), {}, feeds);
  const actual = await compiled(stepOf(body), {}, feeds, executorOn('KITH_TENSORFLOW_OLD'));
  expect(farthest(actual.results, expected.results)).toBeLessThan(1e-5);
}

describe.skipIf(why)(`an old TensorFlow agrees${why ? ` (skipped: ${why})` : ''}:`, () => {
  test('its version is older than 2.11', () => expect(executorOn('KITH_TENSORFLOW_OLD').version).toMatch(/^TensorFlow 2\.([0-9]|10)\./));
  for (const it of Object.values(OPERATIONS).flat()) test(it.name, () => same(it));
  for (const it of LAYERS) test(`gradient of ${it.name}`, () => same({ ...it, body: derivativeOf(it) }));
});
