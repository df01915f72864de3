// Every operation that a trace can record, on every executor that is here, against tfjs' JS backend.
import { describe, expect, test } from 'vitest';
import { KERNELS } from '../../../nodes/tensor/tracing/kernels.ts';
import { traceStep } from '../../../nodes/tensor/trace.ts';
import { type Case, stepOf } from './cases/case.ts';
import { OPERATIONS } from './cases/operations.ts';
import { ABSENT, COMPILED, EXECUTORS } from './executors.ts';
import { compiled, eagerly, farthest, signaturesOf } from './parity.ts';

/** Norm-wise, for one operation in float32. */
const TOLERANCE = 1e-5;

async function same({ body, reference, feeds, large }: Case): Promise<void> {
  const expected = await eagerly(stepOf(reference ?? body), {}, feeds);
  for (const { name, executor } of large ? COMPILED : EXECUTORS) {
    const actual = await compiled(stepOf(body), {}, feeds, executor);
    expect(farthest(actual.results, expected.results), name).toBeLessThan(TOLERANCE);
  }
}

for (const [group, cases] of Object.entries(OPERATIONS)) {
  describe(`${group} agree:`, () => {
    for (const it of cases) test(it.name, () => same(it));
  });
}

for (const absent of ABSENT) test.skip(`skipped on ${absent}`, () => {});

/** Kernels that a trace records as others, so that no executor meets them. */
const REWRITTEN = ['AddN', 'ExpandDims', 'Fill', 'FlipLeftRight', 'Identity', 'LinSpace', 'OnesLike', 'Pack', 'Range', 'SplitV', 'Unpack', 'ZerosLike']; // prettier-ignore
/** Kernels that no operation of tfjs calls: tf.logSoftmax is written with others. */
const UNCALLED = ['LogSoftmax'];
/** Kernels of our own, which have tests of their own: see derivatives.test.ts. */
const OWN = ['BatchNormTraining', 'BatchNormTrainingGrad'];

test('no operation that a trace can record is left out', () => {
  const met = new Set([...REWRITTEN, ...UNCALLED, ...OWN]);
  for (const { body, feeds } of Object.values(OPERATIONS).flat()) {
    const { operations } = traceStep(stepOf(body), { state: {}, feeds: signaturesOf(feeds) });
    for (const { kernel } of operations) met.add(kernel);
  }
  expect([...met].sort()).toEqual(Object.keys(KERNELS).sort());
});
