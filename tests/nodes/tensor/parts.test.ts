// What training steps are made of, on every executor that is here, against tfjs' JS backend: layers, losses, optimizers and views; layers and
// losses with their gradients.
import { describe, expect, test } from 'vitest';
import { type Case, derivativeOf, stepOf } from './cases/case.ts';
import { LAYERS } from './cases/layers.ts';
import { LOSSES } from './cases/losses.ts';
import { OPTIMIZERS } from './cases/optimizers.ts';
import { VIEWS } from './cases/views.ts';
import { COMPILED, EXECUTORS } from './executors.ts';
import { compiled, eagerly, farthest } from './parity.ts';

/** Norm-wise, in float32: a part is a few operations. */
const TOLERANCE = 1e-5;

async function same({ body, reference, feeds, large }: Case): Promise<void> {
  const expected = await eagerly(stepOf(reference ?? body), {}, feeds);
  for (const { name, executor } of large ? COMPILED : EXECUTORS) {
    const actual = await compiled(stepOf(body), {}, feeds, executor);
    expect(farthest(actual.results, expected.results), name).toBeLessThan(TOLERANCE);
  }
}

describe.each([
  ['a layer', LAYERS],
  ['a loss', LOSSES],
])('%s agrees, and so does its gradient:', (_, cases) => {
  for (const it of cases) {
    test(it.name, () => same(it));
    test(`gradient of ${it.name}`, () => same({ ...it, body: derivativeOf(it) }));
  }
});

describe.each([
  ['an optimizer', OPTIMIZERS],
  ['a view', VIEWS],
])('%s agrees:', (_, cases) => {
  for (const it of cases) test(it.name, () => same(it));
});
