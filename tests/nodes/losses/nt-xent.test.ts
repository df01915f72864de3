import * as tf from '@tensorflow/tfjs-core';
import { expect, test } from 'vitest';
import { ntXent } from '../../../nodes/losses/nt-xent.ts';
import { ntXentBoth, ntXentFirst } from '../../reference/losses.ts';
import { differences, eagerly, expectClose, gradient, matrix, unit } from '../../reference/tensors.ts';

const first = unit(matrix('first', 5, 3));
const second = unit(matrix('second', 5, 3));

for (const temperature of [0.1, 0.5]) {
  test(`NT-Xent over both views equals the double loop at temperature ${temperature}`, async () => {
    const loss = await eagerly(() => ntXent(tf.tensor2d(first), tf.tensor2d(second), temperature).arraySync());
    expect(loss).toBeCloseTo(ntXentBoth(first, second, temperature), 4);
  });

  test(`the reference's NT-Xent takes anchors from the first view only at temperature ${temperature}`, async () => {
    const loss = await eagerly(() => ntXent(tf.tensor2d(first), tf.tensor2d(second), temperature, 'first').arraySync());
    expect(loss).toBeCloseTo(ntXentFirst(first, second, temperature), 4);
    expect(loss).not.toBeCloseTo(ntXentBoth(first, second, temperature), 3);
  });
}

test('the gradient of NT-Xent equals finite differences in both views', async () => {
  const [ours, ofSecond] = await eagerly(() => [
    gradient((x) => ntXent(x, tf.tensor2d(second), 0.5), first),
    gradient((x) => ntXent(tf.tensor2d(first), x, 0.5, 'first'), second),
  ]);
  expectClose(
    ours!,
    differences((x) => ntXentBoth(x, second, 0.5), first),
    1e-4,
  );
  expectClose(
    ofSecond!,
    differences((x) => ntXentFirst(first, x, 0.5), second),
    1e-4,
  );
});

test('views that agree with each other and with nothing else cost less than views that do not', async () => {
  const apart = [[1, 0, 0], [0, 1, 0], [0, 0, 1]]; // prettier-ignore
  const shifted = [[0, 1, 0], [0, 0, 1], [1, 0, 0]]; // prettier-ignore
  const [same, different] = await eagerly(() =>
    [apart, shifted].map((other) => ntXent(tf.tensor2d(apart), tf.tensor2d(other), 0.5).arraySync() as number),
  );
  expect(same!).toBeLessThan(different!);
});
