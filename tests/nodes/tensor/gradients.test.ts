// What gradients() promises beside derivatives that are right, which derivatives.test.ts shows.
import '@tensorflow/tfjs-backend-cpu';
import * as tf from '@tensorflow/tfjs-core';
import { beforeAll, describe, expect, test } from 'vitest';
import { gradients } from '../../../nodes/tensor/trace.ts';

beforeAll(async () => void (await tf.setBackend('cpu')));

describe('gradients', () => {
  test('hand back the loss, zeros for what the loss does not read, and tensors beside the loss', () => {
    tf.tidy(() => {
      const [a, b] = [tf.tensor1d([1, 2]), tf.tensor1d([3, 4])];
      const {
        value,
        gradients: slopes,
        extra,
      } = gradients(({ a }) => ({ value: tf.sum(tf.square(a!)), extra: { twice: tf.mul(a!, 2) } }), { a, b });
      expect(value.arraySync()).toBe(5);
      expect(slopes['a']!.arraySync()).toEqual([2, 4]);
      expect(slopes['b']!.arraySync()).toEqual([0, 0]);
      expect(extra['twice']!.arraySync()).toEqual([2, 4]);
    });
  });

  test('leave no tensor behind', () => {
    const before = tf.memory().numTensors;
    tf.tidy(() => {
      const a = tf.tensor1d([1, 2]);
      gradients(({ a }) => ({ value: tf.sum(tf.exp(a!)), extra: { a: a! } }), { a });
      gradients(() => ({ value: tf.scalar(1), extra: { a } }), {});
    });
    expect(tf.memory().numTensors).toBe(before);
  });
});
