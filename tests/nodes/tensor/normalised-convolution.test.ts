// Which batch norms of inference become part of the convolution before them, and with what. That the numbers stay is the parity suite's affair.
import * as tf from '@tensorflow/tfjs-core';
import { expect, test } from 'vitest';
import { NORMALISED_CONVOLUTION, normalisedConvolutions } from '../../../nodes/tensor/normalised-convolution.ts';
import { footprint } from '../../../nodes/tensor/memory.ts';
import { type Step, type TensorMap, traceStep } from '../../../nodes/tensor/trace.ts';

const float = (...shape: readonly number[]) => ({ shape, dtype: 'float32' as const });
const feeds = { x: float(1, 4, 4, 2), filter: float(3, 3, 2, 2), other: float(3, 3, 2, 2), m: float(2), v: float(2) };

const convolved = ({ filter }: TensorMap, x: tf.Tensor) => tf.conv2d(x as tf.Tensor4D, filter as tf.Tensor4D, 1, 1);
const normalised = ({ m, v }: TensorMap, y: tf.Tensor4D) => tf.batchNorm(y, m as tf.Tensor1D, v as tf.Tensor1D);

const traceOf = (results: (feeds: TensorMap) => TensorMap) => {
  const step: Step = (state, given) => ({ state, results: results(given) });
  return traceStep(step, { state: {}, feeds });
};
const kernels = (results: (feeds: TensorMap) => TensorMap) =>
  normalisedConvolutions(traceOf(results)).operations.map(({ kernel }) => kernel);

test('a batch norm, a residual and a ReLU are one operation with the convolution', () => {
  const { operations } = normalisedConvolutions(
    traceOf((all) => ({ y: tf.relu(tf.add(normalised(all, convolved(all, all['x']!)), all['x']!)) })),
  );
  expect(operations).toMatchObject([{ kernel: NORMALISED_CONVOLUTION, inputs: { residual: 0 }, attributes: { relu: true } }]);
});

test('a convolution or a batch norm that others read too stays whole', () => {
  expect(
    kernels((all) => {
      const y = convolved(all, all['x']!);
      return { y, z: normalised(all, y) };
    }),
  ).toEqual(['Conv2D', 'FusedBatchNorm']);
  expect(
    kernels((all) => {
      const z = normalised(all, convolved(all, all['x']!));
      return { z, above: tf.relu(z) };
    }),
  ).toEqual([NORMALISED_CONVOLUTION, 'Relu']);
});

test('a sum of another shape, and a residual that reads the convolution, stay sums', () => {
  expect(kernels((all) => ({ y: tf.add(normalised(all, convolved(all, all['x']!)), all['m']!) }))).toEqual([NORMALISED_CONVOLUTION, 'Add']);
  expect(
    kernels((all) => {
      const z = normalised(all, convolved(all, all['x']!));
      return { y: tf.add(z, tf.neg(z)) };
    }),
  ).toEqual([NORMALISED_CONVOLUTION, 'Neg', 'Add']);
});

test('of two convolutions that meet, one takes the other as its residual, over which it may write', () => {
  const trace = normalisedConvolutions(
    traceOf((all) => {
      const a = normalised(all, convolved(all, all['x']!));
      const b = normalised(all, convolved({ filter: all['other']! }, all['x']!));
      return { y: tf.sum(tf.relu(tf.add(normalised(all, convolved(all, a)), b))) };
    }),
  );
  expect(trace.operations.filter(({ kernel }) => kernel === NORMALISED_CONVOLUTION)).toHaveLength(3);
  expect(trace.operations.some(({ kernel }) => kernel === 'Add')).toBe(false);
  // At once: what the last one reads, 4×4×2 float32, and its residual, in whose place it writes.
  expect(footprint(trace).working).toBe(2 * 4 * 32);
});
